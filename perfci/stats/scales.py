"""Many series at once on the scale of y, on which + is worse, and back: `Terms`, in columns."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from perfci.stats.numeric import Floats
from perfci.stats.ragged import Ragged
from perfci.stats.terms import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Scales:
    """The scales of several series; each method takes and returns one number a series."""

    absolute: NDArray[np.bool_]
    """Whether y is a difference of plain values, and not of logarithms."""
    sign: Floats
    """+1 where a larger value is worse, else -1."""

    def values(self, raw: Floats) -> Floats:
        """Return measured values on the scale of y, not yet turned; raw > 0 for ratios."""
        return _logarithms(raw, self.absolute)

    def rows(self, raw: Ragged) -> Ragged:
        """Return a row of measured values for each series as `values` does."""
        absolute = np.repeat(self.absolute, raw.sizes)
        return Ragged(values=_logarithms(raw.values, absolute), sizes=raw.sizes)

    def raws(self, values: Floats) -> Floats:
        """Return the measured values behind those on the scale of y; the inverse of `values`."""
        return np.where(self.absolute, values, np.exp(np.minimum(values, 709.0)))

    def sizes(self, worsenings: Floats) -> Floats:
        """Return worsenings on the scale of y as ratios minus 1, or as they are."""
        return np.where(self.absolute, worsenings, np.expm1(np.minimum(worsenings, 700.0)))

    def changes(self, worsenings: Floats) -> Floats:
        """Return worsenings on the scale of y as changes, signed as measured."""
        return self.sizes(self.sign * worsenings)


def scales_of(terms: Sequence[Terms]) -> Scales:
    """Return the scales of series in these terms."""
    return Scales(
        absolute=np.array([each.absolute for each in terms], dtype=np.bool_),
        sign=np.array([each.sign for each in terms], dtype=np.float64),
    )


def _logarithms(raw: Floats, absolute: NDArray[np.bool_]) -> Floats:
    return np.where(absolute, raw, np.log(np.where(absolute, 1.0, raw)))
