"""`perfci run`: measure, compare, gate, report."""

import shlex
from argparse import Namespace
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace

from perfci import pipeline
from perfci.cli.checked import checked, opened_project
from perfci.cli.conclude import Gate, conclude, keep_run
from perfci.cli.dry_run import show_plan
from perfci.cli.pool import Pool
from perfci.cli.progress import Progress, progress
from perfci.cli.shard_answer import answer_shard, named, wanted
from perfci.cli.spare import spare_of
from perfci.cli.stored_runs import stored_runs
from perfci.errors import ExitCode, PerfciError
from perfci.model.mask import Mask
from perfci.model.measurement import Failure
from perfci.model.revision import Mode
from perfci.model.run import Recording
from perfci.model.work import Read
from perfci.pipeline import Executed
from perfci.plan.afterwards import Afterwards
from perfci.plan.make import make_plan
from perfci.plan.plan import Plan, Wish
from perfci.ports import Observer, Sink
from perfci.stats.points import levels_by_series, runs_compared
from perfci.wiring import parts, process, telling
from perfci.wiring.acceptances import accepted_elsewhere
from perfci.wiring.beside import stand_ins
from perfci.wiring.project import (
    Project,
    base_of,
    circumstances,
    store_of,
)


def main(options: Namespace) -> int:
    """Run the whole line."""
    observer = progress()
    # a plan says nothing to anybody; of a shard the gate over all shards will
    speaks = not options.dry_run and not named(options.shard, process.environ())
    project = opened_project(options, observer, speaks=speaks)
    folder = parts.output_folder(project, options)
    sinks = telling.sinks(project, folder)
    wish = _wish(options, project)
    with ExitStack() as stack:
        if speaks:
            stack.enter_context(checked(project, sinks, observer))
        if project.context.in_ci and not options.dry_run:
            parts.clear_answers(folder)
        return _run(options, project, wish, sinks, observer)


def _run(
    options: Namespace, project: Project, wish: Wish, sinks: Sequence[Sink], observer: Progress
) -> int:
    folder = parts.output_folder(project, options)
    probe = parts.probe(project)
    told = (*project.warnings, *telling.unheard(project), *probe.doubts())
    for warning in told:
        observer.warn(warning)
    environment = probe.environment()
    store = store_of(project)
    history, warnings, unread = stored_runs(project, store)
    comparable = runs_compared(history, environment.fingerprint)
    accepted, unclear = accepted_elsewhere(project, base_of(project))
    place = circumstances(
        project, compared=history.branch, comparable_runs=comparable, accepted=accepted
    )
    plan = make_plan(project.loaded, place, wish)
    beside = stand_ins(project, history) if plan.mode is Mode.PAIRED else history
    past = levels_by_series(beside, environment.fingerprint)
    if unread and plan.mode is not Mode.PAIRED:
        raise unread
    if options.dry_run:
        show_plan(plan, past, as_json=options.json)
        return ExitCode.PASS
    for warning in (*plan.warnings, *warnings):
        observer.warn(warning)
    parts.writable(folder)
    observer.phase(f"mode {plan.mode}: {plan.mode_reason}")
    # whoever names a seed wants that very run, and no earlier launches in it
    pools = options.seed is None and not unread and bool(plan.benchmarks)
    pool = Pool(store=store, plan=plan, observer=observer) if pools else None
    ports = parts.ports(project, observer, environment)
    if pool:
        ports = replace(ports, earlier=pool.earlier(environment))
    executed = _measured(lambda: pipeline.execute(plan, ports, past), project, plan)
    observer.clear()
    recording = executed.recording
    _keep(recording, sinks, observer, None if project.context.is_fork else pool)
    if executed.interrupted:
        observer.warn(f"interrupted; what was measured is kept in {folder / 'run.json'}")
        return ExitCode.ERROR
    if recording.shard:
        return answer_shard(recording, recording.shard, folder, observer, as_json=options.json)
    # uncommitted work beside its base is tried out, not a run of the branch
    experiment = plan.mode is Mode.PAIRED and recording.head.dirty
    gate = Gate(
        policy=plan.policy,
        outputs=plan.outputs,
        reporters=telling.reporters(project, plan.outputs),
        settings=plan.settings,
        history=history,
        store=store if plan.updates_baseline and not experiment else None,
        spare=spare_of(options, project),
        reproduce=_reproduce(options, plan.base, plan.seed),
        warnings=(*told, *warnings, *unclear),
        afterwards=_afterwards(project, plan),
        context=project.context,
    )
    return conclude(recording, gate, sinks, observer, as_json=options.json)


def _wish(options: Namespace, project: Project) -> Wish:
    return Wish(
        names=tuple(options.names),
        globs=tuple(options.select),
        shard=wanted(options.shard, project.environ),
        seed=process.fresh_seed() if options.seed is None else options.seed,
    )


def _measured(execute: Callable[[], Executed], project: Project, plan: Plan) -> Executed:
    """Measure, and let no secret out that a measured program has told.

    Raises:
        PerfciError: it could not be measured; harmless, too.
    """
    mask = Mask.of(project.environ, (item.work for item in plan.benchmarks))
    try:
        executed = execute()
    except PerfciError as error:
        mask.error(error)
        raise
    shard = plan.shard and replace(plan.shard, complete=not executed.interrupted)
    recording = mask.recording(replace(executed.recording, shard=shard))
    return replace(executed, recording=recording)


def _keep(
    recording: Recording, sinks: Sequence[Sink], observer: Observer, pool: Pool | None
) -> None:
    """Write down what was measured before anything else can go wrong."""
    keep_run(recording, sinks)
    for output in dict.fromkeys(it.output for it in fallen(recording) if it.output):
        observer.warn(f"the end of what base printed:\n{output}")
    if pool:
        pool.keep(recording)


def fallen(recording: Recording) -> tuple[Failure, ...]:
    """Return what base could not run."""
    return recording.base_run.failures if recording.base_run else ()


def _afterwards(project: Project, plan: Plan) -> Afterwards | None:
    """Look again at settings that name what only a tool tells of; all else was told before."""
    tools = any(isinstance(item.work, Read) for item in plan.benchmarks)
    if plan.design.partial or not tools:
        return None
    return Afterwards(loaded=project.loaded, policy=plan.policy, every=plan.benchmarks)


def _reproduce(options: Namespace, base: str, seed: int) -> str:
    """Return the command that repeats this run's measurements."""
    words = ["perfci", "run", *options.names]
    words += [word for glob in options.select for word in ("--select", glob)]
    words += [word for one in options.set for word in ("--set", one)]
    named = {"--base": base, "--rounds": options.rounds, "--config": options.config}
    words += [word for flag, value in named.items() if value for word in (flag, str(value))]
    return shlex.join([*words, "--seed", str(seed)])
