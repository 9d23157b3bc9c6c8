"""Launches that another tool has measured: packed, as one file may hold a million of them."""

from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice
from struct import pack
from typing import overload

from perfci.model.measurement import Clock, Launch, Stage


@lru_cache(maxsize=256)
def _alone(size: int) -> "array[int]":
    """Return the sizes of a lone launch; nobody changes them, and so all can have the same."""
    return array("q", (size,))


class Given(Sequence[Launch]):
    """Launches read by one clock, in the order of their numbers; each is made when it is asked for.

    Args:
        clock: that read all of them.
        launches: the values of each, at least one, in base units.
    """

    __slots__ = ("clock", "sizes", "values")

    def __init__(self, clock: Clock, launches: Sequence[Sequence[float]]) -> None:
        self.clock = clock
        sizes = [len(values) for values in launches]
        self.sizes = _alone(sizes[0]) if len(sizes) == 1 else array("q", sizes)
        """How many values each launch has."""
        # in half the time that an array takes to be made of numbers one by one
        values = pack(f"{sum(sizes)}d", *chain.from_iterable(launches))
        self.values = array("d", values)
        """Those of all launches, one after the other."""

    @classmethod
    def packed(cls, clock: Clock, values: "array[float]", sizes: "array[int]") -> "Given":
        """Return launches whose values are packed already.

        Args:
            clock: that read all of them.
            values: of all launches, one after the other.
            sizes: how many values each launch has, at least one.
        """
        found = cls.__new__(cls)
        found.clock, found.values, found.sizes = clock, values, sizes
        return found

    def __len__(self) -> int:
        """Return how many launches there are."""
        return len(self.sizes)

    def __iter__(self) -> Iterator[Launch]:
        """Yield the launches."""
        start = 0
        for at, size in enumerate(self.sizes):
            yield Launch(
                number=at + 1,
                stage=Stage.SCREEN,
                position=at,
                clocks={self.clock: tuple(self.values[start : start + size])},
            )
            start += size

    @overload
    def __getitem__(self, place: int) -> Launch: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Launch, ...]: ...
    def __getitem__(self, place: int | slice) -> Launch | tuple[Launch, ...]:
        """Return one launch, or several."""
        if isinstance(place, int):
            at = range(len(self))[place]
            return next(islice(self, at, None))
        start, stop, step = place.indices(len(self))
        return tuple(islice(self, start, stop, step)) if step > 0 else tuple(self)[place]

    def __eq__(self, other: object) -> bool:
        """Return whether something holds the same launches."""
        if isinstance(other, Given):
            return (self.clock, self.sizes, self.values) == (other.clock, other.sizes, other.values)
        return tuple(self) == other

    def __hash__(self) -> int:
        """Return what equal launches have in common."""
        return hash((self.clock, len(self.sizes)))

    def __repr__(self) -> str:
        """Return how it is made."""
        return f"Given({self.clock!r}, {[each.clocks[self.clock] for each in self]!r})"
