"""Which commits changed something: the changes of all series, commit by commit."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from perfci.model.timeline import Course, Culprit, LevelChange, Share

_NEAR = 2
"""How many points away, in its own series, a change may have been placed wrongly."""

Key = tuple[str, datetime | None]
"""A commit; with its time only where it has no name, as a nameless one is no other's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Accusation:
    """One change of one series, and whom it may mean."""

    course: Course
    change: LevelChange
    number: int
    """Of the series, in the order given."""

    def key(self, index: int) -> Key:
        spot = self.course.timeline.spots[index]
        return spot.commit, None if spot.commit else spot.time

    @property
    def named(self) -> Key:
        return self.key(self.change.index)

    def near(self) -> list[Key]:
        """Return the other commits around, the nearest first."""
        at, last = self.change.index, len(self.course.timeline.spots) - 1
        around = [at + way * off for off in range(1, _NEAR + 1) for way in (1, -1)]
        keys = [self.key(index) for index in around if 0 <= index <= last]
        return [key for key in dict.fromkeys(keys) if key != self.named]

    @property
    def worse(self) -> bool:
        return self.change.worse(self.course.timeline)

    def size(self) -> float:
        """Return how much it is: a logarithm of the ratio, of a sort where values may be 0."""
        before, after = self.change.before, self.change.after
        if min(before, after) > 0.0:
            return abs(math.log(after) - math.log(before))
        usual = max(abs(before), abs(after))
        return math.log1p(min(abs(self.change.change) / usual, 2.0)) if usual else 0.0


def culprits(courses: Iterable[Course]) -> tuple[Culprit, ...]:
    """Group the changes of all series by commit, the most damage first.

    A change may have been placed a point or two beside its commit. So the commits are gone
    through by the number of series whose change names exactly them, and each takes in the changes
    of further series that lie at most two points away, counted in the series of that change, and
    that no other commit has taken yet. A series whose own change names the commit gives no second
    one. Where the commits of a source have no names, their times stand for them.
    """
    all_of_them = [
        _Accusation(course=course, change=change, number=number)
        for number, course in enumerate(courses)
        for change in course.changes
    ]
    named: dict[Key, list[_Accusation]] = {}
    near: dict[Key, list[_Accusation]] = {}
    for one in all_of_them:
        named.setdefault(one.named, []).append(one)
    for one in all_of_them:
        for key in one.near():
            if key in named:
                near.setdefault(key, []).append(one)
    taken: set[int] = set()
    found = []
    for key in sorted(named, key=lambda it: -len({one.number for one in named[it]})):
        own = [one for one in named[key] if id(one) not in taken]
        if not own:
            continue
        series = {one.number for one in own}
        for one in near.get(key, ()):
            if id(one) not in taken and one.number not in series:
                own.append(one)
                series.add(one.number)
        taken.update(id(one) for one in own)
        found.append(_culprit(key, own))
    return tuple(sorted(found, key=lambda it: -it.damage))


def _culprit(key: Key, own: list[_Accusation]) -> Culprit:
    ranked = sorted(own, key=lambda one: -one.size() if one.worse else one.size() + 1e9)
    shares = tuple(
        Share(name=one.course.timeline.name, change=one.change, worse=one.worse) for one in ranked
    )
    first = next(one for one in own if one.named == key)
    return Culprit(
        commit=key[0],
        time=first.course.timeline.spots[first.change.index].time,
        shares=shares,
        damage=math.fsum(one.size() for one in own if one.worse),
    )
