"""The series of a branch in the store, over all of its runs that are kept."""

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from perfci.baselines import whole_history
from perfci.baselines.finding import load_run
from perfci.baselines.place import Place, place_of
from perfci.baselines.retention import began
from perfci.cli.baselines import Opened, called, open_baselines
from perfci.cli.progress import progress
from perfci.errors import ConfigurationError, FormatError, StoreError
from perfci.model.history import History, StoredRun
from perfci.model.identity import parse_key
from perfci.model.metric import Better, built_in
from perfci.model.text import printable
from perfci.readers.timelines.drafts import Drafts, Timelines
from perfci.readers.timelines.runs import Reading, Sighting, add_runs
from perfci.schema.document import NewerVersionError
from perfci.schema.line import load_line
from perfci.wiring.project import Project


def stored_timelines(options: Namespace, since: datetime | None) -> tuple[Timelines, str]:
    """Return the series of a branch, and where they were read.

    Args:
        options: of the command line.
        since: older runs are not read.

    Raises:
        StoreError: the store cannot be read.
        ConfigurationError: it is not known whose runs are meant.
    """
    opened = open_baselines(options)
    branch = options.branch if options.branch is not None else _tracked(opened.project)
    place = place_of(opened.store, opened.name, branch)
    index, warnings = whole_history(opened.store, opened.name, branch)
    for warning in warnings:
        progress().warn(warning)
    runs = _runs(place, index, since, options.last)
    where = f"{called(branch)} in {printable(opened.store.url)}"
    if not runs:
        progress().warn(_nothing(opened, where, since))
    renamed = History(branch=branch, runs=runs).renamed(opened.project.loaded.settings.renamed)
    drafts = Drafts()
    told = add_runs(_sightings(place, renamed.runs), drafts, everywhere=options.all_environments)
    made = drafts.finished()
    return replace(made, told=(*told, *made.told)), where


def _tracked(project: Project) -> str:
    """Return the branch whose runs become baselines; of several, the one that is checked out."""
    context, branches = project.context, project.loaded.settings.branches
    if context.branch in branches:
        return context.branch
    found = branches[0] if branches else context.default_branch or context.branch
    if not found:
        raise ConfigurationError(
            "it is not known which branch is meant: neither settings nor git name one",
            hint="name it by --branch; `perfci baseline list` shows those that have runs",
        )
    return found


def _nothing(opened: Opened, where: str, since: datetime | None) -> str:
    if since is not None:
        return f"no run of {where} is as young as --since asks"
    others = "`perfci baseline list` shows the branches that have some"
    return f"no run of {where} is stored for {printable(opened.name)}; {others}"


def _runs(
    place: Place, index: History, since: datetime | None, last: int | None
) -> tuple[StoredRun, ...]:
    """Return all runs that count, oldest first; those that the index lacks are read one by one."""
    known = {run.id: run for run in index.runs}
    wanted = [each for each in place.run_ids() if since is None or began(each) >= since]
    if last is not None:
        wanted = wanted[-last:]
    missing = [each for each in wanted if each not in known]
    if missing:
        progress().phase(f"reading {len(missing)} older runs from {place.store.url}")
    for identity in missing:
        run = _line(place, identity)
        if run is not None:
            known[identity] = run
    found = (known[each] for each in wanted if each in known)
    return tuple(sorted(found, key=lambda run: (run.started_at, run.id)))


def _line(place: Place, identity: str) -> StoredRun | None:
    name = place.run(identity)
    blob = place.store.get(name)
    if blob is None:  # pruned since it was listed
        return None
    try:
        return load_line(blob.data, place.told(name))
    except NewerVersionError as error:
        raise StoreError(error.message, hint=error.hint) from None
    except FormatError as error:
        progress().warn(f"a stored run is left out: {error.message}")
        return None


def _sightings(place: Place, runs: Sequence[StoredRun]) -> tuple[Sighting, ...]:
    """Return what the runs tell, each series in the clock that decided when it was last measured.

    Another clock would look like another level.
    """
    newest = {key: run for run in runs for key in run.points}
    directions = _directions(place, newest)
    found = []
    for run in runs:
        readings = []
        for key, point in run.points.items():
            last = newest[key].points[key]
            value = point.centres.get(last.clock)
            if value is not None:
                readings.append(
                    Reading(name=key, unit=point.unit, better=directions[key], value=value)
                )
        found.append(
            Sighting(
                commit=run.commit,
                time=run.started_at,
                fingerprint=run.fingerprint,
                readings=tuple(readings),
            )
        )
    return tuple(found)


def _directions(place: Place, newest: dict[str, StoredRun]) -> dict[str, Better]:
    """Return which way is better; of metrics that are not perfci's own, their runs say so."""
    own = {key: built_in(parse_key(key)[1]) for key in newest}
    found = {key: metric.better for key, metric in own.items() if metric is not None}
    for identity in {run.id for key, run in newest.items() if key not in found}:
        found = _said(place, identity) | found
    return {key: found.get(key, Better.LOWER) for key in newest}


def _said(place: Place, identity: str) -> dict[str, Better]:
    try:
        measured = load_run(place, identity).run.recording.run.measurements
    except FormatError as error:
        progress().warn(f"lower counts as better, as {error.message}")
        return {}
    return {item.key: item.metric.better for item in measured}
