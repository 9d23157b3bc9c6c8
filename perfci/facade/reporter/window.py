"""What a framework's folder holds of the last days: stored runs, and what every test came to."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from perfci.baselines.branches import listed
from perfci.baselines.every_run import Bounds, every_run
from perfci.baselines.place import place_of
from perfci.baselines.retention import began
from perfci.facade import kept
from perfci.model.evaluation import Evaluation
from perfci.model.history import Point, StoredRun
from perfci.model.measurement import Clock
from perfci.model.metric import Better
from perfci.readers.timelines.runs import main_environment
from perfci.reports.words import count
from perfci.wiring.live import Home


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """All of it."""

    tests: tuple[Evaluation, ...]
    """Of every branch and environment, oldest first."""
    branch: str
    """Whose runs are shown: the one that is checked out, if anything of it is kept."""
    fingerprint: str
    """Of the environment that is shown: most of the newest runs are of it."""
    runs: tuple[StoredRun, ...]
    """Of that branch and environment, tests among them, oldest first."""
    directions: Mapping[str, Better]
    """Which way is better, by key, of what is stored."""
    warnings: tuple[str, ...]


def window_of(home: Home, since: datetime) -> Window:
    """Read it.

    Args:
        home: of the framework.
        since: aware; what is older is left out.

    Raises:
        StoreError: the folder cannot be read, or a newer perfci wrote to it.
    """
    read = tuple(kept.kept_since(home.store, since))
    tests = tuple(
        sorted(
            (each for each in read if isinstance(each, Evaluation)),
            # ids tell no order within a second
            key=lambda each: each.recording.run.started_at,
        )
    )
    branch = _branch(home, tests, since)
    stored = every_run(
        place_of(home.store, home.name, branch),
        home.name,
        Bounds(since=since),
        home.project.loaded.settings.renamed,
    )
    known = {run.id for run in stored.runs}
    tested = [_line(each) for each in tests if each.recording.run.branch == branch]
    every = sorted(
        chain(stored.runs, (run for run in tested if run.id not in known)),
        key=lambda run: (run.started_at, run.id),
    )
    fingerprint = main_environment([run.fingerprint for run in every])
    runs = tuple(run for run in every if run.fingerprint == fingerprint)
    left = len(every) - len(runs)
    others = f"{count(left, 'run')} of other environments cannot be compared with those shown"
    said = (*(each for each in read if isinstance(each, str)), *stored.warnings)
    return Window(
        tests=tests,
        branch=branch,
        fingerprint=fingerprint,
        runs=runs,
        directions=stored.directions,
        warnings=(*said, others) if left else said,
    )


def _branch(home: Home, tests: Iterable[Evaluation], since: datetime) -> str:
    """Return head's own branch, else the default one, else the one with the newest run."""
    found: dict[str, str] = {each.recording.run.branch: each.recording.run.id for each in tests}
    for each in listed(home.store, home.name):
        young = [identity for identity in each.runs[-1:] if began(identity) >= since]
        for identity in young:
            found[each.branch] = max(identity, found.get(each.branch, ""))
    for branch in (home.branch, home.project.context.default_branch):
        if branch in found:
            return branch
    return max(found, key=lambda branch: found[branch], default=home.branch)


def _line(test: Evaluation) -> StoredRun:
    """Return a test as a line of the index would tell it."""
    run = test.recording.run
    points = {}
    for finding in test.verdict.findings:
        head, clock = finding.comparison.head, finding.comparison.clock or Clock.VALUE
        if head is not None and math.isfinite(head.point):
            points[finding.key] = Point(
                centres={clock: head.point},
                clock=clock,
                spread=0.0,
                n=head.n,
                unit=finding.comparison.metric.unit,
            )
    return StoredRun(
        id=run.id,
        commit=run.commit,
        started_at=run.started_at,
        fingerprint=run.environment.fingerprint,
        verdict=test.verdict.status.value,
        points=points,
    )
