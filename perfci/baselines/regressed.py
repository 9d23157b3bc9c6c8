"""What of a branch is regressed now: the series whose newest runs are red, and since when."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from perfci.model.history import History, Point
from perfci.model.identity import parse_key
from perfci.stats.level import height, near
from perfci.stats.points import points_by_series


@dataclass(frozen=True, slots=True, kw_only=True)
class Regressed:
    """One series that is worse than its baseline in the newest run that measured it."""

    key: str
    fingerprint: str
    """Of the environment in which that is so."""
    runs: tuple[str, ...]
    """Ids of the regressed runs at this level: an uninterrupted row up to the newest."""
    unit: str
    before: float | None
    """Median of the baseline in base units; None where none is left in the index."""
    now: float | None
    """Median of these runs in base units; None where they hold no value."""


def regressed_now(history: History) -> tuple[Regressed, ...]:
    """Return every series that is regressed now and not accepted, by key and environment.

    Args:
        history: of a branch, under the names that are in use now.
    """
    found = []
    for fingerprint in sorted({run.fingerprint for run in history.runs}):
        rows: dict[str, list[tuple[str, Point]]] = {}
        for run in history.comparable(fingerprint):
            for key, point in run.points.items():
                rows.setdefault(key, []).append((run.id, point))
        baselines = points_by_series(history, fingerprint)
        for key, row in rows.items():
            if not row[-1][1].counts and _is_key(key):
                found.append(_regressed(key, fingerprint, row, baselines.get(key, ())))
    return tuple(sorted(found, key=lambda item: (item.key, item.fingerprint)))


def _regressed(
    key: str, fingerprint: str, row: Sequence[tuple[str, Point]], baseline: Iterable[Point]
) -> Regressed:
    newest = row[-1][1]
    value = newest.centres.get(newest.clock)
    before = height(baseline, newest)
    reach = [row[-1]]
    for identity, point in reversed(row[:-1]):
        there = point.centres.get(newest.clock, math.nan)
        if point.counts or point.unit != newest.unit:
            break
        if value is None or not near(there, value, before):
            break
        reach.append((identity, point))
    return Regressed(
        key=key,
        fingerprint=fingerprint,
        runs=tuple(identity for identity, _ in reversed(reach)),
        unit=newest.unit,
        before=before,
        now=height((point for _, point in reach), newest),
    )


def _is_key(key: str) -> bool:
    """Tell whether perfci wrote this key: nothing else can be named by a glob."""
    try:
        parse_key(key)
    except ValueError:
        return False
    return True
