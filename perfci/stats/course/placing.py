"""At which point exactly a level began."""

from collections.abc import Sequence

import numpy as np

from perfci.stats.course.density import Density
from perfci.stats.numeric import Floats

_FAR, _AROUND = 8, 40


def placed(x: Floats, bounds: Sequence[int], moves: Sequence[float]) -> list[int]:
    """Move the first point of every level to the likeliest place, at most eight points away.

    Where all values before lie on one side of all after, there is none that is likelier. Else both
    levels are supposed to scatter alike, in whatever way the points around show. Where that has
    narrow peaks, one point says much.

    Args:
        x: the series, its outliers not drawn in.
        bounds: 0, the first point of every level after the first, and the length.
        moves: how far the level moved at each of the inner bounds.

    Returns:
        The new bounds, still strictly ascending.
    """
    found = list(bounds)
    for at in range(1, len(bounds) - 1):
        found[at] = _likeliest(x, found[at - 1], bounds[at], bounds[at + 1], moves[at - 1])
    return found


def _likeliest(x: Floats, start: int, at: int, stop: int, move: float) -> int:
    low, high = max(at - _FAR, start + 1), min(at + _FAR, stop - 1)
    if high <= low:
        return at
    first = max(start, at - _AROUND)
    left, right = x[first:at], x[at : min(stop, at + _AROUND)]
    if left.max() < right.min() or left.min() > right.max():
        return at
    density = Density(np.concatenate([left, right - move]))
    near, own = x[low:high], np.arange(low, high) - first
    both = density.log(np.concatenate([near - move, near]), np.concatenate([own, own]))
    # what each point speaks for its being on the level after
    gain = (both[: near.size] - both[near.size :]).cumsum()
    best = int(gain.argmin())
    return low + (best + 1 if gain[best] < 0.0 else 0)
