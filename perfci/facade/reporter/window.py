"""What a framework's folder holds of the last days: stored runs, and what every test came to."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from perfci.baselines import whole_history
from perfci.baselines.branches import listed
from perfci.baselines.finding import load_run
from perfci.baselines.place import Place, place_of
from perfci.baselines.retention import began
from perfci.errors import FormatError, StoreError
from perfci.facade import kept
from perfci.model.evaluation import Evaluation
from perfci.model.history import History, Point, StoredRun
from perfci.model.identity import parse_key
from perfci.model.measurement import Clock
from perfci.model.metric import Better, built_in
from perfci.readers.timelines.runs import main_environment
from perfci.reports.words import count
from perfci.schema.document import NewerVersionError
from perfci.schema.line import load_line
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
    """Which way is better, by key, of metrics that are not perfci's own."""
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
    stored, told = _stored(home, branch, since)
    known = {run.id for run in stored}
    tested = [_line(each) for each in tests if each.recording.run.branch == branch]
    every = sorted(
        chain(stored, (run for run in tested if run.id not in known)),
        key=lambda run: (run.started_at, run.id),
    )
    fingerprint = main_environment([run.fingerprint for run in every])
    runs = tuple(run for run in every if run.fingerprint == fingerprint)
    left = len(every) - len(runs)
    others = f"{count(left, 'run')} of other environments cannot be compared with those shown"
    directions, unread = _directions(place_of(home.store, home.name, branch), stored)
    said = (*(each for each in read if isinstance(each, str)), *told, *unread)
    return Window(
        tests=tests,
        branch=branch,
        fingerprint=fingerprint,
        runs=runs,
        directions=directions,
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


def _stored(
    home: Home, branch: str, since: datetime
) -> tuple[tuple[StoredRun, ...], tuple[str, ...]]:
    """Return the stored runs; those that the index lacks are read one by one."""
    place = place_of(home.store, home.name, branch)
    index, told = whole_history(home.store, home.name, branch)
    known = {run.id: run for run in index.runs}
    for identity in place.run_ids():
        if began(identity) >= since and identity not in known:
            run, fault = _read(place, identity)
            known |= {identity: run} if run else {}
            told = (*told, fault) if fault else told
    runs = tuple(run for run in known.values() if began(run.id) >= since)
    renamed = History(branch=branch, runs=runs).renamed(home.project.loaded.settings.renamed)
    return renamed.runs, told


def _read(place: Place, identity: str) -> tuple[StoredRun | None, str]:
    name = place.run(identity)
    blob = place.store.get(name)
    if blob is None:  # pruned since it was listed
        return None, ""
    try:
        return load_line(blob.data, place.told(name)), ""
    except NewerVersionError as error:
        raise StoreError(error.message, hint=error.hint) from None
    except FormatError as error:
        return None, f"a stored run is left out: {error.message}"


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


def _directions(
    place: Place, runs: Sequence[StoredRun]
) -> tuple[Mapping[str, Better], tuple[str, ...]]:
    """Return which way is better where perfci does not know the metric: the runs say so."""
    foreign = {key: run.id for run in runs for key in run.points if not _known(key)}
    found: dict[str, Better] = {}
    told = []
    for identity in sorted(set(foreign.values())):
        try:
            measured = load_run(place, identity).run.recording.run.measurements
        except FormatError as error:
            told.append(f"lower counts as better, as {error.message}")
            continue
        found |= {item.key: item.metric.better for item in measured}
    return found, tuple(told)


def _known(key: str) -> bool:
    try:
        return built_in(parse_key(key)[1]) is not None
    except ValueError:
        return False
