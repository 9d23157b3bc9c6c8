"""Where the level begins that a series is compared with: at what was accepted last."""

import math
from collections.abc import Iterable, Sequence

from perfci.model.history import Point
from perfci.model.measurement import Clock
from perfci.stats.launches import median


def level(points: Iterable[Point]) -> tuple[Point, ...]:
    """Return the points of the level that holds now, oldest first; see `levels`."""
    return next(reversed(levels(points)), ())


def levels(points: Iterable[Point]) -> tuple[tuple[Point, ...], ...]:
    """Return the points level by level, oldest first.

    A regression that was accepted is a step: from there on what was before it is no baseline. The
    next accepted point belongs to the same step where it follows at once and lies at its height,
    as when several runs in a row were accepted; else it is a step of its own. A regressed point
    that nobody accepted never counts.

    Args:
        points: of one series, oldest first.
    """
    found: list[list[Point]] = [[], []]
    stepping = False  # only accepted points since the level began
    for point in points:
        if not point.counts:
            continue
        if point.accepted and not (stepping and _same_step(point, found[-1], found[-2])):
            found.append([])
            stepping = True
        found[-1].append(point)
        stepping = stepping and point.accepted
    return tuple(tuple(one) for one in found if one)


def _same_step(point: Point, now: Sequence[Point], before: Sequence[Point]) -> bool:
    value = point.centres.get(point.clock, math.nan)
    top, foot = height(now, point), height(before, point)
    return top is not None and near(value, top, foot)


def near(value: float, top: float, foot: float | None) -> bool:
    """Tell whether a value belongs to a step: no further off than half of the step's height.

    Args:
        value: in base units.
        top: where the step leads.
        foot: where it begins; None where that is not known, and any value belongs to it.
    """
    return foot is None or abs(value - top) <= abs(top - foot) / 2


def height(points: Iterable[Point], like: Point) -> float | None:
    """Return the median of the points' centres in the clock and unit of one of them.

    Returns:
        Base units; None where no point has such a centre.
    """
    found = [
        point.centres[like.clock]
        for point in points
        if point.unit == like.unit and holds(point, like.clock)
    ]
    return median(found) if found else None


def holds(point: Point, clock: Clock) -> bool:
    """Tell whether a point has a centre in a clock."""
    return math.isfinite(point.centres.get(clock, math.nan))
