"""`perfci gate`: judge what was measured before; the outcomes are those of the run itself."""

from argparse import Namespace
from dataclasses import replace

from perfci.baselines.index import load_history
from perfci.cli.conclude import Gate, conclude
from perfci.cli.files import read_recording
from perfci.cli.progress import progress
from perfci.errors import ConfigurationError
from perfci.model.history import History
from perfci.model.revision import Mode
from perfci.model.run import Recording
from perfci.plan.doubts import doubts_of_gate
from perfci.plan.make import outputs_of, told
from perfci.settings.policy import accepted_by_settings, policy_of
from perfci.stats.series import Design
from perfci.wiring import parts, process
from perfci.wiring.acceptances import accepted_elsewhere
from perfci.wiring.project import Project, benchmarks_of, open_project, store_of


def main(options: Namespace) -> int:
    """Judge one or more stored runs as one."""
    project = open_project(options)
    settings = project.loaded.settings
    recording = merge([read_recording(path) for path in options.runs])
    history, warnings = _past(project, recording)
    folder = parts.output_folder(project, options)
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
    design = Design(mode=recording.mode, rounds=recording.rounds)
    doubts = doubts_of_gate(project.loaded, policy, design, benchmarks)
    gate = Gate(
        policy=policy,
        outputs=outputs_of(settings),
        settings=told(settings),
        history=history,
        warnings=(*project.warnings, *warnings, *unclear, *doubts),
        context=project.context,
    )
    sinks = parts.sinks(project, folder)
    return conclude(recording, gate, sinks, progress(), as_json=options.json)


def _past(project: Project, recording: Recording) -> tuple[History | None, tuple[str, ...]]:
    """Read what head was compared with; the run itself may be stored by now, and is left out."""
    fallen = recording.base_run is not None and recording.base_run.failures
    if recording.mode is not Mode.HISTORY and not (recording.mode is Mode.PAIRED and fallen):
        return None, ()
    branch = recording.compared or recording.run.branch
    history, warnings = load_history(store_of(project), recording.project, branch)
    runs = tuple(run for run in history.runs if run.id != recording.run.id)
    past = replace(history, runs=runs)
    return past.renamed(project.loaded.settings.renamed), warnings


def merge(recordings: list[Recording]) -> Recording:
    """Join the runs of several jobs over different benchmarks of the same two commits.

    Raises:
        ConfigurationError: they are of different commits or modes, or share a benchmark.
    """
    first, *others = recordings
    joined = first
    for other in others:
        for name in ("project", "mode", "rounds"):
            if getattr(other, name) != getattr(first, name):
                raise ConfigurationError(
                    f"these runs cannot be judged together: their {name} differs "
                    f"({getattr(first, name)} and {getattr(other, name)})"
                )
        if (other.head.commit, other.base) != (first.head.commit, first.base):
            raise ConfigurationError(
                "these runs cannot be judged together: they are of different commits "
                f"({first.head} and {other.head})"
            )
        joined = _join(joined, other)
    return joined


def _join(one: Recording, other: Recording) -> Recording:
    twice = {m.key for m in one.run.measurements} & {m.key for m in other.run.measurements}
    if twice:
        raise ConfigurationError(
            f"{min(twice)} was measured in more than one of these runs",
            hint="name each run once; the parts of a run share no benchmark",
        )
    run = replace(
        one.run,
        measurements=(*one.run.measurements, *other.run.measurements),
        failures=(*one.run.failures, *other.run.failures),
        warnings=(*one.run.warnings, *other.run.warnings),
    )
    base = one.base_run
    if base is not None and other.base_run is not None:
        base = replace(
            base,
            measurements=(*base.measurements, *other.base_run.measurements),
            failures=(*base.failures, *other.base_run.failures),
        )
    return replace(one, run=run, base_run=base, elapsed=one.elapsed + other.elapsed)
