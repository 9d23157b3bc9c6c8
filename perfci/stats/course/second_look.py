"""A second look at each level, by distributions, for changes that its scatter hides from means."""

from itertools import pairwise

from perfci.stats.course.pattern import SHORTEST, Pattern
from perfci.stats.numeric import Floats

_LOOKED = 4 * SHORTEST
"""Fewest points of a level that is looked at."""
_LIMIT = 3.6
"""Standard deviations at the best of all places; by chance alone about 1 in 100 levels of 120."""


def split(x: Floats, bounds: list[int]) -> list[int]:
    """Return the bounds with further ones between them.

    Args:
        x: the series, its outliers not drawn in.
        bounds: 0, the first point of every level after the first, and the length.
    """
    found = set(bounds)
    open_ones = list(pairwise(bounds))
    while open_ones:
        start, stop = open_ones.pop()
        at = _best(x[start:stop])
        if at is not None:
            found.add(start + at)
            open_ones += [(start, start + at), (start + at, stop)]
    return sorted(found)


def _best(x: Floats) -> int | None:
    if x.size < _LOOKED:
        return None
    at, worth = Pattern(x).best()
    return at if worth > _LIMIT else None
