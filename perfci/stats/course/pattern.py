"""How a stretch's values are spread over its parts: all of their distribution, not its middle."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from perfci.stats.course.noise import inflated
from perfci.stats.numeric import Floats

SHORTEST = 10
"""Fewest points of a part that has a distribution to speak of."""
_WAVES, _FADING = 8, 0.25
_SHORT = 1000
"""Longest stretch whose waves are kept for the next one of its length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Size:
    """How large the waves of a stretch's values are."""

    power: float
    """Sum of all squares; 0 where all values are the same."""
    freedom: float
    """Of that sum: fewer than there are waves, as they are of different heights."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Length:
    """What all stretches of one length have in common."""

    waves: Floats
    """At the ranks 0, 1/2n, 2/2n and so on to 1: a row a rank, a column a wave."""
    distinct: _Size
    """Where no two values are equal."""
    weights: Floats
    """Of the squared sum of what lies before each place, so that all places compare."""


def worths(x: Floats) -> Floats:
    """Return what the difference of the two parts is worth at each place to cut a stretch.

    Noise of several narrow peaks, as of runners with different processors, hides a small step from
    means; that its peaks have moved shows in the finer waves: cosines of the ranks of the values.

    Args:
        x: at least twice `SHORTEST` values.

    Returns:
        Standard deviations of a normal variable; first that of a cut after `SHORTEST` points.

    Sources: the components of Neyman, Skandinavisk Aktuarietidskrift 20, 1937, between two samples;
    Wilson and Hilferty, Proceedings of the National Academy of Sciences 17, 1931.
    """
    n = x.size
    length = _length(n) if n <= _SHORT else _length.__wrapped__(n)
    order = x.argsort()
    ordered = x[order]
    if (ordered[1:] > ordered[:-1]).all():
        twice = np.empty_like(order)
        twice[order] = np.arange(1, 2 * n, 2)
        rows, size = length.waves.take(twice, axis=0), length.distinct
    else:
        # equal values share the middle of their ranks
        twice = ordered.searchsorted(x, "left") + ordered.searchsorted(x, "right")
        rows = length.waves.take(twice, axis=0)
        rows -= rows.sum(axis=0) / n
        size = _size(rows)
    if size.power <= 0.0:
        return np.zeros(length.weights.size)
    one = size.power / (n - 1) * inflated(float(np.vdot(rows[1:], rows[:-1])) / size.power)
    before = rows.cumsum(axis=0)[SHORTEST - 1 : n - SHORTEST]
    square = np.einsum("ij,ij->i", before, before) * length.weights / one
    narrow = 2.0 / (9.0 * size.freedom)
    return np.asarray((np.cbrt(square) - (1.0 - narrow)) / math.sqrt(narrow))


def _size(rows: Floats) -> _Size:
    """Return how large waves are whose means are 0."""
    shared = rows.T @ rows
    power = float(shared.trace())
    return _Size(power=power, freedom=power**2 / max(float(np.vdot(shared, shared)), 1e-300))


@lru_cache(maxsize=128)
def _length(n: int) -> _Length:
    number = np.arange(1.0, _WAVES + 1.0)
    rank = np.arange(2 * n + 1)[:, np.newaxis] / (2.0 * n)
    waves: Floats = np.cos(np.pi * rank * number) * number**-_FADING
    at = np.arange(SHORTEST, n - SHORTEST + 1)
    return _Length(waves=waves, distinct=_size(waves[1::2]), weights=n / (at * (n - at)))
