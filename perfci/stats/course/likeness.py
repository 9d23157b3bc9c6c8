"""Whether what came after is what came before, moved: or merely something else."""

import math

import numpy as np
from numpy.typing import NDArray

from perfci.stats.course.noise import FLOOR, median, spread
from perfci.stats.numeric import Floats

LEAST = math.log(1.02)
"""Smallest change that is told: 2 %."""
_FINE = 12
"""Steps of a standard deviation."""
_SIDE = 4 * _FINE
"""Steps on either side of the middle; what lies farther off counts as if it lay at the end."""
_REACH = 3 * _FINE
"""Steps that the move may differ by from that of most pairs of values."""
_POWERS = (np.abs(np.arange(-2 * _SIDE - _REACH, 2 * _SIDE + _REACH + 1)) + 0.5) ** 0.1
"""Of distances in steps. The power is low, so that many values that meet exactly count more than
that all come a little nearer."""
_LEFT = 0.14
"""Most that may be left of a difference, as a share, when the move is undone."""


def moved(before: Floats, after: Floats) -> float:
    """Return how far a level moved, or 0 where two stretches are not one scatter on two levels.

    A new mix of processors, or a while of wild values, moves means and ranks; but no move of all
    values makes the one stretch look like the other.

    Args:
        before: values on their scale.
        after: the same.

    Returns:
        What `shift` tells; at least 2 %, where it is not 0.
    """
    if min(before.size, after.size) < 2:
        return 0.0
    gap = shift(before, after)
    if abs(gap) < LEAST:
        return 0.0
    both = np.concatenate([before, after - gap])
    both -= median(before)
    # without the move, both are within reach of each other whatever the scatter
    width = max(spread(both) / _FINE, abs(gap) / _REACH, FLOOR / _FINE)
    apart = _apart(_steps(both, width), before.size)
    best = int(apart.argmin())
    move = gap + (_REACH - best) * width
    alike = float(apart[best]) < _LEFT * float(apart[_REACH + round(gap / width)])
    return gap if alike and move * math.copysign(1.0, gap) >= LEAST else 0.0


def shift(before: Floats, after: Floats) -> float:
    """Return the median of what lies between any value before and any after.

    Where the scatter has several peaks, the medians of both may lie on different ones.

    Source: Hodges and Lehmann, Annals of Mathematical Statistics 34, 1963.
    """
    between = (after[:, np.newaxis] - before).ravel()
    middle = between.size // 2
    # there are thousands: sorting them all takes longer
    between.partition(middle)
    high = float(between[middle])
    return high if between.size % 2 else (float(between[:middle].max()) + high) / 2


def _steps(values: Floats, width: float) -> NDArray[np.int64]:
    """Return the step on which each value lies, from 0."""
    steps = values / width + (_SIDE + 0.5)
    return np.minimum(np.maximum(steps, 0.0), 2.0 * _SIDE).astype(np.int64)


def _apart(steps: NDArray[np.int64], count: int) -> Floats:
    """Return how two stretches differ if the second is moved by each number of steps within reach.

    By the energy distance: mean distances across, less those within.

    Args:
        steps: on which the values of both lie.
        count: of the values of the first.

    Source: Székely and Rizzo, Journal of Statistical Planning and Inference 143, 2013.
    """
    within, shares, distances = 0.0, [], []
    for own in (steps[:count], steps[count:]):
        share = np.bincount(own, minlength=2 * _SIDE + 1) / own.size
        # the mean from each step on which a value of the other stretch may come to lie
        distance = np.convolve(_POWERS, share, "valid")
        mean = float(distance[_REACH:-_REACH] @ share)
        # no value is a pair with itself
        within += (mean * own.size - _POWERS[_POWERS.size // 2]) / (own.size - 1)
        shares.append(share)
        distances.append(distance)
    return 2.0 * np.correlate(distances[0], shares[1], "valid") - within
