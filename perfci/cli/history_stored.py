"""The series of a branch in the store, over all of its runs that are kept."""

from argparse import Namespace
from dataclasses import replace
from datetime import datetime

from perfci.baselines.every_run import Bounds, EveryRun, every_run
from perfci.baselines.place import place_of
from perfci.cli.baselines import Opened, called, open_baselines
from perfci.cli.progress import progress
from perfci.errors import ConfigurationError
from perfci.model.text import printable
from perfci.readers.timelines.drafts import Drafts, Timelines
from perfci.readers.timelines.runs import Reading, Sighting, add_runs
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
    every = every_run(
        place,
        opened.name,
        Bounds(since=since, last=options.last),
        opened.project.loaded.settings.renamed,
        progress().phase,
    )
    for warning in every.warnings:
        progress().warn(warning)
    where = f"{_told(branch, opened.project, options)} in {printable(opened.store.url)}"
    if not every.runs:
        progress().warn(_nothing(opened, where, since))
    drafts = Drafts()
    told = add_runs(_sightings(every), drafts, everywhere=options.all_environments)
    made = drafts.finished()
    return replace(made, told=(*told, *made.told)), where


def _tracked(project: Project) -> str:
    """Return the branch whose runs become baselines; of several, the one that is checked out."""
    context, branches = project.context, project.loaded.settings.branches
    if context.branch in branches:
        return context.branch
    found = branches[0] if branches else context.default_branch or context.branch
    if not found and project.git is not None:
        raise ConfigurationError(
            "it is not known which branch is meant: neither settings nor git name one",
            hint="name it by --branch; `perfci baseline list` shows those that have runs",
        )
    return found


def _told(branch: str, project: Project, options: Namespace) -> str:
    """Return a branch's name for the heading, and why it is not the one that is checked out."""
    here = project.context.branch
    if options.branch is not None or here in {"", branch}:
        return called(branch)
    return f"{called(branch)} (tracked; {printable(here)} is checked out)"


def _nothing(opened: Opened, where: str, since: datetime | None) -> str:
    if since is not None:
        return f"no run of {where} is as young as --since asks"
    others = "`perfci baseline list` shows the branches that have some; `--branch` names one"
    return f"no run of {where} is stored for {printable(opened.name)}; {others}"


def _sightings(every: EveryRun) -> tuple[Sighting, ...]:
    """Return what the runs tell, each series in the clock that decided when it was last measured.

    Another clock would look like another level.
    """
    clocks = {key: point.clock for run in every.runs for key, point in run.points.items()}
    found = []
    for run in every.runs:
        readings = []
        for key, point in run.points.items():
            value = point.centres.get(clocks[key])
            if value is not None:
                better = every.directions[key]
                readings.append(Reading(name=key, unit=point.unit, better=better, value=value))
        found.append(
            Sighting(
                commit=run.commit,
                time=run.started_at,
                fingerprint=run.fingerprint,
                readings=tuple(readings),
            )
        )
    return tuple(found)
