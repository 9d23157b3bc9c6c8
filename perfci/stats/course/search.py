"""The whole search for changes of level, in many series side by side."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from perfci.stats.course.candidates import SHORTEST, Places, candidates
from perfci.stats.course.elimination import Levels
from perfci.stats.course.likeness import shift
from perfci.stats.course.newest import BEFORE, newest
from perfci.stats.course.noise import Guarded, inflation, residuals
from perfci.stats.course.partition import partition
from perfci.stats.course.placing import placed
from perfci.stats.course.ramp import drop_ramps, is_line
from perfci.stats.course.record import REACH, Record
from perfci.stats.course.second_look import split
from perfci.stats.numeric import Floats

_PRICE = 6.0
"""Of a change, in variances of a point and logarithms of the length."""
_YOUNG = 10
"""Points of a last level below which `newest` alone tells it, where there are enough before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The levels of a series, and its episodes."""

    bounds: tuple[int, ...]
    """0, the first point of every level after the first, and the length."""
    worths: tuple[float, ...] = ()
    """Of each inner bound: standard deviations of a normal variable."""
    moves: tuple[float, ...] = ()
    """How far each of them moved the level, as most pairs of values around it show."""
    spans: tuple[tuple[int, int], ...] = ()
    """First point and end of each episode."""


def search(series: Iterable[tuple[Floats, Guarded]]) -> list[Found]:
    """Find the changes of level in some series; levels of fewer than five points only at the end.

    Each step is taken in all series before the next one: code that has just run runs faster, which
    saves a quarter of the time.

    Args:
        series: each on its scale, and the same with its outliers drawn in.
    """
    searches = [_Search(x, clean) for x, clean in series]
    at_work = [one for one in searches if one.x.size >= 2 * SHORTEST]
    for step in _STEPS:
        for one in at_work:
            step(one)
    return [one.found() for one in searches]


class _Search:
    """The search in one series."""

    places: Places
    record: Record
    levels: Levels

    def __init__(self, x: Floats, clean: Guarded) -> None:
        self.x, self.clean = x, clean
        self.bounds = [0, x.size]
        self.worths: list[float] = []
        self.moves: list[float] = []
        self.spans: list[tuple[int, int]] = []

    def find_places(self) -> None:
        self.places = candidates(self.clean.y, self.clean.sigma)

    def choose_places(self) -> None:
        price = _PRICE * math.log(self.x.size) * self.clean.sigma**2
        self.bounds[1:1] = partition(self.clean.y, self.places, price)

    def sum_up(self) -> None:
        rest = residuals(self.clean.y, self.bounds)
        self.record = Record(self.x, self.clean, inflation(rest))

    def look_again(self) -> None:
        self.bounds = split(self.x, self.bounds)

    def test(self) -> None:
        self.levels = Levels(self.record, self.bounds)

    def thin(self) -> None:
        self.levels.thin()

    def take_episodes(self) -> None:
        self.spans = self.levels.take_episodes()

    def drop_ramps(self) -> None:
        drop_ramps(self.levels, self.record)

    def place(self) -> None:
        self.worths = [edge.worth for edge in self.levels.edges]
        self.moves = [edge.move for edge in self.levels.edges]
        self.bounds = placed(self.x, self.levels.bounds, self.moves)

    def look_at_the_newest(self) -> None:
        x, bounds, n = self.x, self.bounds, self.x.size
        if len(bounds) > 2 and n - bounds[-2] < _YOUNG and bounds[-2] - bounds[-3] >= BEFORE:
            del bounds[-2], self.worths[-1], self.moves[-1]
        start = bounds[-2]
        fresh = newest(x, start, self.record.inflation)
        if fresh and not is_line(self.record, (start, fresh.at, n), lead=0.0):
            bounds.insert(-1, fresh.at)
            self.worths.append(fresh.worth)
            self.moves.append(shift(x[max(start, fresh.at - REACH) : fresh.at], x[fresh.at :]))

    def found(self) -> Found:
        return Found(
            bounds=tuple(self.bounds),
            worths=tuple(self.worths),
            moves=tuple(self.moves),
            spans=tuple(self.spans),
        )


_STEPS = (
    _Search.find_places,
    _Search.choose_places,
    _Search.sum_up,
    _Search.look_again,
    _Search.test,
    _Search.thin,
    _Search.take_episodes,
    _Search.drop_ramps,
    _Search.place,
    _Search.look_at_the_newest,
)
