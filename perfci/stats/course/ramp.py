"""Steps that are none: a drift, cut into a staircase."""

import math
from collections.abc import Sequence

from perfci.stats.course.elimination import Levels
from perfci.stats.course.record import Record

_MOST = 20
"""Steps of one run that are looked at together."""


def drop_ramps(levels: Levels, record: Record) -> None:
    """Drop runs of steps in one direction that a straight line describes better.

    Args:
        levels: whose edges all stand; so do those that are left.
        record: of the series.
    """
    at = 0
    while at < len(levels.edges):
        count = _line_of(levels.bounds, at, record)
        if count:
            levels.drop(at, count)
            levels.thin()
            at = max(at - _MOST, 0)
        else:
            at += 1


def _line_of(bounds: Sequence[int], at: int, record: Record) -> int:
    """Return how many steps from this one on are rather a line; the most there are, or 0."""
    for count in range(_run(bounds, at, record), 0, -1):
        # a single step in much noise looks like a line: it falls only where the line is far better
        if is_line(record, bounds[at : at + count + 2], lead=2.0 if count == 1 else 0.0):
            return count
    return 0


def _run(bounds: Sequence[int], at: int, record: Record) -> int:
    """Return how many steps from this one on lead in its direction, at most `_MOST`."""
    stretch = bounds[at : at + _MOST + 2]
    means = [record.mean(*stretch[place : place + 2]) for place in range(len(stretch) - 1)]
    up = means[1] > means[0]
    count = 1
    while count + 1 < len(means) and (means[count + 1] > means[count]) == up:
        count += 1
    return count


def is_line(record: Record, bounds: Sequence[int], *, lead: float) -> bool:
    """Tell whether a straight line describes a stretch better than its levels do.

    Each step after the first pays for its place and its level, as the Bayesian information
    criterion counts them.

    Args:
        record: of the series.
        bounds: of the levels: the first point of each, and the end of the last.
        lead: by how much the line must be better, in logarithms of the length.
    """
    n = bounds[-1] - bounds[0]
    line, steps = record.off_line(bounds[0], bounds[-1]), record.off_levels(bounds)
    if steps <= 0.0 or line <= 0.0:
        return line < steps
    paid = 2.0 * (len(bounds) - 3) - lead
    return n * math.log(line / steps) < paid * math.log(n)
