"""Series while they are read: value by value, until they are put in the order of time."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from perfci.errors import FormatError
from perfci.model.metric import Better
from perfci.model.text import printable
from perfci.model.timeline import Spot, Timeline
from perfci.readers.histories.past import Leftovers
from perfci.readers.quantity import quantity

LIMIT = 4_000_000
"""Values that are looked at together, at most: they take 100 bytes of memory each."""
_LONGEST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Timelines:
    """All that was read, and what the reader of it has to know."""

    series: tuple[Timeline, ...]
    told: tuple[str, ...] = ()
    """Sentences; hostile text."""


@dataclass(slots=True, kw_only=True)
class Draft:
    """One series while it grows."""

    name: str
    unit: str
    """Base unit."""
    better: Better
    factor: float
    """Base units in one of the file's units."""
    spots: list[Spot] = field(default_factory=list)


class Drafts:
    """All series of one reading."""

    def __init__(self) -> None:
        self.left = Leftovers()
        self._drafts: dict[str, Draft] = {}
        self._twice: dict[str, int] = {}
        self._texts: dict[str, str] = {}
        self._count = 0

    def begin(self, name: str, unit: str, better: Better | None) -> Draft:
        """Begin a series; one whose name is taken gets a number behind it.

        Args:
            name: hostile text.
            unit: as the file writes it: `ns/iter`, `ms`, `1/s`, anything.
            better: None: the unit says so, or lower is better.
        """
        name = safe(name)
        if name in self._drafts:
            several = self._twice.get(name, 1) + 1
            self._twice[name] = several
            name = f"{name} ({several})"
        what = quantity(printable(unit, limit=100), better=better)
        draft = Draft(
            name=name,
            unit=what.metric.unit if unit.strip() else "",
            better=better or what.metric.better,
            factor=what.factor,
        )
        self._drafts[name] = draft
        return draft

    def of(self, name: str, unit: str, better: Better) -> Draft:
        """Return the series of a name, begun where there is none; its unit is a base unit."""
        found = self._drafts.get(name)
        if found is None:
            found = Draft(name=name, unit=unit, better=better, factor=1.0)
            self._drafts[name] = found
        return found

    def add(self, draft: Draft, commit: str, time: datetime | None, number: float) -> None:
        """Add a value to a series.

        Args:
            draft: the series.
            commit: hostile text.
            time: aware, or None.
            number: in the file's unit; finite.

        Raises:
            FormatError: these are more values than are looked at together.
        """
        self._count += 1
        if self._count > LIMIT:
            raise FormatError(
                f"there are more than {LIMIT:,} values; perfci looks at no more at a time",
                hint="name fewer files, or split them by series",
            )
        # equal texts are one: a thousand series share their commits
        known = self._texts.get(commit)
        if known is None:
            known = self._texts[commit] = printable(commit, limit=80)
        draft.spots.append(Spot(commit=known, time=time, value=number * draft.factor))

    def finished(self) -> Timelines:
        """Return all series in the order of time, and what was done to them."""
        series, sorted_, mixed = [], [], []
        repeated: Counter[str] = Counter()
        for draft in self._drafts.values():
            spots, was = _ordered(draft.spots)
            if was == "sorted":
                sorted_.append(draft.name)
            elif was == "mixed":
                mixed.append(draft.name)
            named = [spot.commit for spot in spots if spot.commit]
            if len(named) != len(set(named)):
                repeated[draft.name] = len(named) - len(set(named))
            series.append(
                Timeline(name=draft.name, unit=draft.unit, better=draft.better, spots=tuple(spots))
            )
        told = [
            _of(sorted_, "not in the order of time: sorted by it"),
            _of(mixed, "without a time at some points: the file's order is kept"),
            _of(list(repeated), "with several values of one commit: each counts as a point"),
            _of(
                [f"{name} ({number} times)" for name, number in self._twice.items()],
                "whose name occurs more than once: the later ones are numbered",
            ),
        ]
        return Timelines(
            series=tuple(series), told=(*self.left.sentences(), *(each for each in told if each))
        )


def safe(name: str) -> str:
    """Return a name as it is where it is harmless, else made so; never empty."""
    if len(name) <= _LONGEST and name.isprintable() and name.strip():
        return name
    return printable(name, limit=_LONGEST).strip() or "(no name)"


def _ordered(spots: list[Spot]) -> tuple[list[Spot], str]:
    """Return the spots oldest first, and what that took: nothing, `sorted` or `mixed`."""
    timed = [(spot.time, spot) for spot in spots if spot.time is not None]
    if not timed:
        return spots, ""
    if len(timed) < len(spots):
        return spots, "mixed"
    times = [time for time, _ in timed]
    if all(one <= other for one, other in pairwise(times)):
        return spots, ""
    if all(one >= other for one, other in pairwise(times)):
        return spots[::-1], "sorted"  # newest first, also where two have the same time
    return [spot for _, spot in sorted(timed, key=lambda pair: pair[0])], "sorted"


def _of(names: list[str], what: str) -> str:
    if not names:
        return ""
    return f"{len(names):,} series {what}, e.g. {names[0][:120]}"
