"""Where a level may begin: places at which what follows differs most from what came before."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from perfci.stats.course.sums import sums
from perfci.stats.numeric import Floats

Places = NDArray[np.int64]

SHORTEST = 5
"""Fewest points of a level."""
_WINDOWS = (5, 10, 20, 40)
_ALONE = 2
"""Points around a place among which it must be the clearest."""
_FEWEST, _EVERY = 25, 20
"""Places that are kept: the clearest ones, 25, and in long series one of 20."""
_SHORT = 5000
"""Longest series whose windows are kept for the next one of its length."""
_CLEAR = 2.5
"""Standard deviations of the difference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """The points before and after every place; a row for each width, a column for each place."""

    start: Places
    stop: Places
    """The ends of the series cut them short."""
    before: Floats
    after: Floats
    """What makes a sum a mean, in standard deviations of the difference of both means."""


def candidates(y: Floats, sigma: float) -> Places:
    """Return the likely first points of new levels, sorted.

    Args:
        y: at least twice `SHORTEST` values.
        sigma: their standard deviation.
    """
    n = y.size
    windows = _windows(n) if n <= _SHORT else _windows.__wrapped__(n)
    total = sums(y)
    middle = total[SHORTEST : n - SHORTEST + 1]
    after = (total.take(windows.stop) - middle) * windows.after
    before = (middle - total.take(windows.start)) * windows.before
    contrast = np.abs(after - before)
    peak = contrast > _CLEAR * sigma
    for off in range(1, _ALONE + 1):
        later = contrast[:, off:] >= contrast[:, :-off]
        peak[:, off:] &= later
        peak[:, :-off] &= ~later
    strength = (contrast * peak).max(axis=0)
    found = np.flatnonzero(strength)
    most = max(_FEWEST, n // _EVERY)
    if found.size > most:
        found = np.sort(found[np.argsort(-strength[found], kind="stable")[:most]])
    return found + SHORTEST


@lru_cache(maxsize=4)
def _windows(n: int) -> Windows:
    """Return the windows of a series of n points."""
    widths = [width for width in _WINDOWS if width == SHORTEST or 2 * width <= n]
    width = np.array(widths)[:, np.newaxis]
    at = np.arange(SHORTEST, n - SHORTEST + 1)
    start, stop = np.maximum(at - width, 0), np.minimum(at + width, n)
    before, after = (at - start).astype(np.float64), (stop - at).astype(np.float64)
    unit = np.sqrt(before * after / (before + after))
    return Windows(start=start, stop=stop, before=unit / before, after=unit / after)
