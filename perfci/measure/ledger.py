"""What has been measured so far, benchmark by benchmark."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from perfci.errors import MeasurementError
from perfci.model.benchmark import Benchmark
from perfci.model.history import Point
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Failure, Launch, Measurement, Side
from perfci.model.metric import Metric, built_in
from perfci.ports import LaunchReport
from perfci.stats.series import Series


@dataclass(slots=True, kw_only=True)
class Ledger:
    """The launches of a run while it grows; the only mutable thing in the line."""

    benchmarks: Sequence[Benchmark]
    sensitivity: Callable[[str], float]
    """Of a series, by key."""
    past: Callable[[str], tuple[Point, ...]]
    """Stored points of a series, oldest first."""
    launches: dict[tuple[BenchmarkId, Side, str], list[Launch]] = field(default_factory=dict)
    iterations: dict[BenchmarkId, int] = field(default_factory=dict)
    details: dict[tuple[BenchmarkId, Side, str], tuple[str, ...]] = field(default_factory=dict)
    failures: dict[BenchmarkId, Failure] = field(default_factory=dict)
    alone: set[BenchmarkId] = field(default_factory=set)
    """Benchmarks that base does not have: measured on head only."""
    count: int = 0
    """Launches of all benchmarks together."""
    numbers: dict[BenchmarkId, int] = field(default_factory=dict)

    def next_number(self, benchmark: BenchmarkId) -> int:
        """Return the number of a benchmark's next launch, from 1."""
        return self.numbers.get(benchmark, 0) + 1

    def add(self, benchmark: BenchmarkId, report: LaunchReport) -> None:
        """Enter one launch with all its metrics."""
        for side, metrics in report.launches.items():
            for name, launch in metrics.items():
                self.launches.setdefault((benchmark, side, name), []).append(launch)
        for side, told in report.details.items():
            for name, sentences in told.items():
                self.details[benchmark, side, name] = sentences
        self.iterations[benchmark] = report.iterations
        self.numbers[benchmark] = self.next_number(benchmark)
        self.count += 1

    def fail(self, benchmark: Benchmark, error: MeasurementError) -> None:
        """Enter that a benchmark failed; it is not measured again."""
        hint = f"; {error.hint}" if error.hint else ""
        self.failures[benchmark.id] = Failure(
            id=benchmark.id,
            side=Side(error.side),
            reason=error.message + hint,
            output=error.output,
            metrics=benchmark.metrics,
        )

    def open(self) -> list[Benchmark]:
        """Return the benchmarks that have not failed."""
        return [item for item in self.benchmarks if item.id not in self.failures]

    def series(self, *, alone: bool = False) -> list[Series]:
        """Return every gated series of the benchmarks that have not failed.

        Args:
            alone: those that only head has, or those that are compared.
        """
        return [
            Series(
                id=item.id,
                metric=metric,
                sensitivity=self.sensitivity(item.id.series(metric.name)),
                base=self._launches(item.id, Side.BASE, metric),
                head=self._launches(item.id, Side.HEAD, metric),
                past=self.past(item.id.series(metric.name)),
            )
            for item in self.open()
            if (item.id in self.alone) is alone
            for metric in item.metrics
        ]

    def measurements(self, side: Side) -> tuple[Measurement, ...]:
        """Return everything measured on one side, recorded metrics included."""
        found = []
        for item in self.benchmarks:
            names = [name for id_, at, name in self.launches if (id_, at) == (item.id, side)]
            gated = {metric.name: metric for metric in item.metrics}
            for name in sorted(names, key=lambda name: (name not in gated, name)):
                metric = gated.get(name) or built_in(name)
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
            iterations=self.iterations.get(item.id, 1),
            warmups=item.warmup,
            gated=gated,
            sensitivity=self.sensitivity(item.id.series(metric.name)) if gated else None,
        )

    def _launches(self, id_: BenchmarkId, side: Side, metric: Metric) -> tuple[Launch, ...]:
        return tuple(self.launches.get((id_, side, metric.name), ()))
