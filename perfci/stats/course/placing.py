"""At which point exactly a level began."""

import numpy as np

from perfci.stats.course.density import Density
from perfci.stats.course.likeness import shift
from perfci.stats.numeric import Floats

_FAR, _AROUND = 8, 40


def placed(x: Floats, bounds: list[int]) -> list[int]:
    """Move the first point of every level to the likeliest place, at most eight points away.

    Both levels are supposed to scatter alike, in whatever way the points around show. Where that
    has narrow peaks, one point says much.

    Args:
        x: the series, its outliers not drawn in.
        bounds: 0, the first point of every level after the first, and the length.

    Returns:
        The new bounds, still strictly ascending.
    """
    found = list(bounds)
    for at in range(1, len(bounds) - 1):
        found[at] = _likeliest(x, found[at - 1], bounds[at], bounds[at + 1])
    return found


def _likeliest(x: Floats, start: int, at: int, stop: int) -> int:
    low, high = max(at - _FAR, start + 1), min(at + _FAR, stop - 1)
    if high <= low:
        return at
    first = max(start, at - _AROUND)
    left, right = x[first:at], x[at : min(stop, at + _AROUND)]
    gap = shift(left, right)
    density = Density(np.concatenate([left, right - gap]))
    near, own = x[low:high], np.arange(low, high) - first
    both = density.log(np.concatenate([near - gap, near]), np.concatenate([own, own]))
    # what each point speaks for its being on the level after
    gain = (both[: near.size] - both[near.size :]).cumsum()
    best = int(gain.argmin())
    return low + (best + 1 if gain[best] < 0.0 else 0)
