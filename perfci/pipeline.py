"""The line: a plan to a recording, a recording to an evaluation, an evaluation to deliveries."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never

from perfci.errors import DeliveryError
from perfci.gate.judge import judge
from perfci.gate.policy import Policy
from perfci.measure.loop import measure
from perfci.measure.measured import Beforehand, Instruments, Measured
from perfci.measure.pool import Pooled
from perfci.model.benchmark import Benchmark
from perfci.model.context import Context
from perfci.model.emission import Emission
from perfci.model.evaluation import Evaluation
from perfci.model.history import History, Point
from perfci.model.revision import Mode, Revision
from perfci.model.run import Environment, Recording, Run
from perfci.plan.plan import Plan
from perfci.plan.shards import design_of
from perfci.ports import Clock, Observer, Opened, Places, Reporter, Runner, Sink
from perfci.stats.compare import compare
from perfci.stats.enough import enough, sample_size
from perfci.stats.gone import gone
from perfci.stats.points import runs_compared
from perfci.stats.series import Design


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """The world, as far as measuring needs it."""

    sides: Callable[[Plan], AbstractContextManager[Opened]]
    """Brings base and head side by side, and runs `setup` in each."""
    runners: Callable[[Plan, Places], AbstractContextManager[Callable[[Benchmark], Runner]]]
    """Starts the runners and ends them with all their children."""
    environment: Environment
    clock: Clock
    observer: Observer
    run_id: Callable[[datetime], str]
    version: str
    earlier: Callable[[Revision, Revision], tuple[Recording, ...]] = lambda _base, _head: ()
    """Reads the kept runs of the same base and head, whose launches are pooled with this run's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Executed:
    """What came of a plan."""

    recording: Recording
    interrupted: bool
    """True where the user stopped it before the rule had decided."""


def execute(plan: Plan, ports: Ports, past: Mapping[str, tuple[Point, ...]]) -> Executed:
    """Measure what the plan says.

    Args:
        plan: what to do.
        ports: the world.
        past: stored points by series key, oldest first: what history mode compares with, and what
            stands in where base does not build or run.

    Raises:
        WorktreeError: the sides cannot be brought up, or are one.
    """
    started_at, start = ports.clock.now(), ports.clock.ticks()
    with ports.sides(plan) as opened, ports.runners(plan, opened.places) as runner:
        measured = measure(
            plan,
            Beforehand(
                base=opened.base.commit if opened.base else "",
                head=opened.head.commit,
                broken=opened.broken,
                past=past,
                earlier=_earlier(opened, ports),
            ),
            Instruments(runner=runner, clock=ports.clock, observer=ports.observer),
        )
    head = Run(
        id=ports.run_id(started_at),
        commit=opened.head.commit,
        branch=plan.branch,
        dirty=opened.head.dirty,
        started_at=started_at,
        environment=ports.environment,
        measurements=measured.head,
        failures=measured.failures,
        warnings=(*plan.warnings, *opened.warnings, *measured.warnings),
    )
    recording = Recording(
        project=plan.project,
        version=ports.version,
        mode=plan.mode,
        mode_reason=_why(plan, measured.pooled),
        seed=plan.seed,
        rounds=plan.design.rounds,
        partial=plan.design.partial,
        head=opened.head,
        base=opened.base,
        run=head,
        base_run=_base_run(head, opened.base, measured),
        elapsed=ports.clock.ticks() - start,
        earlier=measured.pooled.runs,
        compared=plan.compared,
    )
    return Executed(recording=recording, interrupted=measured.interrupted)


def _earlier(opened: Opened, ports: Ports) -> tuple[Recording, ...]:
    """Return the kept runs of the same two commits; uncommitted work is a commit of its own."""
    if opened.base is None or opened.base.dirty or opened.head.dirty:
        return ()
    return ports.earlier(opened.base, opened.head)


def _why(plan: Plan, pooled: Pooled) -> str:
    if not pooled.runs:
        return plan.mode_reason
    runs = len(pooled.runs)
    plural = "" if runs == 1 else "s"
    return (
        f"{plan.mode_reason}; with the {pooled.launches} launches of {runs} earlier run{plural} "
        "of these two commits"
    )


def _base_run(head: Run, base: Revision | None, measured: Measured) -> Run | None:
    if base is None:
        return None
    return replace(
        head,
        commit=base.commit,
        branch=base.ref,
        dirty=False,
        measurements=measured.base,
        failures=measured.fallen,
        warnings=(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What an evaluation tells beside the numbers."""

    context: Context = field(default_factory=Context)
    history: History | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    reproduce: str = ""
    recorded: str = ""
    warnings: tuple[str, ...] = ()
    against: str = ""
    """What head is compared with, in words; empty where the recording says it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How it is decided where whoever asks says that, and not the recording: the Python API."""

    design: Design
    minimum_sample_size: int
    """Values below which a series is not judged."""


def evaluate(
    recording: Recording, policy: Policy, around: Surroundings, terms: Terms | None = None
) -> Evaluation:
    """Compare and judge what was measured; whoever asks later gets the same answer.

    Args:
        recording: raw launches of head and, in paired mode, of base.
        policy: the gate's rules.
        around: history to compare with (history mode) and what reports tell beside.
        terms: how it is decided; None for how the recording was.
    """
    # a shard was decided by itself, at its share of the error level
    comparisons = [
        found
        for part in recording.parts or (recording,)
        for found in compare(
            part.run, part.base_run, around.history, terms.design if terms else design_of(part)
        )
    ]
    if terms:
        count = sample_size(recording.run)
        comparisons = [enough(it, count, terms.minimum_sample_size) for it in comparisons]
    whole = recording.parts and not recording.partial
    if whole and recording.mode is Mode.HISTORY and around.history is not None:
        # no shard knows what the others measure: what is gone shows in all of them together
        failed = {it.id for it in recording.run.failures}
        heads = [part.run for part in recording.parts]
        comparisons += gone(heads, around.history, failed)
    against = around.against or _against(recording, around.history)
    return Evaluation(
        recording=recording,
        verdict=judge(comparisons, policy, against=against),
        context=around.context,
        history=around.history,
        settings=around.settings,
        reproduce=around.reproduce,
        recorded=around.recorded,
        warnings=(*recording.run.warnings, *around.warnings),
    )


def _against(recording: Recording, history: History | None) -> str:
    match recording.mode:
        case Mode.PAIRED | Mode.FILES:
            return str(recording.base) if recording.base else "base"
        case Mode.HISTORY:
            fingerprint, own = recording.run.environment.fingerprint, recording.run.id
            runs = runs_compared(history, fingerprint, without=own) if history else 0
            plural = "" if runs == 1 else "s"
            branch = recording.compared or recording.run.branch or "this branch"
            return f"{runs} stored run{plural} of {branch}"
        case Mode.RECORD:
            return "nothing"
        case _ as never:
            assert_never(never)


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """An emission that nobody took, and why."""

    emission: Emission
    error: OSError | DeliveryError


def render(evaluation: Evaluation, reporters: Iterable[Reporter]) -> list[Emission]:
    """Draw an evaluation in every wanted form."""
    return [emission for reporter in reporters for emission in reporter.render(evaluation)]


def deliver(emissions: Iterable[Emission], sinks: Sequence[Sink]) -> list[Undelivered]:
    """Hand every emission to every sink; return what failed. The verdict stands whatever fails."""
    failed = []
    for emission in emissions:
        for sink in sinks:
            try:
                sink.deliver(emission)
            except (OSError, DeliveryError) as error:
                failed.append(Undelivered(emission=emission, error=error))
    return failed
