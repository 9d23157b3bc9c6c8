"""Which recorded launches a simulated suite is made of."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SIZE = 100
"""Benchmarks in a suite."""

Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """Suites of simulated benchmarks: one row a suite, one column a benchmark."""

    workload: Whole
    """Place of its workload among all."""
    start: Whole
    """First launch of its block; the launches that follow keep the drift of their minutes."""
    swapped: NDArray[np.bool_]
    """Whether base and head change places, where both are the same code."""
    percent: Whole
    """True slowdown."""


def draw(suites: int, workloads: int, launches: int, percent: int, seed: int) -> Draws:
    """Draw suites in which every fourth benchmark is slower by some per cent, or, by 0, none.

    Args:
        suites: how many.
        workloads: how many there are to draw from.
        launches: recorded of each.
        percent: true slowdown of the slower ones.
        seed: same seed, same suites.
    """
    chance = np.random.Generator(np.random.PCG64([seed, percent]))
    shape = (suites, SIZE)
    slower = np.broadcast_to(np.arange(SIZE) % 4 == 0, shape)
    drawn = np.where(slower, percent, 0)
    return Draws(
        workload=chance.integers(0, workloads, shape),
        start=chance.integers(0, launches, shape),
        swapped=(chance.random(shape) < 0.5) & (drawn == 0),
        percent=drawn,
    )
