"""What a history is told with: its series, its commits, what git says of them, and the verdict."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from perfci.model.timeline import Course, Culprit, Share
from perfci.reports.words import count

FEWEST = 10
"""Points below which a series has no two levels that could be told apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What the repository says of a commit; hostile text."""

    subject: str
    author: str
    span: int = 1
    """Commits from the one measured before it up to it: any of them may have done it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """All that is drawn."""

    courses: Sequence[Course]
    culprits: Sequence[Culprit]
    source: str
    """Where the series were read; hostile text."""
    notes: Mapping[str, Note] = field(default_factory=dict)
    """By commit, as far as the repository knows them."""


def headline(told: Told) -> str:
    """Return the verdict: `3 commits made something slower`."""
    bad, good = harmful(told.culprits), harmless(told.culprits)
    if not told.courses:
        return "there is no series to look at"
    if not told.culprits and all(len(course.timeline.spots) < FEWEST for course in told.courses):
        return "there are too few points to tell"
    made = f"{count(len(bad), 'commit')} made something {_word(bad, told, worse=True)}"
    better = f"{count(len(good), 'commit')} made something {_word(good, told, worse=False)}"
    if bad:
        return made
    return f"nothing got {_word(good, told, worse=True)}; {better}" if good else "nothing changed"


def harmful(culprits: Sequence[Culprit]) -> list[Culprit]:
    """Return the commits that made anything worse, in their order."""
    return [each for each in culprits if any(share.worse for share in each.shares)]


def harmless(culprits: Sequence[Culprit]) -> list[Culprit]:
    """Return the commits that only made something better, the most of it first."""
    found = [each for each in culprits if not any(share.worse for share in each.shares)]
    return sorted(found, key=lambda each: -sum(map(_size, each.shares)))


def ranked(culprit: Culprit) -> list[Share]:
    """Return what a commit did, what got worse first, and the largest of each first."""
    return sorted(culprit.shares, key=lambda share: (not share.worse, -_size(share)))


def _size(share: Share) -> float:
    """Return how much it is, so that twice and half are alike."""
    before, after = share.change.before, share.change.after
    if min(before, after) > 0.0:
        return abs(math.log(after) - math.log(before))
    return abs(share.change.change)


def _word(culprits: Sequence[Culprit], told: Told, *, worse: bool) -> str:
    units = {course.timeline.name: course.timeline.unit for course in told.courses}
    found = {units.get(s.name, "") for each in culprits for s in each.shares if s.worse == worse}
    return direction("s" if found <= {"s", "1/s"} else "", worse=worse)


def direction(unit: str, *, worse: bool) -> str:
    """Return `slower` and `faster` of times and rates, `worse` and `better` of all else."""
    if unit in {"s", "1/s"}:
        return "slower" if worse else "faster"
    return "worse" if worse else "better"
