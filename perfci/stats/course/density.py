"""How likely a value is, by the values that came before it."""

import math

import numpy as np
from numpy.typing import NDArray

from perfci.stats.course.noise import FLOOR, median, spread
from perfci.stats.numeric import Floats

_HALVINGS = 2
"""How often the width for normal noise is halved, to try narrower ones."""
_FOREIGN = 0.01
"""Density of a value like no other, as a share of the highest that there can be."""


class Density:
    """A density as known values show it, however many peaks that may have."""

    def __init__(self, known: Floats) -> None:
        """Choose the width under which each value is likeliest, given the others.

        Args:
            known: at least two values.
        """
        self.known = known
        width = max(spread(known - median(known)) * known.size**-0.2, FLOOR)
        least = _FOREIGN / width
        near = np.exp((known[:, np.newaxis] - known) ** 2 * (-0.5 / width**2))
        best = -math.inf
        for _ in range(_HALVINGS + 1):
            density = (near.sum(axis=1) - 1.0) / (width * known.size) + least
            likelihood = float(np.log(density).sum())
            if likelihood > best:
                best, self._width = likelihood, width
            width /= 2.0
            if width < FLOOR:
                break
            near *= near
            near *= near  # of half the width: to the fourth power

    def log(self, values: Floats, own: NDArray[np.int64] | None = None) -> Floats:
        """Return the logarithms of the density at some values.

        Args:
            values: of any number.
            own: which of the known values each of them is, as none is a witness of itself.
        """
        near = np.exp((values[..., np.newaxis] - self.known) ** 2 * (-0.5 / self._width**2))
        if own is not None:
            near[np.arange(own.size), own] = 0.0
        return np.asarray(np.log(near.sum(axis=-1) / self.known.size + _FOREIGN))
