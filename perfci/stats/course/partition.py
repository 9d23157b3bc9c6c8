"""The levels that describe a series best, for what each of them costs."""

from itertools import pairwise

import numpy as np

from perfci.stats.course.candidates import Places
from perfci.stats.course.sums import sums
from perfci.stats.numeric import Floats

_TOGETHER = 400
"""Most places of one search, whose cost grows with their square."""


def partition(y: Floats, places: Places, price: float) -> list[int]:
    """Return the first points of the levels after the first: the best choice of the places.

    It minimises the sum of squares around the means of the levels, plus the price of each change.
    Long series are cut at every 400th place, which is then taken whether it pays or not.

    Args:
        y: the series.
        places: where a level may begin, sorted.
        price: of one change, in squared units of y.

    Source: Jackson and others, An algorithm for optimal partitioning of data on an interval, IEEE
    Signal Processing Letters 12, 2005.
    """
    cuts = [0, *places[_TOGETHER::_TOGETHER].tolist(), y.size]
    found: list[int] = []
    for start, stop in pairwise(cuts):
        inner = places[(places > start) & (places < stop)] - start
        found += [start] if start else []
        found += [start + at for at in _best(y[start:stop], inner, price)]
    return found


def _best(y: Floats, places: Places, price: float) -> list[int]:
    """Return the exact optimum over the places."""
    edges = np.concatenate([[0], places, [y.size]])
    total = sums(y)[edges]
    count = edges[:, np.newaxis] - edges
    # the squares themselves are the same for every partition; a row holds the levels that end there
    cost = price - (total[:, np.newaxis] - total) ** 2 / np.maximum(count, 1)
    best = np.full(edges.size, np.inf)
    best[0] = 0.0
    came = [0]
    for to in range(1, edges.size):
        row = best + cost[to]
        at = int(row.argmin())
        came.append(at)
        best[to] = row[at]
    found: list[int] = []
    to = edges.size - 1
    while came[to] > 0:
        to = came[to]
        found.append(int(edges[to]))
    return found[::-1]
