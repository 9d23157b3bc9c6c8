"""k6: every value as a line of JSON, as `--out json=` writes them.

All values of a trend are of one process. Of what counts there is only the share that it holds true
of: times between points are not those that k6 divides by.
"""

from collections.abc import Sequence

from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.json_text import json_lines
from perfci.readers.quantity import quantity
from perfci.readers.reading import Found, Level, Reading
from perfci.readers.source import Source
from perfci.readers.timelines.moments import spelled
from perfci.readers.tools.k6_metrics import RATES, Left, unit_of
from perfci.readers.tools.single import single


def read_points(source: Source) -> Reading:
    """Read the points of a run.

    Raises:
        FormatError: a point is damaged, or there is none that can be judged.
    """
    units: dict[str, str] = {}
    points: dict[str, list[float]] = {}
    left = Left()
    started = ""
    for entry in json_lines(source):
        name, data = entry.get("metric").text(), entry.get("data")
        kind = entry.get("type").text()
        if kind == "Metric":
            if data.get("type").text() == "trend" and not left.of_itself(name, ()):
                units[name] = unit_of(data.get("contains").text())
        elif kind == "Point" and (name in units or name in RATES):
            started = started or data.get("time").text()
            points.setdefault(name, []).append(data.need("value").number())
    if not points:
        raise nothing_in(source, "points of trends or checks")
    return Reading(
        found=tuple(_series(name, values, units.get(name, "")) for name, values in points.items()),
        left=left.told(),
        started_at=spelled(started),
    )


def _series(name: str, values: Sequence[float], unit: str) -> Found:
    if name in RATES:
        share = sum(values) / len(values)
        return single(name, RATES[name], share)
    of = quantity(unit)
    launch = tuple(value * of.factor for value in values)
    return Found(name=name, metric=of.metric, launches=(launch,), level=Level.ITERATION)


FORMATS = (
    Format(
        name="k6-points",
        describes="k6 run --out json=: every value of every metric",
        proves=Proof.VALUES,
        marks=(r'"type"\s*:\s*"Point"', r'"metric"\s*:\s*"', r'"type"\s*:\s*"Metric"'),
        parse=each(read_points),
    ),
)
