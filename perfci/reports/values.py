"""Head's values, one a series: what other tools take of a run."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from perfci.model.comparison import Interval
from perfci.model.evaluation import Evaluation
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Clock, Measurement
from perfci.model.metric import Metric
from perfci.model.run import Run
from perfci.model.text import printable
from perfci.stats.launches import centre, median

NAME = 1024
"""Characters of a name, as many as Bencher takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One series of head."""

    id: BenchmarkId
    metric: Metric
    value: float
    """In the metric's base unit, finite; the median of the launches' medians."""
    low: float | None = None
    high: float | None = None
    """Bounds of the value, finite, where they are known: both or none."""
    launches: int

    @property
    def name(self) -> str:
        """Return the key of the series, harmless: `codec/parse[size=1MB]:latency`."""
        return printable(self.id.series(self.metric.name), limit=NAME)


def values_of(evaluation: Evaluation) -> tuple[Value, ...]:
    """Return what was judged, as far as head was measured."""
    return tuple(_of_findings(evaluation))


def _of_findings(evaluation: Evaluation) -> Iterator[Value]:
    for found in evaluation.verdict.findings:
        item = found.comparison
        head = item.head
        if head is None or not math.isfinite(head.point):
            continue
        low, high = _bounds(head.interval)
        yield Value(
            id=item.id,
            metric=item.metric,
            value=head.point,
            low=low,
            high=high,
            launches=item.launches or head.n,
        )


def _bounds(interval: Interval | None) -> tuple[float, float] | tuple[None, None]:
    if interval is None or not (math.isfinite(interval.low) and math.isfinite(interval.high)):
        return None, None
    return interval.low, interval.high


def values_of_run(run: Run) -> tuple[Value, ...]:
    """Return what was measured of the metrics that were asked for, unjudged."""
    return tuple(_of(it) for it in run.measurements if it.gated and it.launches)


def _of(item: Measurement) -> Value:
    # a clock that not every launch was read in is no clock for all of them
    clock = next(
        each
        for each in (Clock.NET, Clock.WALL, Clock.CPU, Clock.VALUE)
        if all(each in launch.clocks for launch in item.launches)
    )
    return Value(
        id=item.id,
        metric=item.metric,
        value=median(centre(launch, clock) for launch in item.launches),
        launches=len(item.launches),
    )
