"""Who goes first in each pair; the same seed tosses the same coins."""

import numpy as np


def coins(seed: int, n: int) -> tuple[bool, ...]:
    """Toss `n` fair coins; True puts base first.

    Args:
        seed: 64 bits, of the launch.
        n: how many, at least 0.
    """
    chance = np.random.Generator(np.random.PCG64(seed))
    return tuple(bool(side) for side in chance.integers(0, 2, size=n))
