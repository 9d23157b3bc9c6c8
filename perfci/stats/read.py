"""What a clock read in launches, all at once: a suite may have a million of them."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

from perfci.model.given import Given
from perfci.model.measurement import Clock, Launch
from perfci.stats.ragged import Ragged, flat


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a clock read in several launches."""

    values: Sequence[float]
    """Of all launches, one after the other."""
    sizes: Sequence[int]
    """How many values each launch has."""

    def opened(self) -> "Read":
        """Return the values of a lone launch as if each were one; several launches as they are."""
        alone = len(self.sizes) == 1
        return replace(self, sizes=array("q", (1,)) * len(self.values)) if alone else self


def rows_of(sides: Sequence[Read]) -> Ragged:
    """Return what was read, a row a launch, of all sides one after the other."""
    return Ragged(
        values=flat([it.values for it in sides], "d"),
        sizes=flat([it.sizes for it in sides], "q"),
    )


def read_by(clock: Clock, launches: Sequence[Launch]) -> Read:
    """Return what a clock read in launches; 0 values of one that it did not read."""
    if isinstance(launches, Given) and launches.clock is clock:
        return Read(values=launches.values, sizes=launches.sizes)
    each = [launch.clocks.get(clock, ()) for launch in launches]
    return Read(values=tuple(chain.from_iterable(each)), sizes=tuple(map(len, each)))


def clocks_of(launches: Sequence[Launch], first: int) -> set[Clock]:
    """Return the clocks that read each of the first of at least one launch."""
    if isinstance(launches, Given):
        return {launches.clock}
    return set.intersection(*(set(launch.clocks) for launch in launches[:first]))
