"""The measuring loop: the rule asks for launches, the runner brings them, until all is decided.

Pure but for the runner and the clock it is given.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from perfci.errors import MeasurementError
from perfci.measure.ledger import Ledger
from perfci.measure.schedule import Wanted, per_benchmark, rounds, seed_of
from perfci.model.benchmark import Benchmark
from perfci.model.history import Point
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Failure, Measurement, Side
from perfci.model.revision import Mode
from perfci.plan.plan import Plan
from perfci.ports import Clock, LaunchOrder, LaunchReport, Observer, Runner
from perfci.stats.decide import Request, decide
from perfci.units import duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What the loop brought home."""

    head: tuple[Measurement, ...]
    base: tuple[Measurement, ...]
    failures: tuple[Failure, ...]
    warnings: tuple[str, ...] = ()
    interrupted: bool = False
    """True where the user stopped it; what was measured is all here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruments:
    """What the loop measures with."""

    runner: Callable[[Benchmark], Runner]
    clock: Clock
    observer: Observer


def measure(
    plan: Plan,
    past: Mapping[str, tuple[Point, ...]],
    instruments: Instruments,
    *,
    identity: tuple[str, str],
) -> Measured:
    """Measure what the plan names until every series is decided or the time is up.

    Args:
        plan: what to measure and how surely.
        past: stored points by series key, oldest first; empty in paired mode.
        instruments: runner by benchmark, clock, observer.
        identity: base and head commit; with the plan's seed they fix every launch's chance.

    Raises:
        WorktreeError: base and head would run the same code.
    """
    ledger = Ledger(
        benchmarks=plan.benchmarks,
        sensitivity=plan.sensitivity,
        past=lambda key: past.get(key, ()),
    )
    session = _Session(plan=plan, ledger=ledger, instruments=instruments, identity=identity)
    warnings: tuple[str, ...] = ()
    interrupted = False
    try:
        warnings = session.run()
    except KeyboardInterrupt:
        interrupted = True
        warnings = ("interrupted: what was measured until then is kept",)
    return Measured(
        head=ledger.measurements(Side.HEAD),
        base=ledger.measurements(Side.BASE),
        failures=tuple(ledger.failures.values()),
        warnings=warnings,
        interrupted=interrupted,
    )


@dataclass(slots=True, kw_only=True)
class _Session:
    plan: Plan
    ledger: Ledger
    instruments: Instruments
    identity: tuple[str, str]
    started: float = 0.0
    warnings: list[str] = field(default_factory=list)

    def run(self) -> tuple[str, ...]:
        self.started = self.instruments.clock.ticks()
        self._prepare()
        benchmarks = {item.id: item for item in self.plan.benchmarks}
        block = 0
        while True:
            wanted = per_benchmark(self._requests(), self.ledger.open())
            if not wanted:
                return tuple(self.warnings)
            block += 1
            for id_, turn in rounds(wanted, self._seed("order", block)):
                if self._left() <= 0:
                    return (*self.warnings, self._out_of_time(wanted))
                if id_ not in self.ledger.failures:
                    self._launch(benchmarks[id_], wanted[id_], turn, doubtful=len(wanted))

    def _requests(self) -> dict[str, Request]:
        """Ask the rule what it still wants; what base does not have is only recorded."""
        alone = replace(self.plan.design, mode=Mode.RECORD)
        return {
            **decide(self.ledger.series(), self.plan.design).requests,
            **decide(self.ledger.series(alone=True), alone).requests,
        }

    def _prepare(self) -> None:
        for benchmark in self.plan.benchmarks:
            if self._left() <= 0:
                self.ledger.fail(benchmark, self._too_late(benchmark))
                continue
            self.instruments.observer.phase(f"warming up {benchmark.id}")
            runner = self.instruments.runner(benchmark)
            try:
                runner.prepare(benchmark, self.plan.sides)
            except MeasurementError as error:
                if error.absent and error.side == Side.BASE:
                    self._prepare_alone(benchmark, error)
                else:
                    self.ledger.fail(benchmark, error)

    def _too_late(self, benchmark: Benchmark) -> MeasurementError:
        return MeasurementError(
            f"{benchmark.id} was not measured: measure.max_time ({duration(self.plan.max_time)}) "
            "was used up while others were warmed up",
            hint="raise it, or measure fewer at a time: `perfci run NAME`, `--select`",
        )

    def _prepare_alone(self, benchmark: Benchmark, absent: MeasurementError) -> None:
        """Take up a benchmark that the change itself brings: base has nothing to compare with."""
        try:
            self.instruments.runner(benchmark).prepare(benchmark, (Side.HEAD,))
        except MeasurementError as error:
            self.ledger.fail(benchmark, error)
            return
        self.ledger.alone.add(benchmark.id)
        self.warnings.append(f"{absent.message}; head alone was measured, as new")

    def _launch(self, benchmark: Benchmark, wanted: Wanted, turn: int, *, doubtful: int) -> None:
        number = self.ledger.next_number(benchmark.id)
        order = LaunchOrder(
            benchmark=benchmark,
            sides=(Side.HEAD,) if benchmark.id in self.ledger.alone else self.plan.sides,
            number=number,
            stage=wanted.stage,
            position=self.ledger.count,
            seed=self._seed(benchmark.id, number),
            wanted=wanted.metrics(turn),
        )
        try:
            report = self.instruments.runner(benchmark).launch(order)
            _insist_on_what_was_wanted(order, report)
        except MeasurementError as error:
            self.ledger.fail(benchmark, error)
            return
        self.ledger.add(benchmark.id, report)
        self.warnings += [text for text in report.warnings if text not in self.warnings]
        self.instruments.observer.launched(
            str(benchmark.id), done=self.ledger.count, doubtful=doubtful, left=self._left()
        )

    def _seed(self, *place: object) -> int:
        # the attempt is the first: reruns that pool with stored launches will count on from it
        return seed_of(self.plan.seed, *self.identity, 1, *place)

    def _left(self) -> float:
        return self.plan.max_time - (self.instruments.clock.ticks() - self.started)

    def _out_of_time(self, wanted: Mapping[BenchmarkId, object]) -> str:
        plural = "" if len(wanted) == 1 else "s"
        return (
            f"measure.max_time ({duration(self.plan.max_time)}) was used up with "
            f"{len(wanted)} benchmark{plural} undecided; raise it, or measure fewer at a time"
        )


def _insist_on_what_was_wanted(order: LaunchOrder, report: LaunchReport) -> None:
    """A metric that never comes would be waited for until the time is up."""
    for side, found in report.launches.items():
        for metric in order.benchmark.metrics:
            if order.wants(metric.name) and metric.name not in found:
                raise MeasurementError(f"{order.benchmark.id} gave no {metric.name}", side=side)
