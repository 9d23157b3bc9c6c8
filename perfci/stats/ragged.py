"""Rows of numbers that differ in length, as one array: a suite may have a million of them."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np

from perfci.stats.numeric import Floats, Integers

Row = Sequence[float] | Floats
_AT_ONCE = 1 << 16
"""Values that are sorted together, so that copies of a suite do not fill the memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ragged:
    """Rows, one after the other."""

    values: Floats
    sizes: Integers
    """Of each row, at least 1."""

    @property
    def starts(self) -> Integers:
        """Return where each row begins."""
        found: Integers = np.cumsum(self.sizes) - self.sizes
        return found

    def least(self) -> Floats:
        """Return the smallest value of each row."""
        if not len(self.sizes):
            return self.values
        found: Floats = np.minimum.reduceat(self.values, self.starts)
        return found

    def most(self) -> Floats:
        """Return the largest value of each row."""
        found: Floats = np.maximum.reduceat(self.values, self.starts)
        return found

    def by_length(self) -> Iterator[tuple[Integers, Floats]]:
        """Yield rows of one length as a sorted array, with their places; together all rows."""
        starts = self.starts
        for length in np.unique(self.sizes).tolist():
            every = np.flatnonzero(self.sizes == length)
            most = max(1, _AT_ONCE // length)
            for first in range(0, len(every), most):
                at = every[first : first + most]
                block = self.values[starts[at][:, None] + np.arange(length)]
                block.sort(axis=1)
                yield at, block


def ragged(rows: Sequence[Row]) -> Ragged:
    """Join rows of at least one value each."""
    sizes = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
    if rows and isinstance(rows[0], np.ndarray):
        return Ragged(values=np.concatenate(rows), sizes=sizes)
    return Ragged(values=flat(rows, "d"), sizes=sizes)


def flat(rows: Sequence[Iterable[float]], code: str) -> Any:
    """Join numbers of one type, by its code; those that are packed in one go."""
    packed = [row for row in rows if isinstance(row, array) and row.typecode == code]
    if len(packed) == len(rows):
        return np.frombuffer(b"".join(packed), dtype=code)
    return np.fromiter(chain.from_iterable(rows), dtype=code)
