"""What is known of one series, and the test of one change of its level."""

import math
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np

from perfci.stats.course.likeness import moved
from perfci.stats.course.noise import Guarded, median
from perfci.stats.course.pattern import SHORTEST as PATTERNED
from perfci.stats.course.pattern import Pattern
from perfci.stats.course.scores import weight
from perfci.stats.course.sums import sums
from perfci.stats.numeric import Floats

_LIMIT, _MORE = 3.3, 1.0
"""Standard deviations that a change must be worth (p = 0.001), and more where a side is short."""
REACH = 60
"""Most points that are looked at on either side: farther off, the level may be another one."""


class Edge:
    """One change of level under test."""

    def __init__(self, x: Floats, at: int, *, worth: float, limit: float) -> None:
        self._x, self._at, self._limit = x, at, limit
        self.worth = worth
        """Standard deviations of a normal variable."""

    @cached_property
    def move(self) -> float:
        """How far the level moved; 0 where the change does not stand.

        Found out when first asked for: it takes long, and a weaker edge may fall and change this.
        """
        if self.worth <= self._limit:
            return 0.0
        return moved(self._x[: self._at], self._x[self._at :])


class Record:
    """One series on its scale, with sums over any stretch in constant time."""

    def __init__(self, x: Floats, guarded: Guarded, inflation: float) -> None:
        self.x = x
        self.sigma = guarded.sigma
        self.inflation = inflation
        y = guarded.y - median(guarded.y)
        self._first = sums(y)
        self._second = sums(y * y)
        self._by_place = sums(y * np.arange(y.size))
        self._edges: dict[tuple[int, int, int], Edge] = {}
        """By what was looked at, which stays the same where the neighbour that fell was far off."""

    def test(self, start: int, at: int, stop: int) -> Edge:
        """Weigh the points on both sides of a change, by their means and by their distributions.

        Args:
            start: first point of the level before.
            at: first point of the level after.
            stop: end of that level.
        """
        stretch = max(start, at - REACH), at, min(stop, at + REACH)
        if stretch not in self._edges:
            self._edges[stretch] = self._tested(*stretch)
        return self._edges[stretch]

    def _tested(self, start: int, at: int, stop: int) -> Edge:
        short = min(at - start, stop - at)
        limit = _LIMIT + (_MORE if short < PATTERNED else 0.0)
        worth, x = self._by_mean(start, at, stop), self.x[start:stop]
        if worth <= limit and short >= PATTERNED:
            worth = max(worth, Pattern(x).worth(at - start))
        return Edge(x, at - start, worth=worth, limit=limit)

    def mean(self, start: int, stop: int) -> float:
        """Return the mean of a stretch, against the median of the series."""
        return (self._first.item(stop) - self._first.item(start)) / (stop - start)

    def off_levels(self, bounds: Sequence[int]) -> float:
        """Return the sum of squares around the means between the bounds."""
        squares = self._second.item(bounds[-1]) - self._second.item(bounds[0])
        told = sum((b - a) * self.mean(a, b) ** 2 for a, b in pairwise(bounds))
        return max(squares - told, 0.0)

    def off_line(self, start: int, stop: int) -> float:
        """Return the sum of squares around the straight line of least squares."""
        n = stop - start
        middle = (start + stop - 1) / 2
        total = self._first.item(stop) - self._first.item(start)
        leaning = self._by_place.item(stop) - self._by_place.item(start) - middle * total
        told = leaning * leaning * 12.0 / (n * (n * n - 1.0))
        return max(self.off_levels((start, stop)) - told, 0.0)

    def _by_mean(self, start: int, at: int, stop: int) -> float:
        """Return the worth of the Student's t of the means, in standard deviations."""
        left, right = at - start, stop - at
        before, after = self.mean(start, at), self.mean(at, stop)
        told = left * before * before + right * after * after
        within = max(self._second.item(stop) - self._second.item(start) - told, 0.0)
        # as if four more points had told the usual scatter
        variance = (within + 4.0 * self.sigma * self.sigma) / (left + right + 2)
        t = abs(after - before) / math.sqrt(variance * (1 / left + 1 / right) * self.inflation)
        return weight(t, (left + right + 2) / self.inflation)
