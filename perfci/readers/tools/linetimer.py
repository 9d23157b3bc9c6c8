"""linetimer of Python: `Code block 'name' took: 2.15 ms`, as it printed it.

What comes again under one name are rounds of one process.
"""

import re

from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.quantity import quantity
from perfci.readers.reading import Reading
from perfci.readers.source import Source
from perfci.readers.text import matching, number_at
from perfci.readers.tools.timers import timed

_TOOK = re.compile(r"Code block(?: '(.*)')? took: (\S+) (ns|us|ms|s|m|h)")
_LONG = {"m": 60.0, "h": 3600.0}


def read_text(source: Source) -> Reading:
    """Read what timers printed.

    Raises:
        FormatError: a line is damaged, or there is none.
    """
    values: dict[str, list[float]] = {}
    for line, took in matching(source, _TOOK):
        factor = _LONG.get(took[3]) or quantity(took[3]).factor
        value = number_at(source, line, took[2]) * factor
        values.setdefault(took[1] or "Code block", []).append(value)
    if not values:
        raise nothing_in(source, "timers")
    return Reading(found=timed(values))


FORMATS = (
    Format(
        name="linetimer",
        describes="linetimer of Python: the lines that CodeTimer printed",
        proves=Proof.VALUES,
        marks=(r" took: [\d.]+ (?:ns|us|ms|s|m|h)\s*$", r"^[ \t]*Code block"),
        parse=each(read_text),
    ),
)
