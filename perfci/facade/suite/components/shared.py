"""Tests that have their values from one launch: five of a server ask it once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from perfci.errors import MeasurementError
from perfci.facade.suite.components.offered import Offered
from perfci.model.benchmark import Benchmark
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Launch, Side
from perfci.model.metric import built_in
from perfci.model.text import printable
from perfci.model.work import Work
from perfci.ports import LaunchOrder, LaunchReport, Runner
from perfci.runners.live.stop import Stop

_WHOLE = BenchmarkId(suite="suite", name="work")
"""Whoever asks, a work's errors are about this, until they are told of a test."""


@dataclass(slots=True)
class Launches:
    """What the works of a suite have given so far.

    The launch of a number is the same for all tests of one work; a second set, which confirms a
    suspicion, has numbers of its own, and is as fresh as any for the test that asks for it.
    """

    warm: dict[Work, MeasurementError | None] = field(default_factory=dict)
    """Works that were warmed up, and what went wrong in that."""
    reports: dict[tuple[Work, int], LaunchReport | MeasurementError] = field(default_factory=dict)


class SharedRunner:
    """Gives a test its own value of each launch, which is measured if no other test had it.

    Args:
        offered: the test.
        launches: of all tests of the suite.
        inner: measures the work.
        stop: ends the measuring between two launches.
    """

    def __init__(
        self,
        offered: Offered,
        launches: Launches,
        inner: Callable[[Benchmark], Runner],
        stop: Stop,
    ) -> None:
        self._offered = offered
        self._launches = launches
        self._inner = inner
        self._stop = stop

    def prepare(self, benchmark: Benchmark, sides: tuple[Side, ...]) -> None:
        """Warm the work up, once for all of its tests; see `Runner.prepare`."""
        if wrong := self._offered.trouble:
            who = printable(str(benchmark.id))
            message = f"{who} cannot be asked: {wrong.message}"
            raise MeasurementError(message, hint=wrong.hint)
        warm = self._launches.warm
        if benchmark.work not in warm:
            self._stop.rest(0.0)
            whole = self._whole(benchmark)
            try:
                self._inner(whole).prepare(whole, sides)
            except MeasurementError as error:
                warm[benchmark.work] = self._in_words(error)
            else:
                warm[benchmark.work] = None
        if trouble := warm[benchmark.work]:
            raise _said_of(benchmark, trouble)

    def launch(self, order: LaunchOrder) -> LaunchReport:
        """Return the test's value of this launch; see `Runner.launch`."""
        place = (order.benchmark.work, order.number)
        reports = self._launches.reports
        if place not in reports:
            self._stop.rest(order.benchmark.cooldown)
            reports[place] = self._measured(order)
        report = reports[place]
        if isinstance(report, MeasurementError):
            raise _said_of(order.benchmark, report)
        (metric,) = order.benchmark.metrics
        launches = {
            side: {metric.name: self._value(order, found)}
            for side, found in report.launches.items()
        }
        who = printable(str(order.benchmark.id))
        warnings = tuple(text.replace(str(_WHOLE), who, 1) for text in report.warnings)
        return LaunchReport(launches=launches, warnings=warnings)

    def close(self) -> None:
        """Do nothing: who measures the work is ended by who made it."""

    def _measured(self, order: LaunchOrder) -> LaunchReport | MeasurementError:
        # warm since it was prepared: before each launch a client warms up no more than it must
        whole = replace(self._whole(order.benchmark), warmup=0)
        try:
            return self._inner(whole).launch(replace(order, benchmark=whole, wanted=frozenset()))
        except MeasurementError as error:
            return self._in_words(error)

    def _whole(self, benchmark: Benchmark) -> Benchmark:
        """Return the benchmark by the work's own name of the value; the rest was had before."""
        metric = built_in(self._offered.reads)
        own = (metric,) if metric else benchmark.metrics
        return replace(benchmark, id=_WHOLE, metrics=own, cooldown=0.0)

    def _value(self, order: LaunchOrder, found: Mapping[str, Launch]) -> Launch:
        reads = self._offered.reads
        if reads not in found:
            raise MeasurementError(
                f"{printable(str(order.benchmark.id))} was not measured: a launch gave no {reads}",
                hint="leave its type out of enabled_test_types where it is not to be had",
            )
        return replace(
            found[reads], number=order.number, stage=order.stage, position=order.position
        )

    def _in_words(self, error: MeasurementError) -> MeasurementError:
        """Name in an error's hint the variables that there are, not the keys of perfci.yml."""
        for key, variable in self._offered.spelled.items():
            error.hint = error.hint.replace(key, variable)
        return error


def _said_of(benchmark: Benchmark, error: MeasurementError) -> MeasurementError:
    """Return a work's error as one of a test."""
    message = error.message.replace(str(_WHOLE), printable(str(benchmark.id)), 1)
    return MeasurementError(message, hint=error.hint, output=error.output)
