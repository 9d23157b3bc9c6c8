"""What the store knows of a branch: its recent runs, series by series."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from perfci.model.identity import renamed_key
from perfci.model.measurement import Clock
from perfci.model.metric import Better


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One series in one stored run."""

    centres: Mapping[Clock, float]
    """Median of launch medians in base units, for every clock that was read."""
    clock: Clock
    """The clock that decided in that run."""
    spread: float
    """Standard deviation of the launch values' logarithms; 0.0 with fewer than 2 launches."""
    n: int
    """Launches behind the centre."""
    unit: str
    better: Better | None = None
    """Which way is an improvement, where the metric's name does not say it; None also of points
    that were stored before this was."""
    regressed: bool = False
    """True where the run's verdict called this series worse: left out of the baseline."""
    accepted: bool = False
    """True where that was accepted after all, then or later: the baseline starts anew here."""

    @property
    def counts(self) -> bool:
        """Return whether it may be compared with: it got no worse, or that was accepted."""
        return self.accepted or not self.regressed


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRun:
    """One line of the index: a run of the branch without its raw values."""

    id: str
    commit: str
    started_at: datetime
    fingerprint: str
    verdict: str
    points: Mapping[str, Point]
    """By series key."""
    partial: bool = False
    """True where only some of the configured benchmarks were asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """What somebody decided about a branch: these series may be as bad as in these runs."""

    id: str
    """Unique in the branch and sorted by time, like a run's."""
    branch: str
    accepted_at: datetime
    """Aware."""
    commit: str
    """Full hash of what was checked out then; empty outside a repository."""
    globs: tuple[str, ...]
    """As they were written: hostile text."""
    reason: str
    """As it was written: hostile text."""
    series: Mapping[str, tuple[str, ...]]
    """Ids of the accepted runs, by the key that the series has in them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The recent runs of one branch, oldest first."""

    branch: str
    runs: tuple[StoredRun, ...] = ()
    acceptances: tuple[str, ...] = ()
    """Ids of those whose marks the points carry; see `Acceptance`."""

    def with_accepted(self, acceptance: Acceptance) -> "History":
        """Return it with the points marked that somebody accepted; the others stay."""
        known = {*self.acceptances, acceptance.id}
        runs = tuple(_accepted(run, acceptance) for run in self.runs)
        return replace(self, runs=runs, acceptances=tuple(sorted(known)))

    def renamed(self, names: Mapping[str, str]) -> "History":
        """Return it with new benchmark names, `suite/benchmark` by old; see `renamed_key`.

        Where a run holds both names, the new one's own points stay.
        """
        if not names:
            return self
        return replace(self, runs=tuple(_renamed(run, names) for run in self.runs))

    def comparable(self, fingerprint: str) -> tuple[StoredRun, ...]:
        """Return the runs of an equal environment, oldest first."""
        return tuple(run for run in self.runs if run.fingerprint == fingerprint)


def _accepted(run: StoredRun, acceptance: Acceptance) -> StoredRun:
    marked = {
        key: replace(point, accepted=True)
        for key, point in run.points.items()
        if point.regressed and run.id in acceptance.series.get(key, ())
    }
    return replace(run, points={**run.points, **marked}) if marked else run


def _renamed(run: StoredRun, names: Mapping[str, str]) -> StoredRun:
    old = {renamed_key(key, names): point for key, point in run.points.items()}
    kept = {key: point for key, point in run.points.items() if renamed_key(key, names) == key}
    return replace(run, points={**old, **kept})
