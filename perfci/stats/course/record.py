"""What is known of one series, and the test of one change of its level."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from perfci.stats.course.noise import Guarded, median
from perfci.stats.course.scores import normal_scores, weight
from perfci.stats.numeric import Floats

LEAST = math.log(1.02)
"""Smallest change that is told: 2 %."""
_LIMIT = 3.6
"""Standard deviations that a change of the means must be worth; p = 0.0003."""
_RANK_LIMIT = 3.3
"""The same of the normal scores; p = 0.001."""
_RANK_AGREES = 2.5
"""The same where the means differ: drawing in outliers can leave a level that is not there."""
_HEIGHT, _RANK_HEIGHT = 0.8, 0.5
"""Smallest changes in standard deviations of single points."""
_REACH = 60
"""Most points that are looked at on either side: farther off, the level may be another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One change of level under test."""

    worth: float
    """Standard deviations of a normal variable."""
    stands: bool


class Record:
    """One series on its scale, with sums over any stretch in constant time."""

    def __init__(self, x: Floats, guarded: Guarded, inflation: float) -> None:
        self.x = x
        self.sigma = guarded.sigma
        self.inflation = inflation
        y = guarded.y - median(guarded.y)
        self._first = _sums(y)
        self._second = _sums(y * y)
        self._by_place = _sums(y * np.arange(y.size))

    def test(self, start: int, at: int, stop: int) -> Edge:
        """Compare the points on both sides of a change, by their means and by their ranks.

        Args:
            start: first point of the level before.
            at: first point of the level after.
            stop: end of that level.
        """
        start, stop = max(start, at - _REACH), min(stop, at + _REACH)
        by_mean, gap, variance = self._means(start, at, stop)
        spread = math.sqrt(variance)
        by_rank = self._ranks(start, at, stop)
        if by_mean > _LIMIT and by_rank > _RANK_AGREES and gap >= max(LEAST, _HEIGHT * spread):
            return Edge(worth=by_mean, stands=True)
        if by_rank > _RANK_LIMIT:
            gap = max(gap, abs(median(self.x[at:stop]) - median(self.x[start:at])))
        stands = by_rank > _RANK_LIMIT and gap >= max(LEAST, _RANK_HEIGHT * spread)
        return Edge(worth=max(by_mean, by_rank), stands=stands)

    def mean(self, start: int, stop: int) -> float:
        """Return the mean of a stretch, against the median of the series."""
        return (self._first[stop] - self._first[start]) / (stop - start)

    def off_levels(self, bounds: Sequence[int]) -> float:
        """Return the sum of squares around the means between the bounds."""
        squares = self._second[bounds[-1]] - self._second[bounds[0]]
        told = sum((b - a) * self.mean(a, b) ** 2 for a, b in pairwise(bounds))
        return max(squares - told, 0.0)

    def off_line(self, start: int, stop: int) -> float:
        """Return the sum of squares around the straight line of least squares."""
        n = stop - start
        middle = (start + stop - 1) / 2
        total = self._first[stop] - self._first[start]
        leaning = self._by_place[stop] - self._by_place[start] - middle * total
        told = leaning * leaning * 12.0 / (n * (n * n - 1.0))
        return max(self.off_levels((start, stop)) - told, 0.0)

    def _means(self, start: int, at: int, stop: int) -> tuple[float, float, float]:
        """Return the worth of a Student's t, the gap of the means, and the variance of a point."""
        left, right = at - start, stop - at
        gap = abs(self.mean(at, stop) - self.mean(start, at))
        # as if four more points had told the usual scatter
        variance = (self.off_levels((start, at, stop)) + 4.0 * self.sigma * self.sigma) / (
            left + right + 2
        )
        t = gap / math.sqrt(variance * (1 / left + 1 / right) * self.inflation)
        return weight(t, (left + right + 2) / self.inflation), gap, variance

    def _ranks(self, start: int, at: int, stop: int) -> float:
        """Return the worth of the normal scores' difference: 0 where all values are equal."""
        left, right = at - start, stop - at
        scores = normal_scores(self.x[start:stop])
        power = float(scores @ scores)
        freedom = (left + right - 2) / self.inflation
        if power <= 0.0 or freedom <= 0.0:
            return 0.0
        total = float(scores[left:].sum())
        shared = min(total * total * (1 / left + 1 / right) / power, 1.0 - 1e-9)
        return weight(math.sqrt(freedom * shared / (1.0 - shared)), freedom)


def _sums(values: Floats) -> list[float]:
    """Return the sums of the first 0, 1, 2 and more values."""
    return [0.0, *values.cumsum().tolist()]
