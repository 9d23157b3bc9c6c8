"""The measuring loop: the rule asks for launches, the runner brings them, until all is decided.

Pure but for the runner and the clock it is given.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from perfci.errors import MeasurementError, WorktreeError
from perfci.measure.allowance import Allowance
from perfci.measure.asked import Asked
from perfci.measure.checksums import Checksums
from perfci.measure.ledger import Ledger
from perfci.measure.measured import Beforehand, Instruments, Measured
from perfci.measure.members import enter_members
from perfci.measure.pool import take_in
from perfci.measure.schedule import Wanted, per_benchmark, rounds, seed_of
from perfci.model.benchmark import Benchmark
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Side
from perfci.model.revision import Mode
from perfci.model.work import Read, Results
from perfci.plan.plan import Plan
from perfci.ports import LaunchOrder, LaunchReport
from perfci.stats.decide import Ruling, decide
from perfci.units import duration


def measure(plan: Plan, known: Beforehand, instruments: Instruments) -> Measured:
    """Measure what the plan names until every series is decided or the time is up.

    Args:
        plan: what to measure and how surely.
        known: what is known beforehand.
        instruments: runner by benchmark, clock, observer.

    Raises:
        WorktreeError: base and head would run the same code.
    """
    paired = plan.mode is Mode.PAIRED
    ledger = Ledger(
        benchmarks=plan.benchmarks,
        sensitivity=plan.sensitivity,
        definition=plan.definition,
        past=lambda key: () if paired else known.past.get(key, ()),
        fallback=lambda key: known.past.get(key, ()),
    )
    pooled = take_in(ledger, known.earlier, plan.design, plan.shard)
    session = _Session(
        plan=plan,
        ledger=ledger,
        instruments=instruments,
        identity=(known.base, known.head, len(pooled.runs) + 1),
        broken=known.broken,
        asked=Asked(plan=plan),
        time=Allowance(seconds=plan.max_time, ledger=ledger, clock=instruments.clock),
    )
    interrupted = False
    try:
        session.run()
        session.insist_on_asked()
    except KeyboardInterrupt:
        interrupted = True
        session.warnings.append("interrupted: what was measured until then is kept")
    return Measured(
        head=ledger.measurements(Side.HEAD),
        base=ledger.measurements(Side.BASE),
        failures=tuple(ledger.failures.values()),
        fallen=tuple(ledger.fallen.values()),
        pooled=pooled,
        warnings=tuple(session.warnings),
        interrupted=interrupted,
    )


@dataclass(slots=True, kw_only=True)
class _Session:
    plan: Plan
    ledger: Ledger
    instruments: Instruments
    identity: tuple[str, str, int]
    """Base, head, and which attempt at them this is."""
    broken: WorktreeError | None
    time: Allowance
    asked: Asked
    checksums: Checksums = field(default_factory=Checksums)
    warnings: list[str] = field(default_factory=list)

    def run(self) -> None:
        # where earlier launches have decided already, nothing is warmed up
        self._prepare(per_benchmark(self._ruling().requests, self.ledger.open()))
        block = 0
        while True:
            ruling = self._ruling(without=self.time.without())
            wanted = per_benchmark(ruling.requests, self.ledger.open())
            if not wanted:
                if not self.time.dropped:
                    return
                if not self.time.take_up_again(self._ruling().requests):
                    self.warnings.append(self._out_of_time())
                    return
                continue
            block += 1
            for turn, order in enumerate(rounds(wanted, self._seed("order", block))):
                self.time.share_out(wanted, turn, ruling.later)
                for benchmark in map(self._benchmark, order):
                    sound = benchmark.id not in self.ledger.failures
                    if sound and self.time.allows(benchmark.id):
                        self._launch(benchmark, wanted[benchmark.id], turn, doubtful=len(wanted))

    def insist_on_asked(self) -> None:
        """Fail tools that turned out to have nothing of what was asked for."""
        for benchmark, error in self.asked.unmet():
            # one that was never launched, or failed, is told as that
            if self.ledger.numbers.get(benchmark.id) and benchmark.id not in self.ledger.failures:
                self.ledger.fail(benchmark, error)

    def _benchmark(self, id_: BenchmarkId) -> Benchmark:
        return next(item for item in self.plan.benchmarks if item.id == id_)

    def _ruling(self, *, without: Collection[str] = ()) -> Ruling:
        """Ask the rule what it still wants."""
        return decide(self.ledger.series(), self.plan.design, without=without)

    def _prepare(self, wanted: Mapping[BenchmarkId, Wanted]) -> None:
        for benchmark in self.plan.benchmarks:
            if benchmark.id not in wanted:
                continue
            if self.time.left() <= 0:
                self.ledger.fail(benchmark, self._too_late(benchmark))
                continue
            self.instruments.observer.phase(f"warming up {benchmark.id}")
            trouble = self.broken or self._trouble(benchmark)
            if trouble is None:
                continue
            # a fork could make base unable to run what its change makes slower
            given = isinstance(benchmark.work, Results)
            may_stand_alone = given or _is_absent(trouble) or not self.plan.context.is_fork
            if Side.BASE in self.plan.sides and _is_of_base(trouble) and may_stand_alone:
                self._prepare_alone(benchmark, trouble)
            else:
                self.ledger.fail(benchmark, trouble)

    def _trouble(self, benchmark: Benchmark) -> MeasurementError | None:
        try:
            self.instruments.runner(benchmark).prepare(benchmark, self.plan.sides)
        except MeasurementError as error:
            return error
        return None

    def _too_late(self, benchmark: Benchmark) -> MeasurementError:
        return MeasurementError(
            f"{benchmark.id} was not measured: measure.max_time ({duration(self.plan.max_time)}) "
            "was used up while others were warmed up",
            hint="raise it, or measure fewer at a time: `perfci run NAME`, `--select`",
        )

    def _prepare_alone(
        self, benchmark: Benchmark, trouble: MeasurementError | WorktreeError
    ) -> None:
        """Take up what base does not have, or has and cannot run."""
        try:
            self.instruments.runner(benchmark).prepare(benchmark, (Side.HEAD,))
        except MeasurementError as error:
            self.ledger.fail(benchmark, error)
            return
        keys = [benchmark.id.series(metric.name) for metric in benchmark.metrics]
        # what stored runs know was there: its absence is a fault of base, not news of head
        if _is_absent(trouble) and not any(map(self.ledger.fallback, keys)):
            self.ledger.alone.add(benchmark.id)
            how = "head alone was measured, as new"
            if isinstance(benchmark.work, Results):  # the files alone tell which benchmarks it has
                how = "what stored runs know of them is compared with those, and the rest is new"
            text = f"{trouble.message}; {how}"
        else:
            self.ledger.fall_back(benchmark, trouble)
            text = f"base cannot run it: {trouble.message}; head alone was measured"
            text = text if self.broken else f"{benchmark.id}: {text}"
        if text not in self.warnings:
            self.warnings.append(text)

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
        begun = self.instruments.clock.ticks()
        try:
            report = self.instruments.runner(benchmark).launch(order)
            _insist_on_what_was_wanted(order, report)
            self.checksums.check(benchmark, report.checksums)
            if isinstance(benchmark.work, Read):
                report = self.asked.narrow(benchmark, report)
                enter_members(self.ledger, order, report, is_fork=self.plan.context.is_fork)
        except MeasurementError as error:
            if not self._goes_on_alone(order, error):
                self.ledger.fail(benchmark, error)
            return
        self.ledger.add(benchmark.id, report, self.instruments.clock.ticks() - begun)
        self.warnings += [text for text in report.warnings if text not in self.warnings]
        self.instruments.observer.launched(
            str(benchmark.id), done=self.ledger.count, doubtful=doubtful, left=self.time.left()
        )

    def _goes_on_alone(self, order: LaunchOrder, error: MeasurementError) -> bool:
        """Let a tool that base cannot run go on with head: only its first launch tells that."""
        tool = isinstance(order.benchmark.work, Read) and order.number == 1
        of_base = error.side == Side.BASE and Side.BASE in order.sides
        if not (tool and of_base) or (self.plan.context.is_fork and not error.absent):
            return False
        self.ledger.alone.add(order.benchmark.id)
        self.warnings.append(f"base cannot run it: {error.message}; head alone was measured")
        return True

    def _seed(self, *place: object) -> int:
        return seed_of(self.plan.seed, *self.identity, *place)

    def _out_of_time(self) -> str:
        count = len(self.time.dropped)
        plural = "" if count == 1 else "s"
        ruling = self._ruling()
        more = self.time.cost({**ruling.later, **ruling.requests})
        ahead = f", and the next look at them takes about {duration(more)}" if more else ""
        return (
            f"measure.max_time ({duration(self.plan.max_time)}) left {count} benchmark{plural} "
            f"undecided{ahead}; raise it, or measure fewer at a time"
        )


def _is_absent(trouble: MeasurementError | WorktreeError) -> bool:
    return isinstance(trouble, MeasurementError) and trouble.absent


def _is_of_base(trouble: MeasurementError | WorktreeError) -> bool:
    return isinstance(trouble, WorktreeError) or trouble.side == Side.BASE


def _insist_on_what_was_wanted(order: LaunchOrder, report: LaunchReport) -> None:
    """A metric that never comes would be waited for until the time is up."""
    for side, found in report.launches.items():
        for metric in order.benchmark.metrics:
            if order.wants(metric.name) and metric.name not in found:
                raise MeasurementError(f"{order.benchmark.id} gave no {metric.name}", side=side)
