"""Whether the newest points have left the level: few as they are, they must do it plainly."""

import math
from dataclasses import dataclass

import numpy as np

from perfci.stats.course.noise import FLOOR, median, spread
from perfci.stats.course.record import LEAST
from perfci.stats.course.scores import normal_scores, weight
from perfci.stats.numeric import Floats

_FEWEST_BEFORE, _REACH = 10, 100
_PAIR, _MOST = 2, 12
_LIMIT = 3.6
"""Standard deviations that the ranks of three and more points must be worth; p = 0.0003."""
_PAIR_LIMIT = 5.5
"""The same of the nearer of two points, which have no ranks to speak of."""
_WILD = 0.5
"""How far an earlier point may have gone, as a share, for two that go farther to be a level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Where the newest level begins."""

    at: int
    worth: float
    """Standard deviations of a normal variable."""


def newest(x: Floats, start: int) -> Start | None:
    """Tell whether the last 2 to 12 points lie on a level of their own.

    Args:
        x: the series, its outliers not drawn in.
        start: first point of the level that is known last.
    """
    for count in range(_PAIR, _MOST + 1):
        at = x.size - count
        before = x[max(start, at - _REACH) : at]
        if before.size < _FEWEST_BEFORE:
            return None
        usual = median(before)
        gap = median(x[at:]) - usual
        if abs(gap) < LEAST:
            continue
        turned = math.copysign(1.0, gap)
        if count == _PAIR:
            worth = _pair(turned * (before - usual), turned * (x[at:] - usual))
        else:
            worth = _ranks(x[x.size - count - before.size :], count, turned)
        if worth > (_PAIR_LIMIT if count == _PAIR else _LIMIT):
            return Start(at=at, worth=worth)
    return None


def _pair(before: Floats, now: Floats) -> float:
    """Return the worth of the nearer of two points; 0 where an earlier one went half as far."""
    least = float(now.min())
    if least < LEAST or float(before.max()) > _WILD * least:
        return 0.0
    limit = 3.5 * max(spread(before), FLOOR)
    drawn = np.clip(before, -limit, limit)
    sigma = max(math.sqrt(float(drawn @ drawn) / drawn.size), FLOOR)
    n = before.size
    return weight(least / sigma / math.sqrt(1 / _PAIR + 1 / n), n - 1)


def _ranks(x: Floats, count: int, turned: float) -> float:
    scores = normal_scores(x)
    power = float(scores @ scores)
    if power <= 0.0:
        return 0.0
    n = x.size
    total = turned * float(scores[-count:].sum())
    return total / math.sqrt(power / (n - 1) * count * (n - count) / n)
