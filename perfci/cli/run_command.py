"""`perfci run`: measure, compare, gate, report."""

import shlex
from argparse import Namespace
from dataclasses import replace

from perfci import pipeline
from perfci.baselines.index import load_history
from perfci.cli.conclude import Gate, conclude, keep_run
from perfci.cli.dry_run import show_plan
from perfci.cli.pool import Pool
from perfci.cli.progress import progress
from perfci.errors import ExitCode, PerfciError, StoreError
from perfci.model.history import History
from perfci.model.mask import Mask
from perfci.model.measurement import Failure
from perfci.model.revision import Mode
from perfci.model.run import Recording
from perfci.plan.make import make_plan
from perfci.plan.plan import Wish
from perfci.ports import Store
from perfci.stats.points import levels_by_series, runs_compared
from perfci.wiring import parts, process
from perfci.wiring.acceptances import accepted_elsewhere
from perfci.wiring.beside import branches_beside, stand_ins
from perfci.wiring.committed import brings_its_store
from perfci.wiring.project import (
    Project,
    base_of,
    circumstances,
    open_project,
    project_name,
    spare_store,
    store_of,
)


def main(options: Namespace) -> int:
    """Run the whole line."""
    project = open_project(options)
    observer = progress()
    probe = parts.probe(project)
    told = (*project.warnings, *probe.doubts())
    for warning in told:
        observer.warn(warning)
    environment = probe.environment()
    store = store_of(project)
    history, warnings, unread = _stored(project, store)
    comparable = runs_compared(history, environment.fingerprint)
    wish = Wish(
        names=tuple(options.names),
        globs=tuple(options.select),
        seed=process.fresh_seed() if options.seed is None else options.seed,
    )
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
    folder = parts.output_folder(project, options)
    sinks = parts.sinks(project, folder)
    parts.writable(folder)
    observer.phase(f"mode {plan.mode}: {plan.mode_reason}")
    mask = Mask.of(project.environ, (item.work for item in plan.benchmarks))
    # whoever names a seed wants that very run, and no earlier launches in it
    pools = options.seed is None and not unread
    pool = Pool(store=store, plan=plan, observer=observer) if pools else None
    ports = parts.ports(project, observer, environment)
    if pool:
        ports = replace(ports, earlier=pool.earlier(environment))
    try:
        executed = pipeline.execute(plan, ports, past)
    except PerfciError as error:
        mask.error(error)
        raise
    observer.clear()
    recording = mask.recording(executed.recording)
    keep_run(recording, sinks)
    for output in dict.fromkeys(it.output for it in fallen(recording) if it.output):
        observer.warn(f"the end of what base printed:\n{output}")
    if pool and not project.context.is_fork:
        pool.keep(recording)
    if executed.interrupted:
        observer.warn(f"interrupted; what was measured is kept in {folder / 'run.json'}")
        return ExitCode.ERROR
    # uncommitted work beside its base is tried out, not a run of the branch
    experiment = plan.mode is Mode.PAIRED and recording.head.dirty
    gate = Gate(
        policy=plan.policy,
        outputs=plan.outputs,
        settings=plan.settings,
        history=history,
        store=store if plan.updates_baseline and not experiment else None,
        spare=spare_store(project),
        reproduce=_reproduce(options, plan.base, plan.seed),
        warnings=(*told, *warnings, *unclear),
        context=project.context,
    )
    return conclude(recording, gate, sinks, observer, as_json=options.json)


def _stored(project: Project, store: Store) -> tuple[History, tuple[str, ...], StoreError | None]:
    """Return what is stored of a branch, what is to be told, and why it could not be read.

    Of the branches that come into question it is the first that has runs, else the first.

    A pull request is measured beside its base: it can do without, and a fork has no right to the
    store. What a fork commits into the store's folder is its own say about itself.

    Raises:
        StoreError: the store cannot be read, and this is no pull request.
    """
    branches, context = branches_beside(project), project.context
    nothing = History(branch=branches[0])
    if context.is_fork and brings_its_store(project):
        text = f"nothing is read from {store.url}: this pull request from a fork has files there"
        return nothing, (text,), StoreError(text, hint="take them out of the pull request")
    found: list[History] = []
    told: list[str] = []
    try:
        for branch in branches:
            history, warnings = load_history(store, project_name(project), branch)
            told += warnings
            if history.runs:
                found.append(history)
                break
    except StoreError as error:
        if not context.is_pull_request:
            raise
        return nothing, (f"stored runs are not looked at: {error.message} ({error.hint})",), error
    history = (found or [nothing])[0]
    warnings = tuple(dict.fromkeys(told))
    return history.renamed(project.loaded.settings.renamed), warnings, None


def fallen(recording: Recording) -> tuple[Failure, ...]:
    """Return what base could not run."""
    return recording.base_run.failures if recording.base_run else ()


def _reproduce(options: Namespace, base: str, seed: int) -> str:
    """Return the command that repeats this run's measurements."""
    words = ["perfci", "run", *options.names]
    words += [word for glob in options.select for word in ("--select", glob)]
    words += [word for one in options.set for word in ("--set", one)]
    named = {"--base": base, "--rounds": options.rounds, "--config": options.config}
    words += [word for flag, value in named.items() if value for word in (flag, str(value))]
    return shlex.join([*words, "--seed", str(seed)])
