"""Live callables: one call of a function of this process is one launch."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from perfci.model.benchmark import Benchmark
from perfci.model.measurement import Side
from perfci.model.metric import Metric
from perfci.model.text import printable
from perfci.model.work import Live
from perfci.ports import Clock, LaunchOrder, LaunchReport
from perfci.runners.failures import Subject
from perfci.runners.live.calling import Caller, Hung
from perfci.runners.live.driving import Raised, Taking
from perfci.runners.live.faults import hung, raised
from perfci.runners.live.growth import grown
from perfci.runners.live.returned import Refused
from perfci.runners.live.stop import Stop
from perfci.runners.live.taken import Taken, plain
from perfci.runners.live.takings import once, raising, rate, timed, until, usage
from perfci.runners.system.report import judge
from perfci.runners.system.watch import Watch

_LOOK = (0.25, 5.0)
"""Seconds that the machine is watched at least and at most while calls run."""


class LiveRunner:
    """Measures callables of this process.

    Args:
        caller: calls them.
        stop: ends the measuring.
        clock: times calls.
        scratch: folder on the disk that `system_health` tries; its owner removes it.
    """

    def __init__(self, caller: Caller, stop: Stop, clock: Clock, scratch: Path) -> None:
        self._caller = caller
        self._stop = stop
        self._clock = clock
        self._scratch = scratch
        self._ends: dict[str, float] = {}
        self._paces: dict[str, float] = {}
        self._own: set[str] = set()

    def prepare(self, benchmark: Benchmark, sides: tuple[Side, ...]) -> None:
        """Warm up; see `Runner.prepare`. From here on the benchmark's time runs."""
        if Side.BASE in sides:
            raise Subject(benchmark=benchmark, side=Side.BASE, paired=False).error(
                "is a function of this process", after=", which has no second side", absent=True
            )
        self._ends[str(benchmark.id)] = self._clock.ticks() + benchmark.timeout
        (metric,) = benchmark.metrics
        for _ in range(benchmark.warmup):
            self._stop.rest(0.0)
            begun = self._clock.ticks()
            if metric.name == "error_rate":
                self._take(raising(metric), benchmark)
            elif self._take(once(), benchmark):
                self._own.add(str(benchmark.id))
            self._paces[str(benchmark.id)] = self._clock.ticks() - begun

    def launch(self, order: LaunchOrder) -> LaunchReport:
        """Take one value; see `Runner.launch`."""
        benchmark = order.benchmark
        (metric,) = benchmark.metrics
        if metric.name == "error_rate":
            taken = self._share_that_raised(benchmark, metric)
        else:
            self._stop.rest(benchmark.cooldown)
            taken = self._taken(benchmark, metric)
        who = printable(str(benchmark.id))
        return LaunchReport(
            launches={side: {metric.name: taken.launch(order)} for side in order.sides},
            iterations=taken.calls,
            warnings=tuple(f"{who}: {text}" for text in taken.warnings),
        )

    def close(self) -> None:
        """Let the calling thread end; safe to call twice."""
        self._caller.close()

    def _taken(self, benchmark: Benchmark, metric: Metric) -> Taken:
        ticks = self._clock.ticks
        match metric.name:
            case "throughput":
                taking = rate(metric, ticks)
            case "memory_usage":
                taking = grown(metric)
            case "cpu_usage":
                taking = usage(metric, ticks)
            case "resource_utilization" | "system_health":
                return self._watched(benchmark, metric)
            case _:
                taking = timed(metric, ticks)
        taken: Taken = self._take(taking, benchmark)
        return taken

    def _share_that_raised(self, benchmark: Benchmark, metric: Metric) -> Taken:
        """Call as often as the work says, and return the share of the calls that raised."""
        shares: list[float] = []
        for _ in range(_live(benchmark).calls):
            self._stop.rest(benchmark.cooldown)
            shares.append(self._take(raising(metric), benchmark))
        return plain(sum(shares) / len(shares), calls=len(shares))

    def _watched(self, benchmark: Benchmark, metric: Metric) -> Taken:
        """Watch the machine while the callable is called again and again."""
        ended: list[None] = []
        taking = until(lambda: bool(ended), metric, self._clock.ticks)
        job = self._caller.start(taking, _live(benchmark).call)
        seen = None if str(benchmark.id) in self._own else self._look(benchmark, metric)
        ended.append(None)
        own: Taken | None = self._guarded(lambda limit: self._caller.finish(job, limit), benchmark)
        if own is not None:
            self._own.add(str(benchmark.id))
        return own or seen or self._look(benchmark, metric)

    def _look(self, benchmark: Benchmark, metric: Metric) -> Taken:
        least, most = _LOOK
        pace = self._paces.get(str(benchmark.id), 0.0)
        watch = Watch(self._clock, self._scratch)
        report = judge(watch.look(min(max(pace, least), most)))
        seen = report.health if metric.name == "system_health" else report.utilization
        return replace(plain(seen), warnings=report.warnings)

    def _take(self, taking: Taking[Any], benchmark: Benchmark) -> Any:
        call = _live(benchmark).call
        return self._guarded(lambda limit: self._caller.take(taking, call, limit), benchmark)

    def _guarded(self, take: Callable[[float], Any], benchmark: Benchmark) -> Any:
        """Take a value, and say of whatever goes wrong what it was.

        Raises:
            MeasurementError: the callable raised, hung, or returned what cannot be a value.
        """
        subject = Subject(benchmark=benchmark, side=Side.HEAD, paired=False)
        try:
            return take(self._ends[str(benchmark.id)] - self._clock.ticks())
        except Raised as found:
            raise raised(subject, found.error) from found.error
        except Refused as found:
            raise subject.error(found.why, hint=found.hint) from None
        except Hung as found:
            raise hung(subject, left=found.left) from None


def _live(benchmark: Benchmark) -> Live:
    assert isinstance(benchmark.work, Live)  # noqa: S101 - wiring names the runner by the work
    return benchmark.work
