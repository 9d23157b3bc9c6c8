"""How likely a value is, by the values that came before it."""

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
        self._each = np.full(known.size, 1.0 / known.size)
        self._width = width = max(spread(known - median(known)) * known.size**-0.2, FLOOR)
        near = self._near(known)
        widths, means = [width], [near @ self._each]
        while len(widths) <= _HALVINGS and widths[-1] >= 2.0 * FLOOR:
            widths.append(widths[-1] / 2.0)
            near *= near
            near *= near  # of half the width: to the fourth power
            means.append(near @ self._each)
        others = np.concatenate(means).reshape(len(widths), known.size)
        others -= 1.0 / known.size
        others /= np.array(widths)[:, np.newaxis]
        others += _FOREIGN / width
        self._width = widths[int(np.log(others, out=others).sum(axis=1).argmax())]

    def log(self, values: Floats, own: NDArray[np.int64] | None = None) -> Floats:
        """Return the logarithms of the density at some values.

        Args:
            values: of any number.
            own: which of the known values each of them is, as none is a witness of itself.
        """
        near = self._near(values)
        if own is not None:
            near[np.arange(own.size), own] = 0.0
        return np.asarray(np.log(near @ self._each + _FOREIGN))

    def _near(self, values: Floats) -> Floats:
        """Return how near each value is to each known one: 1 where they are equal."""
        near = np.asarray(values[..., np.newaxis] - self.known)
        near *= near
        near *= -0.5 / self._width**2
        return np.exp(near, out=near)
