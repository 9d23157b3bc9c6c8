"""Bencher Metric Format: JSON of values by benchmark and measure, for Bencher's `json` adapter.

A value stands alone; its bounds are left out. Bencher's own measures have the units that Bencher
gives them; of any other the file tells neither unit nor direction.
"""

from perfci.errors import FormatError
from perfci.model.text import printable
from perfci.readers.custom_metric import custom_quantity, tells_direction
from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.json_text import json_of
from perfci.readers.json_tree import Node
from perfci.readers.quantity import Quantity
from perfci.readers.reading import Found, Level, Reading
from perfci.readers.source import Source

_UNITS = {"latency": "ns", "throughput": "ops/s", "build-time": "s", "file-size": "B"}
_TEXT = r'"(?:[^"\\]|\\.)*"'


def read(source: Source) -> Reading:
    """Read one file.

    Raises:
        FormatError: damaged, or no value in it.
    """
    found = []
    untold = []
    for name, measures in json_of(source).items():
        for measure, metric in measures.items():
            slug = measure.strip().lower()
            unit = _UNITS.get(slug, "")
            what = _what(metric, slug, unit)
            value = metric.need("value").number() * what.factor
            found.append(
                Found(name=name, metric=what.metric, launches=((value,),), level=Level.NONE)
            )
            untold += [] if tells_direction(what.metric.name, unit) else [measure]
    if not found:
        raise nothing_in(source, "values")
    told = f"lower is taken for better where only Bencher knows the direction: {len(untold)}, e.g."
    return Reading(
        found=tuple(found),
        left=(f"{told} {untold[0]}",) if untold else (),
    )


def _what(metric: Node, slug: str, unit: str) -> Quantity:
    try:
        return custom_quantity(slug, unit, None)
    except ValueError as error:
        raise FormatError(
            f"{metric.source}: {printable(metric.place)}: {error}",
            hint="This format has no place for units: give the measure a name of its own, or write "
            "perfci's own JSON, with the unit `ratio` or `%`.",
        ) from None


FORMATS = (
    Format(
        name="bencher",
        describes="Bencher Metric Format, also of `bencher run --adapter json`",
        proves=Proof.SUMMARY,
        marks=(
            rf"^[ \t]*\{{\s*{_TEXT}\s*:\s*\{{\s*{_TEXT}\s*:\s*\{{\s*\"(lower_|upper_)?value\"\s*:",
            r'"value"\s*:\s*-?\d',
        ),
        parse=each(read),
    ),
)
