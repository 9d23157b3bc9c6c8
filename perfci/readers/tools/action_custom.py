"""github-action-benchmark's own JSON: `customSmallerIsBetter` and `customBiggerIsBetter`.

Both are one shape: a list of objects with name, unit and value. Units of time and of events a
second tell which way they are better; for others the tool's name does, which the file does not
hold: without a word it is taken for `custom-smaller`. `range` and `extra` are texts for people.
"""

from collections.abc import Callable

from perfci.model.metric import Better
from perfci.readers.custom_metric import tells_direction
from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.json_text import json_of
from perfci.readers.quantity import quantity
from perfci.readers.reading import Found, Level, Reading
from perfci.readers.source import Source

_MARKS = (
    r"^[ \t]*\[\s*\{",
    r'"name"\s*:\s*"',
    r'"unit"\s*:\s*"',
    r'"value"\s*:\s*["\-.\dN]',
)
_OTHERS = r'"(metrics|benchmarks|results|points|schema|metric|benchmark)"\s*:'


def _read(better: Better) -> Callable[[Source], Reading]:
    def read(source: Source) -> Reading:
        """Read one file.

        Raises:
            FormatError: damaged, or no value in it.
        """
        found = []
        untold = []
        for entry in json_of(source):
            name = entry.need("name").text("unnamed")
            unit = entry.get("unit").text()
            what = quantity(unit, better=better)
            value = entry.need("value").number() * what.factor
            found.append(
                Found(name=name, metric=what.metric, launches=((value,),), level=Level.NONE)
            )
            untold += [] if tells_direction("", unit) else [f"{name} in {unit or 'no unit'}"]
        if not found:
            raise nothing_in(source, "values")
        told = f"{better} is taken for better where the unit does not tell: {len(untold)}, e.g."
        return Reading(
            found=tuple(found),
            left=(f"{told} {untold[0]}",) if untold else (),
        )

    return read


FORMATS = (
    Format(
        name="custom-smaller",
        describes="customSmallerIsBetter of github-action-benchmark",
        proves=Proof.SUMMARY,
        marks=_MARKS,
        without=(_OTHERS,),
        parse=each(_read(Better.LOWER)),
    ),
    Format(
        name="custom-bigger",
        describes="customBiggerIsBetter of github-action-benchmark: only where it is named",
        proves=Proof.SUMMARY,
        marks=_MARKS,
        without=("",),
        parse=each(_read(Better.HIGHER)),
    ),
)
