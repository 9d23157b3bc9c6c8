"""Values of 0: of counts and sizes they matter, and of times and rates they say nothing."""

from dataclasses import replace

from perfci.model.history import Point
from perfci.model.measurement import Clock, Launch
from perfci.model.metric import Metric, built_in
from perfci.stats.read import read_by
from perfci.stats.series import Series

_COUNTED = {"count", "B"}
"""Units whose smallest step is 1; half of it stands for 0."""
_LEAST = 0.5
_SECOND = "s"
NOTE = "a value of 0 counts as one half here, as there is no ratio to 0"


def counted_from_one(series: Series) -> Series:
    """Return a series in which 0 allocations and 1 can be compared: each 0 becomes one half.

    Of numbers below 1, which are means of counts, it becomes half of the smallest.

    Nothing is changed where all are 0, or none is; nor in other units, where no smallest step says
    what stands beside 0; nor of what perfci itself measures: a process without memory or
    instructions is a fault.
    """
    metric = series.metric
    if metric.unit not in _COUNTED or metric.absolute or built_in(metric.name):
        return series
    clock = Clock.VALUE
    seen = {*read_by(clock, series.base).values, *read_by(clock, series.head).values}
    seen |= {point.centres[clock] for point in series.past if clock in point.centres}
    if 0.0 not in seen or seen == {0.0}:
        return series
    least = min(_LEAST, *(value / 2 for value in seen if value > 0.0), _LEAST)
    return replace(
        series,
        base=tuple(_launch(it, least) for it in series.base),
        head=tuple(_launch(it, least) for it in series.head),
        past=tuple(_point(it, least) for it in series.past),
    )


def sees_nothing(metric: Metric) -> bool:
    """Tell whether a value of 0 is no measurement: no work takes no time, or is never done."""
    unit = metric.unit
    return not metric.absolute and (unit == _SECOND or unit.endswith(f"/{_SECOND}"))


def _launch(launch: Launch, least: float) -> Launch:
    values = launch.clocks.get(Clock.VALUE, ())
    counted = tuple(value or least for value in values)
    return replace(launch, clocks={**launch.clocks, Clock.VALUE: counted}) if values else launch


def _point(point: Point, least: float) -> Point:
    centre = point.centres.get(Clock.VALUE)
    return replace(point, centres={**point.centres, Clock.VALUE: least}) if centre == 0.0 else point
