"""`perfci gate`: judge what was measured before; the outcomes are those of the run itself."""

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace

from perfci.baselines.index import load_history
from perfci.cli.checked import checked, opened_project
from perfci.cli.conclude import Gate, conclude
from perfci.cli.merge import merge
from perfci.cli.progress import progress
from perfci.cli.shard_cut import fail_undecided
from perfci.cli.shard_files import read_given
from perfci.cli.shard_union import by_machine
from perfci.cli.spare import spare_of
from perfci.errors import ConfigurationError
from perfci.model.history import History
from perfci.model.revision import Mode
from perfci.model.run import Recording
from perfci.model.text import printable
from perfci.plan.afterwards import Afterwards
from perfci.plan.make import outputs_of, told
from perfci.plan.mode import updates_baseline
from perfci.ports import Observer, Sink, Store
from perfci.settings.policy import accepted_by_settings, policy_of
from perfci.wiring import parts, process, telling
from perfci.wiring.acceptances import accepted_elsewhere
from perfci.wiring.project import (
    Project,
    benchmarks_of,
    circumstances,
    commits_of_job,
    project_name,
    store_of,
)


def main(options: Namespace) -> int:
    """Judge one or more stored runs as one."""
    observer = progress()
    project = opened_project(options, observer, speaks=True)
    folder = parts.output_folder(project, options)
    sinks = telling.sinks(project, folder)
    with checked(project, sinks, observer):
        if project.context.in_ci:
            parts.clear_answers(folder)
        for warning in project.warnings:
            observer.warn(warning)
        return _judged(options, project, sinks, observer)


def _judged(options: Namespace, project: Project, sinks: Sequence[Sink], observer: Observer) -> int:
    settings = project.loaded.settings
    given = read_given(options.runs)
    recording, of_parts = merge(given.recordings, given.unread)
    _insist_on_own(project, recording)
    store, unkept = _keeper(project, recording)
    for text in (*of_parts, *unkept):
        observer.warn(text)
    history, warnings = _past(project, recording)
    recording = fail_undecided(recording, history)
    base = recording.base.commit if recording.base else ""
    accepted, unclear = accepted_elsewhere(project, base)
    benchmarks = benchmarks_of(project)
    policy = policy_of(
        settings,
        benchmarks,
        accept=(*accepted_by_settings(project.loaded), *accepted),
        today=process.today(),
        where=project.loaded.provenance,
    )
    gate = Gate(
        policy=policy,
        outputs=outputs_of(settings),
        reporters=telling.reporters(project, outputs_of(settings)),
        settings=told(settings),
        history=history,
        store=store,
        spare=spare_of(options, project),
        warnings=(*project.warnings, *of_parts, *unkept, *warnings, *unclear),
        afterwards=Afterwards(loaded=project.loaded, policy=policy, every=benchmarks),
        context=project.context,
    )
    return conclude(recording, gate, sinks, observer, as_json=options.json)


def _insist_on_own(project: Project, recording: Recording) -> None:
    """Refuse what another project or, in CI, another commit came to: it would pass for this one's.

    On a person's machine old runs may be judged by today's rules.
    """
    own = project_name(project)
    if recording.project != own and (recording.parts or project.context.in_ci):
        raise ConfigurationError(
            f"this was measured of the project {printable(recording.project, limit=80)!r}, and "
            f"this is {own!r}",
            hint="give `perfci gate` the files of this project, or set `project` alike everywhere",
        )
    mine, measured = commits_of_job(project), recording.head.commit
    if project.context.in_ci and mine and measured and measured not in mine:
        raise ConfigurationError(
            f"this was measured of {measured[:7]}, and this job is "
            f"about {' or '.join(sorted(commit[:7] for commit in mine))}",
            hint="download the files that this very pipeline has measured, not those of a cache or "
            "of an earlier run",
        )


def _keeper(project: Project, recording: Recording) -> tuple[Store | None, tuple[str, ...]]:
    """Return where shards become a baseline, if they do; a whole run has been kept by its own job.

    Of what is not of the commit that this job is about, nothing becomes a baseline: files of
    another pipeline may have come in.
    """
    place, settings = circumstances(project, comparable_runs=0), project.loaded.settings
    if not recording.parts or not updates_baseline(settings, place):
        return None, ()
    # beside a base, uncommitted work or a person's own run is tried out
    own_try = not project.context.in_ci and settings.update_baseline != "always"
    if recording.mode is Mode.PAIRED and (recording.head.dirty or own_try):
        return None, ()
    if not all(part.shard and part.shard.complete for part in recording.parts):
        return None, ("not kept as a baseline: a shard is missing, or ended early",)
    own = (project.context.commit, project.context.branch)
    measured = (recording.head.commit, recording.run.branch)
    if own != measured:
        text = (
            f"not kept as a baseline: the shards are of {recording.head} on "
            f"{printable(recording.run.branch, limit=80) or 'no branch'}, and this job is not"
        )
        return None, (text,)
    return store_of(project), ()


def _past(project: Project, recording: Recording) -> tuple[History | None, tuple[str, ...]]:
    """Read what head was compared with; the run itself may be stored by now, and is left out."""
    fallen = recording.base_run is not None and recording.base_run.failures
    if recording.mode is not Mode.HISTORY and not (recording.mode is Mode.PAIRED and fallen):
        return None, ()
    branch = recording.compared or recording.run.branch
    history, warnings = load_history(store_of(project), recording.project, branch)
    own = {recording.run.id, *(kept.run.id for kept in by_machine(recording))}
    runs = tuple(run for run in history.runs if run.id not in own)
    past = replace(history, runs=runs)
    return past.renamed(project.loaded.settings.renamed), warnings
