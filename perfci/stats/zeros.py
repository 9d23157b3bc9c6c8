"""Counts and sizes that are 0 on one side: no ratio can be made of them, and they matter."""

from dataclasses import replace

from perfci.model.history import Point
from perfci.model.measurement import Clock, Launch
from perfci.model.metric import built_in
from perfci.stats.series import Series

_COUNTED = {"count", "B"}
"""Units whose smallest step is 1."""
_LEAST = 1.0
NOTE = "a value of 0 counts as 1 here, as there is no ratio to 0"


def counted_from_one(series: Series) -> Series:
    """Return a series in which 0 allocations and 3 can be compared: each 0 becomes a 1.

    Nothing is changed where all are 0, or none is; nor in other units, where no smallest step says
    what stands beside 0; nor of what perfci itself measures: a process without memory or
    instructions is a fault.
    """
    metric = series.metric
    if metric.unit not in _COUNTED or metric.absolute or built_in(metric.name):
        return series
    clock = Clock.VALUE
    seen = {value for it in (*series.base, *series.head) for value in it.clocks.get(clock, ())}
    seen |= {point.centres[clock] for point in series.past if clock in point.centres}
    if 0.0 not in seen or seen == {0.0}:
        return series
    return replace(
        series,
        base=tuple(map(_launch, series.base)),
        head=tuple(map(_launch, series.head)),
        past=tuple(map(_point, series.past)),
    )


def _launch(launch: Launch) -> Launch:
    values = launch.clocks.get(Clock.VALUE, ())
    counted = tuple(value or _LEAST for value in values)
    return replace(launch, clocks={**launch.clocks, Clock.VALUE: counted}) if values else launch


def _point(point: Point) -> Point:
    centre = point.centres.get(Clock.VALUE)
    return (
        replace(point, centres={**point.centres, Clock.VALUE: _LEAST}) if centre == 0.0 else point
    )
