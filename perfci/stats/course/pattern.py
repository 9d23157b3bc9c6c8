"""How a stretch's values are spread over its parts: all of their distribution, not its middle."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from perfci.stats.course.noise import inflated
from perfci.stats.numeric import Floats

SHORTEST = 10
"""Fewest points of a part that has a distribution to speak of."""
_HEIGHTS = np.arange(1.0, 9.0) ** -0.25
"""Of the waves: finer ones are lower."""
_EVERY = np.ones(_HEIGHTS.size)
_POWER = float(_HEIGHTS @ _HEIGHTS) / 2.0
"""Mean of the sum of a value's squares, where no two values are equal."""
_FREEDOM = float(_HEIGHTS @ _HEIGHTS) ** 2 / float(np.sum(_HEIGHTS**4))
"""Of that sum: fewer than there are waves, as they are of different heights."""
_SHORT = 500
"""Longest stretch whose waves are kept for the next one of its length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Length:
    """What all stretches of one length have in common."""

    waves: Floats
    """At the ranks 0, 1/2n, 2/2n and so on to 1: a row a rank, a column a wave."""
    distinct: NDArray[np.int64]
    """Rows of the ranks in order, where no two values are equal."""
    weights: Floats
    """Of the squared sum of what lies before each place, so that all places compare."""


class Pattern:
    """A stretch's values as waves over their ranks.

    Noise of several narrow peaks, as of runners with different processors, hides a small step from
    means; that its peaks have moved shows in the finer waves: cosines of the ranks of the values.

    Sources: the components of Neyman, Skandinavisk Aktuarietidskrift 20, 1937, between two samples;
    Wilson and Hilferty, Proceedings of the National Academy of Sciences 17, 1931.
    """

    def __init__(self, x: Floats) -> None:
        """Rank the values: at least twice `SHORTEST` of them."""
        n = x.size
        self._length = length = _length(n) if n <= _SHORT else _length.__wrapped__(n)
        self._freedom, power = _FREEDOM, _POWER * n
        order = x.argsort()
        ordered = x[order]
        if (ordered[1:] == ordered[:-1]).any():
            # equal values share the middle of their ranks
            twice = ordered.searchsorted(x, "left") + ordered.searchsorted(x, "right")
            rows = length.waves.take(twice, axis=0)
            rows -= np.add.reduce(rows) / n
            shared = rows.T @ rows
            power = float(shared.trace())
            self._freedom = power**2 / max(float(np.vdot(shared, shared)), 1e-300)
        else:
            twice = np.empty_like(order)
            twice[order] = length.distinct
            rows = length.waves.take(twice, axis=0)
        self._rows = rows
        self._one = 0.0
        """Variance of a value, as much as neighbours that resemble each other inflate it."""
        if power > 0.0:
            self._one = power / (n - 1) * inflated(float(np.vdot(rows[1:], rows[:-1])) / power)

    def best(self) -> tuple[int, float]:
        """Return the place to cut at which the parts differ most, and what that is worth.

        No part has fewer than `SHORTEST` points.
        """
        before = self._rows[:-SHORTEST].cumsum(axis=0)[SHORTEST - 1 :]
        before *= before
        squares = before @ _EVERY
        squares *= self._length.weights
        best = int(squares.argmax())
        return best + SHORTEST, self._worth(squares.item(best))

    def worth(self, at: int) -> float:
        """Return what the difference of the parts is worth, cut at a place."""
        before = np.add.reduce(self._rows[:at])
        return self._worth(float(before @ before) * self._length.weights.item(at - SHORTEST))

    def _worth(self, square: float) -> float:
        """Return how many standard deviations of a normal variable a weighted sum is worth."""
        if self._one == 0.0:
            return 0.0
        narrow = 2.0 / (9.0 * self._freedom)
        return (math.cbrt(square / self._one) - (1.0 - narrow)) / math.sqrt(narrow)


@lru_cache(maxsize=_SHORT)
def _length(n: int) -> _Length:
    rank = np.arange(2 * n + 1)[:, np.newaxis] / (2.0 * n)
    waves: Floats = np.cos(np.pi * rank * np.arange(1.0, _HEIGHTS.size + 1.0)) * _HEIGHTS
    at = np.arange(SHORTEST, n - SHORTEST + 1)
    return _Length(waves=waves, distinct=np.arange(1, 2 * n, 2), weights=n / (at * (n - at)))
