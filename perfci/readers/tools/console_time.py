"""console.time of JavaScript: `name: 12.3ms`, as a script printed it; Bun has `[12.3ms] name`.

Firefox adds ` - timer ended`, which is what such a file is recognised by; of other programs name
the format. What comes again under one name are rounds of one process.
"""

import re
from collections.abc import Iterator

from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.quantity import quantity
from perfci.readers.reading import Reading
from perfci.readers.source import Source
from perfci.readers.text import lines, number
from perfci.readers.tools.timers import timed

_UNIT = r"(ns|us|µs|μs|ms|s)"
_TIMED = re.compile(rf"\s*(\S.*?): ([\d.,]+) ?{_UNIT}(?: - timer ended)?\s*")
_BEFORE = re.compile(rf"\s*\[([\d.,]+) ?{_UNIT}\] (\S.*)")
_CLOCK = re.compile(r"\s*(\S.*?): (?:(\d+):)?(\d+):(\d+(?:\.\d+)?) \((?:h:m)?m:ss\.mmm\)\s*")


def read_text(source: Source) -> Reading:
    """Read what timers printed.

    Raises:
        FormatError: there is none.
    """
    values: dict[str, list[float]] = {}
    for name, seconds in _timers(source):
        values.setdefault(name, []).append(seconds)
    if not values:
        raise nothing_in(source, "timers")
    return Reading(found=timed(values))


def _timers(source: Source) -> Iterator[tuple[str, float]]:
    for _, text in lines(source):
        if timed := _TIMED.fullmatch(text):
            name, value, unit = timed.groups()
        elif before := _BEFORE.fullmatch(text):
            value, unit, name = before.groups()
        elif clock := _CLOCK.fullmatch(text):
            hours, minutes = float(clock[2] or 0), float(clock[3])
            yield clock[1], hours * 3600 + minutes * 60 + float(clock[4])
            continue
        else:
            continue
        try:
            yield name.strip(), number(value) * quantity(unit).factor
        except ValueError:  # a line of something else: `version: 1.2.3s`
            continue


FORMATS = (
    Format(
        name="console-time",
        describes="console.time and console.timeEnd of JavaScript, as printed",
        proves=Proof.VALUES,
        marks=(r" - timer ended\s*$", r"^.*\S: [\d.]+ ?m?s\b"),
        parse=each(read_text),
    ),
)
