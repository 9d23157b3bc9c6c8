"""On which scale a series is looked at: logarithms, or shares of its usual size."""

import math
from dataclasses import dataclass

import numpy as np

from perfci.stats.course.noise import median
from perfci.stats.numeric import Floats

_LARGEST = 1e6
"""Furthest from 0 that a value may lie in units of the usual size: beyond it, sums of squares
would drown everything else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaled:
    """A series as the search sees it: free of unit, and near 0 where nothing happens."""

    x: Floats
    relative: bool
    """Whether x holds logarithms, so that a difference is a ratio."""


def scaled(values: Floats) -> Scaled:
    """Return the logarithms of values above 0; else the values in units of their usual size.

    Multiplying all values by a power of two changes no bit of the result, and no finite value
    overflows.

    Args:
        values: finite, at least one.
    """
    if values.min() > 0.0:
        mantissa, exponent = np.frexp(values)
        # first in whole powers of two, which are exact: two of the series' points may lie far apart
        # rounded down, as cutting off the half would go towards 0 from either side
        logs = np.log(mantissa) + (exponent - math.floor(median(exponent))) * np.log(2.0)
        return Scaled(x=logs - median(logs), relative=True)
    return Scaled(x=_shares(values), relative=False)


def _shares(given: Floats) -> Floats:
    size = np.abs(given)
    top = size.max()
    if top == 0.0:
        return given
    small = np.ldexp(given, -int(np.frexp(top)[1]))
    usual = median(np.abs(small))
    if usual == 0.0:  # mostly zeros: what is not zero sets the scale
        usual = median(np.abs(small[small != 0.0]))
    return np.clip(small / max(usual, 1e-300), -_LARGEST, _LARGEST)
