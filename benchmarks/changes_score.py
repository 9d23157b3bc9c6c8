"""What change points are worth against known ones: the scores of `benchmarks/changes.py`."""

import gzip
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Values = Sequence[float]
Finder = Callable[[Values], Sequence[int]]
"""From values to the first points of new levels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One series with its truth."""

    name: str
    kind: str
    """real, semi-synthetic or hand-labelled."""
    variant: str
    """Of a semi-synthetic one: quiet, drift, multi or step20, say."""
    half: int
    """0 or 1, by repository."""
    values: tuple[float, ...]
    labels: tuple[int, ...]
    optional: tuple[int, ...]
    """Labels that count neither as found nor as false."""


def load(path: Path) -> list[Case]:
    """Read the series; the repositories, sorted by name, belong to the two halves in turn."""
    records: list[dict[str, Any]] = json.loads(gzip.decompress(path.read_bytes()))
    halves = {repo: at % 2 for at, repo in enumerate(sorted({one["repo"] for one in records}))}
    return [
        Case(
            name=one["name"],
            kind=one["kind"],
            variant=one.get("variant") or "",
            half=halves[one["repo"]],
            values=tuple(float(point["value"]) for point in one["points"]),
            labels=tuple(one["labels"] or ()),
            optional=tuple(one.get("optional") or ()),
        )
        for one in records
    ]


def matched(labels: Iterable[int], found: Iterable[int], reach: int) -> set[tuple[int, int]]:
    """Match labels and what was found one to one, the nearest first."""
    near = sorted((abs(one - other), one, other) for one in labels for other in found)
    pairs: set[tuple[int, int]] = set()
    for distance, label, at in near:
        taken = any(label == one or at == other for one, other in pairs)
        if distance <= reach and not taken:
            pairs.add((label, at))
    return pairs


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Counts over many series."""

    hits: int
    false: int
    missed: int

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall."""
        return 2 * self.hits / max(2 * self.hits + self.false + self.missed, 1)

    @property
    def recall(self) -> float:
        """Return the share of the labels that was found."""
        return self.hits / max(self.hits + self.missed, 1)


def score(cases: Iterable[Case], found: Mapping[str, Sequence[int]], reach: int) -> Score:
    """Count hits, false and missed ones."""
    hits = false = missed = 0
    for case in cases:
        pairs = matched(case.labels, found[case.name], reach)
        rest = [at for at in found[case.name] if all(at != other for _, other in pairs)]
        hits += len(pairs)
        missed += len(case.labels) - len(pairs)
        false += len(rest) - len(matched(case.optional, rest, reach))
    return Score(hits=hits, false=false, missed=missed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table."""

    f1_near: float
    f1: float
    hand: float | None
    alarms: float
    recalls: tuple[float, ...]
    """Of steps of 5, 10, 20 and 50 %."""


def row(cases: Sequence[Case], found: Mapping[str, Sequence[int]]) -> Row:
    """Score what was found; drifting series are left out of F1."""
    made = [one for one in cases if one.kind == "semi-synthetic" and one.variant != "drift"]
    quiet = [one for one in made if one.variant == "quiet"]
    hand = [one for one in cases if one.kind == "hand-labelled"]
    points = sum(len(one.values) for one in quiet)
    return Row(
        f1_near=score(made, found, 2).f1,
        f1=score(made, found, 5).f1,
        hand=score(hand, found, 5).f1 if any(one.labels for one in hand) else None,
        alarms=100 * sum(len(found[one.name]) for one in quiet) / max(points, 1),
        recalls=tuple(
            score([one for one in made if one.variant == f"step{size}"], found, 5).recall
            for size in (5, 10, 20, 50)
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Online:
    """What a run after every commit would have told."""

    delays: tuple[int, ...]
    """Commits after a step of 20 % until it was told; 99 where it was not within 15."""
    alarms: float
    """Different places named, per 100 commits of quiet series."""


def online(cases: Iterable[Case], find: Finder) -> Online:
    """Run again after each commit, from the tenth on."""
    delays: list[int] = []
    alarms = commits = 0
    for case in cases:
        n = len(case.values)
        if case.variant == "step20":
            (label,) = case.labels
            ends = range(label + 1, min(n, label + 16) + 1)
            told = (e for e in ends if matched([label], find(case.values[:e]), 5))
            delays.append(next(told, label + 100) - label - 1)
        elif case.variant == "quiet":
            seen: list[int] = []
            for end in range(10, n + 1):
                for at in find(case.values[:end]):
                    if all(abs(at - other) > 5 for other in seen):
                        seen.append(at)
            alarms, commits = alarms + len(seen), commits + n
    return Online(delays=tuple(delays), alarms=100 * alarms / max(commits, 1))
