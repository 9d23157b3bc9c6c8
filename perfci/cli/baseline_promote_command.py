"""`perfci baseline promote`: a run that was measured elsewhere becomes a baseline of a branch."""

import sys
from argparse import Namespace
from dataclasses import replace
from pathlib import Path

from perfci import pipeline
from perfci.baselines import load_history
from perfci.baselines.finding import find_run
from perfci.baselines.promotion import insist_on_new, promote, promoted
from perfci.baselines.summary import points_of
from perfci.cli.baselines import Opened, called, open_baselines, reason_of
from perfci.cli.files import read_recording
from perfci.cli.layout import print_json
from perfci.cli.progress import progress
from perfci.errors import ExitCode
from perfci.model.history import History
from perfci.model.revision import Mode
from perfci.model.run import Recording
from perfci.model.text import inert, printable
from perfci.pipeline import Surroundings
from perfci.plan.make import told
from perfci.schema.promotion import Promotion
from perfci.schema.stored import Stored
from perfci.settings.policy import accepted_by_settings, policy_of
from perfci.wiring import process
from perfci.wiring.project import benchmarks_of


def main(options: Namespace) -> int:
    """Store the run on the branch, with the reason."""
    reason = reason_of(options, "measured on the merge queue")
    opened = open_baselines(options)
    kept, source = _read(opened, options)
    ready = promoted(kept, opened.name, options.to)
    insist_on_new(opened.store, ready)
    if ready.recording.run.dirty:
        progress().warn("this run measured uncommitted changes along: no commit tells what it is")
    why = Promotion(
        source=source,
        reason=reason,
        commit=opened.project.context.commit,
        promoted_at=process.SystemClock().now(),
    )
    where = "" if options.dry_run else promote(opened.store, ready, why, pause=process.pause)
    opened.store.close()
    _tell(options, ready, why, where)
    return ExitCode.PASS


def _read(opened: Opened, options: Namespace) -> tuple[Stored, str]:
    """Return the run, and where it comes from in words."""
    if Path(options.run).is_file():
        recording = read_recording(options.run)
        return _judged(opened, recording), Path(options.run).name
    found = find_run(
        opened.store,
        opened.name,
        options.run,
        branch=opened.branch,
        elsewhere=options.branch is None,
    )
    return found.run, called(found.place.branch)


def _judged(opened: Opened, recording: Recording) -> Stored:
    """Judge a run that was measured before, as `perfci gate` would."""
    settings = opened.project.loaded.settings
    policy = policy_of(
        settings,
        benchmarks_of(opened.project),
        accept=accepted_by_settings(opened.project.loaded),
        today=process.today(),
        where=opened.project.loaded.provenance,
    )
    around = Surroundings(
        context=opened.project.context, settings=told(settings), history=_past(opened, recording)
    )
    verdict = pipeline.evaluate(recording, policy, around).verdict
    points = points_of(recording.run, verdict)
    return Stored(recording=recording, verdict=verdict.status, points=points)


def _past(opened: Opened, recording: Recording) -> History | None:
    """Return what the run was compared with, where that was a branch's stored runs."""
    if recording.mode is not Mode.HISTORY:
        return None
    branch = recording.compared or recording.run.branch
    history, _ = load_history(opened.store, opened.name, branch)
    runs = tuple(run for run in history.runs if run.id != recording.run.id)
    return replace(history, runs=runs).renamed(opened.project.loaded.settings.renamed)


def _tell(options: Namespace, ready: Stored, why: Promotion, where: str) -> None:
    run = ready.recording.run
    if options.json:
        print_json(
            {
                "id": run.id,
                "commit": printable(run.commit),
                "branch": printable(run.branch),
                "source": printable(why.source),
                "reason": why.reason,
                "series": len(ready.points),
                "kept": printable(where),
                "dry_run": not where,
            }
        )
        return
    does = "is" if where else "would be"
    commit = f" of {run.commit[:7]}" if run.commit else ""
    what = f"a baseline of {called(run.branch)}, with {len(ready.points)} series"
    lines = [
        f"The run {run.id}{commit} {does} {what}: {why.reason}",
        f"kept in {where}" if where else "Nothing was changed: this was a dry run.",
    ]
    sys.stdout.write("".join(f"{inert(printable(line))}\n" for line in lines))
