"""How many launches a fixed design needs for the power of the sequential rule."""

from collections.abc import Callable
from dataclasses import replace

from benchmarks.noise.follow import PAIRED
from benchmarks.noise.tally import Tally
from perfci.stats.series import Design

MOST = 48
"""More launches a side are not tried."""


def fixed_design(launches: int) -> Design:
    """Return the design that measures everything equally often and decides once."""
    return replace(PAIRED, rounds=launches)


def equal_power(judge: Callable[[Design], Tally], change: float, power: float) -> int:
    """Return the smallest number of launches by which as many slowdowns are found.

    Args:
        judge: judges the same suites by any design.
        change: true slowdown that is to be found.
        power: share of them that has to be found.

    Returns:
        At most `MOST`, also where that is not enough.
    """
    low, high = 3, MOST
    while low < high:
        middle = (low + high) // 2
        if judge(fixed_design(middle)).found(change) >= power:
            high = middle
        else:
            low = middle + 1
    return low
