"""At which point exactly a level began."""

import numpy as np

from perfci.stats.course.noise import FLOOR, median, spread
from perfci.stats.numeric import Floats

_FAR, _AROUND = 6, 40
_FOREIGN = 0.02
"""Density of a value that fits neither level, as a share of the peak's."""


def placed(x: Floats, bounds: list[int]) -> list[int]:
    """Move the first point of every level to the likeliest place, at most six points away.

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
    left, right = x[max(start, at - _AROUND) : at], x[at : min(stop, at + _AROUND)]
    before = median(left)
    after = before + median((right[:, np.newaxis] - left).ravel())
    rest = np.concatenate([left - before, right - after])
    width = max(spread(rest) * rest.size**-0.2, FLOOR)
    near = x[low:high]
    own = np.concatenate([near - after, near - before])[:, np.newaxis] - rest
    density = np.exp(-0.5 * (own / width) ** 2).sum(axis=1) / rest.size
    log = np.log(density + _FOREIGN)
    # what each point speaks for its being on the level after
    gain = (log[: near.size] - log[near.size :]).cumsum()
    best = int(gain.argmin())
    return low + (best + 1 if gain[best] < 0.0 else 0)
