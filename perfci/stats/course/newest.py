"""Whether the newest points have left the level: few as they are, they must do it plainly."""

import math
from dataclasses import dataclass

import numpy as np

from perfci.stats.course.density import Density
from perfci.stats.course.likeness import LEAST
from perfci.stats.course.noise import FLOOR, median, spread
from perfci.stats.course.scores import weight
from perfci.stats.numeric import Floats

BEFORE = 30
"""Fewest points of a level that three and more new ones can be told from."""
_REACH = 100
_FEWEST, _MOST = 3, 12
_LIMIT = 7.0
"""Logarithm of how much likelier they must be on a level of their own."""
_CLEAR = 3.0
"""Standard deviations that their median must lie off, as if it were a mean."""
_MOVES = np.linspace(-1.0, 1.0, 11)
"""Standard deviations around that distance, at which their own level is looked for."""
_PAIR, _PAIR_BEFORE = 2, 10
_PAIR_LIMIT = 5.5
"""Standard deviations that the nearer of two points must be worth."""
_WILD = 0.5
"""How far an earlier point may have gone, as a share, for two that go farther to be a level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Where the newest level begins."""

    at: int
    worth: float
    """Standard deviations of a normal variable."""


def newest(x: Floats, start: int, inflation: float) -> Start | None:
    """Tell whether the last 2 to 12 points lie on a level of their own, and where it begins.

    Args:
        x: the series, its outliers not drawn in.
        start: first point of the level that is known last.
        inflation: of the variance of a mean of many, as neighbours resemble each other; few points
            are charged its root.
    """
    return _several(x, start, math.sqrt(inflation)) or _pair(x, start)


def _several(x: Floats, start: int, charge: float) -> Start | None:
    n = x.size
    most = min(_MOST, n - start - BEFORE)
    if most < _FEWEST:
        return None
    older = x[max(start, n - most - _REACH) : n - most]
    usual = median(older)
    sigma = max(spread(older - usual), FLOOR)
    at, best = 0, _LIMIT * charge
    for place in range(n - most, n - _FEWEST + 1):
        gap = median(x[place:]) - usual
        if abs(gap) >= max(LEAST, _CLEAR * sigma / math.sqrt(n - place)):
            moves = gap + sigma * _MOVES
            moves = moves[moves * gap >= LEAST * abs(gap)]
            gain = _gain(x[max(start, place - _REACH) : place], x[place:], moves)
            if gain > best:
                at, best = place, gain
    return Start(at=at, worth=math.sqrt(2.0 * best / charge)) if at else None


def _gain(before: Floats, now: Floats, moves: Floats) -> float:
    """Return the logarithm of how much likelier values are if the best of some moves is undone."""
    density = Density(before)
    moved = density.log(now - moves[:, np.newaxis]).sum(axis=1)
    return float(moved.max() - density.log(now).sum())


def _pair(x: Floats, start: int) -> Start | None:
    """Tell whether the last two points go far beyond all before, both on the same side."""
    at = x.size - _PAIR
    before = x[max(start, at - _REACH) : at]
    if before.size < _PAIR_BEFORE:
        return None
    now = x[at:] - median(before)
    least = float(np.abs(now).min())
    if now[0] * now[1] <= 0.0 or least < LEAST:
        return None
    # upwards, so that one direction is left to look at
    before = math.copysign(1.0, now[0]) * (before - median(before))
    if float(before.max()) > _WILD * least:
        return None
    limit = 3.5 * max(spread(before), FLOOR)
    drawn = np.clip(before, -limit, limit)
    sigma = max(math.sqrt(float(drawn @ drawn) / drawn.size), FLOOR)
    n = before.size
    worth = weight(least / sigma / math.sqrt(1 / _PAIR + 1 / n), n - 1)
    return Start(at=at, worth=worth) if worth > _PAIR_LIMIT else None
