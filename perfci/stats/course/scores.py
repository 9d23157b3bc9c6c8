"""Normal scores: ranks that are spread like a normal variable."""

import math
from functools import lru_cache

import numpy as np

from perfci.stats.numeric import Floats

_SHORT = 1000
"""Longest stretch whose quantiles are kept for the next one of its length."""


def normal_scores(x: Floats) -> Floats:
    """Return the normal score of each value among all; equal values share theirs.

    A scatter with several peaks, as of runners with different processors, or with wild values
    hides less from these than from the values themselves.

    Sources: van der Waerden, Indagationes Mathematicae 14, 1952; for the quantile Joiner and
    Rosenblatt, Journal of the American Statistical Association 66, 1971.
    """
    n = x.size
    table = _quantiles(n) if n <= _SHORT else _quantiles.__wrapped__(n)
    order = x.argsort()
    ordered = x[order]
    if (ordered[1:] > ordered[:-1]).all():
        scores = np.empty(n)
        scores[order] = table[1::2]
        return scores
    twice = ordered.searchsorted(x, "left") + ordered.searchsorted(x, "right")
    shared = table[twice]
    return np.asarray(shared - float(shared.sum()) / n)


@lru_cache(maxsize=512)
def _quantiles(n: int) -> Floats:
    """Return the normal quantiles of 0, 1/2n, 2/2n and so on to 1; the first and last are finite.

    Those between two ranks belong to values that are equal.
    """
    p = np.arange(2 * n + 1) / (2.0 * n)
    return np.asarray(4.91 * (p**0.14 - (1.0 - p) ** 0.14))


def weight(t: float, freedom: float) -> float:
    """Return how many standard deviations of a normal variable a Student's t is worth.

    Args:
        t: at least 0.
        freedom: degrees of freedom, above 0.

    Source: Wallace, Annals of Mathematical Statistics 30, 1959.
    """
    share = (8.0 * freedom + 1.0) / (8.0 * freedom + 3.0)
    return share * math.sqrt(freedom * math.log1p(t * t / freedom))


def chance(worth: float, looks: int) -> float:
    """Return the two-sided p-value of the best of several looks.

    Args:
        worth: standard deviations of a normal variable.
        looks: how many there were.

    Returns:
        1e-300 to 1.
    """
    return min(max(looks * math.erfc(worth / math.sqrt(2.0)), 1e-300), 1.0)
