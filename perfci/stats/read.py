"""What a clock read in launches, all at once: a suite may have a million of them."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

from perfci.model.given import Given
from perfci.model.measurement import Clock, Launch
from perfci.stats.ragged import Ragged, flat


class Read(Protocol):
    """What a clock read in several launches; `Given` holds it so."""

    @property
    def values(self) -> Sequence[float]:
        """Return those of all launches, one after the other."""

    @property
    def sizes(self) -> Sequence[int]:
        """Return how many values each launch has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    values: Sequence[float]
    sizes: Sequence[int]


def opened(read: Read) -> Read:
    """Return the values of a lone launch as if each were one; several launches as they are."""
    if len(read.sizes) != 1:
        return read
    return _Read(values=read.values, sizes=array("q", (1,)) * len(read.values))


def rows_of(sides: Sequence[Read]) -> Ragged:
    """Return what was read, a row a launch, of all sides one after the other."""
    return Ragged(
        values=flat([it.values for it in sides], "d"),
        sizes=flat([it.sizes for it in sides], "q"),
    )


def read_by(clock: Clock, launches: Sequence[Launch]) -> Read:
    """Return what a clock read in launches; 0 values of one that it did not read."""
    if isinstance(launches, Given) and launches.clock is clock:
        return launches
    each = [launch.clocks.get(clock, ()) for launch in launches]
    return _Read(values=tuple(chain.from_iterable(each)), sizes=tuple(map(len, each)))


def clocks_of(launches: Sequence[Launch], first: int) -> set[Clock]:
    """Return the clocks that read each of the first of at least one launch."""
    if isinstance(launches, Given):
        return {launches.clock}
    return set.intersection(*(set(launch.clocks) for launch in launches[:first]))
