"""The whole search for changes of level in one series."""

import math
from dataclasses import dataclass

from perfci.stats.course.candidates import SHORTEST, candidates
from perfci.stats.course.elimination import Levels
from perfci.stats.course.likeness import shift
from perfci.stats.course.newest import BEFORE, newest
from perfci.stats.course.noise import Guarded, inflation, residuals
from perfci.stats.course.partition import partition
from perfci.stats.course.placing import placed
from perfci.stats.course.ramp import drop_ramps, is_line
from perfci.stats.course.record import REACH, Record
from perfci.stats.course.second_look import split
from perfci.stats.numeric import Floats

_PRICE = 6.0
"""Of a change, in variances of a point and logarithms of the length."""
_YOUNG = 10
"""Points of a last level below which `newest` alone tells it, where there are enough before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The levels of a series, and its episodes."""

    bounds: tuple[int, ...]
    """0, the first point of every level after the first, and the length."""
    worths: tuple[float, ...] = ()
    """Of each inner bound: standard deviations of a normal variable."""
    moves: tuple[float, ...] = ()
    """How far each of them moved the level, as most pairs of values around it show."""
    spans: tuple[tuple[int, int], ...] = ()
    """First point and end of each episode."""


def search(x: Floats, clean: Guarded) -> Found:
    """Find the changes of level; levels of fewer than five points only at the end.

    Args:
        x: the series on its scale.
        clean: the same with its outliers drawn in.
    """
    n = x.size
    if n < 2 * SHORTEST:
        return Found(bounds=(0, n))
    price = _PRICE * math.log(n) * clean.sigma**2
    rough = [0, *partition(clean.y, candidates(clean.y, clean.sigma), price), n]
    record = Record(x, clean, inflation(residuals(clean.y, rough)))
    levels = Levels(record, split(x, rough))
    levels.thin()
    spans = levels.take_episodes()
    drop_ramps(levels, record)
    bounds = placed(x, levels.bounds)
    worths = [edge.worth for edge in levels.edges]
    moves = [edge.move for edge in levels.edges]
    if len(bounds) > 2 and n - bounds[-2] < _YOUNG and bounds[-2] - bounds[-3] >= BEFORE:
        del bounds[-2], worths[-1], moves[-1]
    start = bounds[-2]
    fresh = newest(x, start, record.inflation)
    if fresh and not is_line(record, (start, fresh.at, n), lead=0.0):
        bounds.insert(-1, fresh.at)
        worths.append(fresh.worth)
        moves.append(shift(x[max(start, fresh.at - REACH) : fresh.at], x[fresh.at :]))
    return Found(bounds=tuple(bounds), worths=tuple(worths), moves=tuple(moves), spans=tuple(spans))
