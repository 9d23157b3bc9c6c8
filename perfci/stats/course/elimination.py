"""Which changes of level stand, and which were an episode."""

from collections.abc import Sequence
from operator import attrgetter

from perfci.stats.course.noise import median
from perfci.stats.course.record import Edge, Record

_LONGEST = 15
"""Most points of an episode: what lasts longer has become a level."""
_AROUND = 40
_SAME = 0.02
_BACK = 3
"""Edges to go back to after a change, as it may have brought theirs nearer to each other."""


class Levels:
    """The levels of a series, and the edges between them, as they are thinned out."""

    def __init__(self, record: Record, bounds: Sequence[int]) -> None:
        self._record = record
        self.bounds = list(bounds)
        """0, the first point of every level after the first, and the length."""
        self.edges: list[Edge] = [self._tested(at) for at in range(len(bounds) - 2)]
        """One for each of the inner bounds."""

    def _tested(self, at: int) -> Edge:
        return self._record.test(*self.bounds[at : at + 3])

    def thin(self) -> None:
        """Drop edges that do not stand, the weakest first, until all do."""
        while (at := self._weakest_fallen()) is not None:
            self.drop(at)

    def _weakest_fallen(self) -> int | None:
        """Return the weakest edge that does not stand, without asking those that are stronger."""
        weakest_first = sorted(self.edges, key=attrgetter("worth"))
        fallen = next((edge for edge in weakest_first if not edge.move), None)
        return None if fallen is None else self.edges.index(fallen)

    def drop(self, at: int, count: int = 1) -> None:
        """Drop edges, and test the neighbours anew."""
        del self.edges[at : at + count], self.bounds[at + 1 : at + 1 + count]
        for near in (at - 1, at):
            if 0 <= near < len(self.edges):
                self.edges[near] = self._tested(near)

    def take_episodes(self) -> list[tuple[int, int]]:
        """Drop the two edges of every short while after which the old level came back.

        Returns:
            The first point of each, and the end.
        """
        taken: list[tuple[int, int]] = []
        at = 0
        while at + 1 < len(self.edges):
            start, first, end, stop = self.bounds[at : at + 4]
            if end - first <= _LONGEST and self._comes_back(start, first, end, stop):
                taken.append((first, end))
                self.drop(at, 2)
                self.thin()
                at = max(at - _BACK, 0)
            else:
                at += 1
        return sorted(taken)

    def _comes_back(self, start: int, first: int, end: int, stop: int) -> bool:
        x = self._record.x
        before = median(x[max(start, first - _AROUND) : first])
        after = median(x[end : min(stop, end + _AROUND)])
        return abs(after - before) <= max(_SAME, self._record.sigma)
