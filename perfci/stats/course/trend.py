"""Whether a series drifts since its last change of level."""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from perfci.model.comparison import Interval
from perfci.model.timeline import Trend
from perfci.stats.course.noise import inflation
from perfci.stats.numeric import Floats
from perfci.stats.robust import middle

_SHORTEST = 50
_BLOCK, _MOST_BLOCKS = 5, 400
_ALPHA = 1e-3
_LEAST = 0.02
_LARGEST = 690.0
"""Logarithm of the largest ratio that is told."""
_NORMAL = 1.959964
"""Of the 95 % interval."""


def trend(x: Floats, first: int, *, relative: bool) -> Trend | None:
    """Return the drift of a series over its last level; None where none is shown.

    Neighbours that resemble each other look like a drift. The medians of blocks hardly do; what
    they still have in common beside the drift inflates the variance of the score.

    Args:
        x: the series on its scale.
        first: first point of that level.
        relative: whether x holds logarithms.

    Sources: Mann, Econometrica 13, 1945; Kendall, Rank Correlation Methods, 1975; Sen, Journal of
    the American Statistical Association 63, 1968.
    """
    n = x.size - first
    if n < _SHORTEST:
        return None
    block = max(_BLOCK, -(-n // _MOST_BLOCKS))
    count = n // block
    blocks = middle(np.sort(x[x.size - count * block :].reshape(count, block), axis=1))
    early, late = _pairs(count)
    rises = blocks.take(late) - blocks.take(early)
    score = max(abs(float(np.sign(rises).sum())) - 1.0, 0.0)
    deviation = _deviation(blocks)
    if _chance(score, deviation) >= _ALPHA:
        return None
    slopes = np.sort(rises / ((late - early) * block))
    slope = float(middle(slopes[np.newaxis])[0])
    rest = blocks - slope * block * np.arange(count)
    deviation *= math.sqrt(inflation(rest - float(rest.sum()) / count))
    p_value = _chance(score, deviation)
    if p_value >= _ALPHA:
        return None
    reach = _NORMAL * deviation
    low = slopes[max(int((slopes.size - reach) / 2), 0)]
    high = slopes[min(math.ceil((slopes.size + reach) / 2), slopes.size - 1)]
    change = _told(slope * (n - 1), relative=relative)
    if abs(change) < _LEAST:
        return None
    return Trend(
        first=first,
        slope=_told(slope, relative=relative),
        interval=Interval(
            low=_told(float(low), relative=relative),
            high=_told(float(high), relative=relative),
            level=0.95,
        ),
        change=change,
        p_value=p_value,
    )


def _told(rise: float, *, relative: bool) -> float:
    """Return a difference of x as a ratio minus 1 where x holds logarithms; a finite number."""
    return math.expm1(min(rise, _LARGEST)) if relative else rise


@lru_cache(maxsize=16)
def _pairs(count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    return np.triu_indices(count, 1)


def _chance(score: float, deviation: float) -> float:
    return math.erfc(score / deviation / math.sqrt(2.0)) if deviation > 0.0 else 1.0


def _deviation(values: Floats) -> float:
    """Return the standard deviation of Kendall's score without a drift, ties allowed for."""
    n = values.size
    whole = float(n * (n - 1) * (2 * n + 5))
    ordered = np.sort(values)
    if not (ordered[1:] > ordered[:-1]).all():
        _, ties = np.unique(values, return_counts=True)
        whole -= float(np.sum(ties * (ties - 1.0) * (2.0 * ties + 5.0)))
    return math.sqrt(max(whole, 0.0) / 18.0)
