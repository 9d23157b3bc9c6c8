"""What has been measured so far, benchmark by benchmark."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from perfci.errors import MeasurementError, PerfciError, WorktreeError
from perfci.model.benchmark import Benchmark
from perfci.model.history import Point
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Failure, Launch, Measurement, Side
from perfci.model.metric import Metric, built_in
from perfci.ports import LaunchReport, Member
from perfci.stats.series import Series


@dataclass(slots=True, kw_only=True)
class Ledger:
    """The launches of a run while it grows; the only mutable thing in the line."""

    benchmarks: Sequence[Benchmark]
    """What is measured; a tool gives way to the benchmarks that it tells of."""
    sensitivity: Callable[[str], float]
    """Of a series, by key."""
    past: Callable[[str], tuple[Point, ...]]
    """Stored points that a series is compared with, oldest first."""
    fallback: Callable[[str], tuple[Point, ...]] = lambda _: ()
    """Stored points that stand in where base cannot run it, oldest first."""
    definition: Callable[[Benchmark], str] = lambda _: ""
    """Digest of what is measured, and how."""
    launches: dict[tuple[BenchmarkId, Side, str], list[Launch]] = field(default_factory=dict)
    iterations: dict[BenchmarkId, int] = field(default_factory=dict)
    details: dict[tuple[BenchmarkId, Side, str], tuple[str, ...]] = field(default_factory=dict)
    failures: dict[BenchmarkId, Failure] = field(default_factory=dict)
    alone: set[BenchmarkId] = field(default_factory=set)
    """Benchmarks that base does not have: measured on head only."""
    fallen: dict[BenchmarkId, Failure] = field(default_factory=dict)
    """Those that base has and cannot run: measured on head only, beside the stored runs."""
    final: set[BenchmarkId] = field(default_factory=set)
    """What something else has measured before: no further launches can be had of it."""
    beside: dict[tuple[BenchmarkId, str], Metric] = field(default_factory=dict)
    """Metrics of tools that are recorded without being gated."""
    count: int = 0
    """Launches of all benchmarks together."""
    numbers: dict[BenchmarkId, int] = field(default_factory=dict)
    _earlier: dict[BenchmarkId, float] = field(default_factory=dict)
    """Seconds a launch in an earlier run."""
    _spent: dict[BenchmarkId, list[float]] = field(default_factory=dict)
    """Seconds of each launch of this run."""

    def next_number(self, benchmark: BenchmarkId) -> int:
        """Return the number of a benchmark's next launch, from 1."""
        return self.numbers.get(benchmark, 0) + 1

    def add(self, benchmark: BenchmarkId, report: LaunchReport, seconds: float = 0.0) -> None:
        """Enter one launch with all its metrics, and how long it took.

        Args:
            benchmark: that was launched.
            report: what it gave; of a tool, whose benchmarks were entered before.
            seconds: from before it to after it.
        """
        for side, metrics in report.launches.items():
            for name, launch in metrics.items():
                self.launches.setdefault((benchmark, side, name), []).append(launch)
        for side, told in report.details.items():
            for name, sentences in told.items():
                self.details[benchmark, side, name] = sentences
        for side, members in report.members.items():
            for member in members:
                self._add_member(side, member)
        if report.final:
            self.final.add(benchmark)
        self.iterations[benchmark] = report.iterations
        self.numbers[benchmark] = self.next_number(benchmark)
        self.count += 1
        self._spent.setdefault(benchmark, []).append(seconds)

    def _add_member(self, side: Side, member: Member) -> None:
        for name, launches in member.launches.items():
            self.launches.setdefault((member.id, side, name), []).extend(launches)

    def enter(self, unit: Benchmark, members: Sequence[Benchmark]) -> None:
        """Put benchmarks that a tool tells of in its place, or behind those that it told of."""
        known = {item.id for item in self.benchmarks if item.unit == unit.id}
        fresh = [item for item in members if item.id not in known]
        at = [place for place, item in enumerate(self.benchmarks) if item.launched == unit.id]
        before = list(self.benchmarks[: at[-1] + 1])
        if not known:
            before.pop()
        self.benchmarks = (*before, *fresh, *self.benchmarks[at[-1] + 1 :])

    def withdraw(self, unit: Benchmark) -> None:
        """Put a tool back in the place of the benchmarks that it told of, as if it had not."""
        mine = {item.id for item in self.benchmarks if item.unit == unit.id}
        at = next(place for place, item in enumerate(self.benchmarks) if item.id in mine)
        rest = [item for item in self.benchmarks if item.id not in mine]
        self.benchmarks = (*rest[:at], unit, *rest[at:])
        for told in (self.failures, self.fallen):
            for id_ in mine & told.keys():
                del told[id_]

    def take(
        self, benchmark: BenchmarkId, together: Mapping[tuple[BenchmarkId, Side, str], Launch]
    ) -> None:
        """Enter one launch of an earlier run; it gets the next number.

        Args:
            benchmark: that was launched.
            together: what the launch gave, by benchmark, side and metric.
        """
        number = self.next_number(benchmark)
        for place, launch in together.items():
            placed = replace(launch, number=number, position=self.count)
            self.launches.setdefault(place, []).append(placed)
        self.numbers[benchmark] = number
        self.count += 1

    def describe(self, benchmark: BenchmarkId, parts: Sequence[tuple[Side, Measurement]]) -> None:
        """Enter what an earlier run says beside its launches."""
        for side, earlier in parts:
            if earlier.details:
                self.details[earlier.id, side, earlier.metric.name] = earlier.details
            self.iterations[benchmark] = earlier.iterations
            if earlier.pace is not None:
                self._earlier[benchmark] = earlier.pace

    def pace(self, benchmark: BenchmarkId) -> float | None:
        """Return the mean seconds of a launch; None where it is not known yet."""
        spent = self._spent.get(benchmark)
        return sum(spent) / len(spent) if spent else self._earlier.get(benchmark)

    def fail(self, benchmark: Benchmark, error: MeasurementError | WorktreeError) -> None:
        """Enter that a benchmark failed; it is not measured again."""
        side = Side(error.side) if isinstance(error, MeasurementError) else Side.BASE
        self.failures[benchmark.id] = _failure(benchmark, error, side)

    def fall_back(self, benchmark: Benchmark, error: PerfciError) -> None:
        """Enter that base cannot run a benchmark; head is measured alone."""
        self.alone.add(benchmark.id)
        found = _failure(benchmark, error, Side.BASE)
        # it is told beside every series of the benchmark: what happened, not what to do
        self.fallen[benchmark.id] = replace(found, reason=error.message)

    def open(self) -> list[Benchmark]:
        """Return the benchmarks that have not failed."""
        return [
            item
            for item in self.benchmarks
            if item.id not in self.failures and item.launched not in self.failures
        ]

    def series(self) -> list[Series]:
        """Return every gated series of the benchmarks that have not failed."""
        return [
            Series(
                id=item.id,
                metric=metric,
                sensitivity=self.sensitivity(item.id.series(metric.name)),
                base=() if item.id in self.alone else self._launches(item.id, Side.BASE, metric),
                head=self._launches(item.id, Side.HEAD, metric),
                past=self._past(item.id, metric),
                given=item.launched in self.final,
                alone=item.id in self.alone,
            )
            for item in self.open()
            for metric in item.metrics
        ]

    def measurements(self, side: Side) -> tuple[Measurement, ...]:
        """Return everything measured on one side, recorded metrics included."""
        found = []
        for item in self.benchmarks:
            if side is Side.BASE and item.id in self.alone:
                continue  # of an earlier run, when base could still be measured
            names = [name for id_, at, name in self.launches if (id_, at) == (item.id, side)]
            gated = {metric.name: metric for metric in item.metrics}
            for name in sorted(names, key=lambda name: (name not in gated, name)):
                metric = gated.get(name) or self.beside.get((item.id, name)) or built_in(name)
                if metric is not None:
                    made = self._measurement(item, side, metric, gated=name in gated)
                    details = self.details.get((item.id, side, name), ())
                    found.append(replace(made, details=details))
        return tuple(found)

    def _measurement(
        self, item: Benchmark, side: Side, metric: Metric, *, gated: bool
    ) -> Measurement:
        return Measurement(
            id=item.id,
            metric=metric,
            launches=self._launches(item.id, side, metric),
            iterations=self.iterations.get(item.launched, 1),
            warmups=item.warmup,
            gated=gated,
            sensitivity=self.sensitivity(item.id.series(metric.name)) if gated else None,
            definition=self.definition(item),
            pace=self.pace(item.launched),
            given=item.launched in self.final,
        )

    def _past(self, id_: BenchmarkId, metric: Metric) -> tuple[Point, ...]:
        if id_ not in self.alone:
            return self.past(id_.series(metric.name))
        # what base does not have is new, whatever was stored under its name
        return self.fallback(id_.series(metric.name)) if id_ in self.fallen else ()

    def _launches(self, id_: BenchmarkId, side: Side, metric: Metric) -> tuple[Launch, ...]:
        return tuple(self.launches.get((id_, side, metric.name), ()))


def _failure(benchmark: Benchmark, error: PerfciError, side: Side) -> Failure:
    hint = f"; {error.hint}" if error.hint else ""
    return Failure(
        id=benchmark.id,
        side=side,
        reason=error.message + hint,
        output=error.output,
        metrics=benchmark.metrics,
    )
