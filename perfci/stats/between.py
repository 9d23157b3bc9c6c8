"""How far runs of other hours differ: what the stored ones show, and what is supposed of few."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from perfci.model.history import Point
from perfci.model.measurement import Clock
from perfci.model.metric import stem
from perfci.stats.level import holds
from perfci.stats.points import by_level
from perfci.stats.prior import Prior, supposed
from perfci.stats.sample import Sample

ENOUGH = 5
"""Stored runs from which on their own spread is trusted."""

_LOADED = frozenset({"cpu_usage", "generator_usage", "resource_utilization", "system_health"})
"""Metrics that are read against wall time or tell of the whole machine, though they are no times:
what else runs there moves them as far as it moves wall time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """The spread between the stored runs of one series, each taken against its own level."""

    variance: float
    """On the scale of y, over all levels together; 0.0 where none has two runs."""
    freedom: int
    """Its degrees of freedom: runs less levels."""
    runs: int
    """Runs behind it."""

    @property
    def known(self) -> bool:
        """Return whether it rests on as much as `ENOUGH` runs of one level tell."""
        return self.freedom >= ENOUGH - 1

    def believed(self, prior: Prior) -> tuple[float, float]:
        """Return the variance to reckon with, and its degrees of freedom.

        A spread that is only supposed never stands against a larger one that was measured: with
        it, runs that spread by 8 % would raise twice as many false alarms as they may.
        """
        if self.variance > prior.variance:
            return self.variance, self.freedom
        freedom = prior.freedom + self.freedom
        total = prior.freedom * prior.variance + self.freedom * self.variance
        return total / freedom, freedom


def between(sample: Sample) -> Between:
    """Measure how far the stored runs of a series spread within their levels.

    A step that was accepted moves the level, and says nothing of the spread: the runs before it
    tell of that as well as those after it.
    """
    clock, terms = sample.clock, sample.terms
    earlier = (_of(points, sample) for points in by_level(sample.series.past)[:-1])
    squares, freedom, runs = 0.0, 0, 0
    for points in (*earlier, sample.past):
        if points:
            values = np.array([terms.value(point.centres[clock]) for point in points])
            squares += float(((values - values.mean()) ** 2).sum())
            freedom += values.size - 1
            runs += values.size
    return Between(variance=squares / freedom if freedom else 0.0, freedom=freedom, runs=runs)


def _of(points: Sequence[Point], sample: Sample) -> tuple[Point, ...]:
    """Return the points of an earlier level that can be told on this sample's scale."""
    clock, absolute = sample.clock, sample.terms.absolute
    return tuple(
        point
        for point in points
        if point.unit == sample.series.metric.unit
        and holds(point, clock)
        and (absolute or point.centres[clock] > 0.0)
    )


def expected(sample: Sample, measured: Between) -> Prior:
    """Return what is supposed of the spread between the runs of a series.

    Few runs hardly tell how restless their machine is. From one run to the next wall time was
    measured to differ by 40 %, processor time by 5 % (statistics.md C5): with the latter for both,
    one busy minute would be a regression. Below `ENOUGH` runs nothing but this stands between a
    busy neighbour and a red build (a second core that is kept busy moves processor time by half,
    too): it is doubled. From then on the runs speak for themselves, and what is supposed is worth
    one degree of freedom: only so much that a lucky row of equal runs proves nothing.
    """
    metric, terms = sample.series.metric, sample.terms
    if measured.known:
        return Prior(freedom=1.0, variance=terms.run_spread**2)
    if _by_wall(sample):
        # in absolute terms 20 points
        return supposed(2 * (16 * terms.run_spread if terms.absolute else terms.wall_spread))
    return supposed(2 * terms.run_spread if metric.unit == "s" else terms.run_spread)


def _by_wall(sample: Sample) -> bool:
    """Tell whether a series moves with wall time: times, rates, and shares of either."""
    metric = sample.series.metric
    timed = metric.timed and sample.clock is Clock.WALL
    return timed or metric.unit == "1/s" or stem(metric.name) in _LOADED
