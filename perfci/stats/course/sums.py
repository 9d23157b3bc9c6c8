"""Sums over any stretch of a series, as differences of the sums of its first values."""

import numpy as np

from perfci.stats.numeric import Floats


def sums(values: Floats) -> Floats:
    """Return the sums of the first 0, 1, 2 and more values: one more than there are values."""
    found = np.zeros(values.size + 1)
    values.cumsum(out=found[1:])
    return found
