"""The time for all measuring: how much is left, and who gets it where it does not suffice."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from perfci.measure.ledger import Ledger
from perfci.measure.schedule import Wanted, per_benchmark
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Stage
from perfci.ports import Clock
from perfci.stats.decide import Request


def affordable(
    needs: Mapping[BenchmarkId, float], left: float, *, reserve: float = 0.0
) -> frozenset[BenchmarkId]:
    """Choose the benchmarks that go on: as many as can be brought to their next look.

    Half of a look tells nothing, so the time is not spread over all: those that need least come
    first. Where not even one can be brought there, the cheapest goes on all the same: what it
    gives until the end narrows its interval.

    Args:
        needs: seconds until the next look, by benchmark; 0 where it is not known yet.
        left: seconds that are left.
        reserve: seconds of them to be kept for what comes after.
    """
    chosen = list(_fitting(needs, left - reserve))
    if not chosen and not reserve:
        chosen = sorted(needs, key=lambda each: needs[each])[:1]
    return frozenset(chosen)


def _fitting(needs: Mapping[BenchmarkId, float], left: float) -> Iterator[BenchmarkId]:
    for each in sorted(needs, key=lambda each: needs[each]):
        left -= needs[each]
        if left < 0.0 < needs[each]:
            return
        yield each


@dataclass(slots=True, kw_only=True)
class Allowance:
    """Seconds that are spent launch by launch, and the benchmarks that get no more of them."""

    seconds: float
    ledger: Ledger
    clock: Clock
    started: float = field(init=False)
    dropped: set[BenchmarkId] = field(default_factory=set)
    """Benchmarks for whose next look the time does not suffice."""

    def __post_init__(self) -> None:
        """Begin to count."""
        self.started = self.clock.ticks()

    def left(self) -> float:
        """Return the seconds that are left; below 0 where they are used up."""
        return self.seconds - (self.clock.ticks() - self.started)

    def without(self) -> frozenset[str]:
        """Return the keys of the series that get no more launches."""
        return frozenset(
            item.id.series(metric.name)
            for item in self.ledger.benchmarks
            if item.id in self.dropped
            for metric in item.metrics
        )

    def share_out(
        self, wanted: Mapping[BenchmarkId, Wanted], turn: int, later: Mapping[str, Request]
    ) -> None:
        """Drop what cannot be brought to its next look.

        What looked worse goes before what is only in doubt: to tell a regression is what the
        time is for, so its confirmation is kept back from the screening.

        Args:
            wanted: launches until the next look, by benchmark.
            turn: how many of them each has had.
            later: what others will ask for then.
        """
        needs = {
            id_: self._cost(id_, item.launches - turn)
            for id_, item in wanted.items()
            if item.launches > turn and id_ not in self.dropped
        }
        screens = any(item.stage is Stage.SCREEN for item in wanted.values())
        confirming = {key: it for key, it in later.items() if it.stage is Stage.CONFIRM}
        reserve = self.cost(confirming) if screens else 0.0
        self.dropped |= needs.keys() - affordable(needs, self.left(), reserve=reserve)

    def allows(self, benchmark: BenchmarkId) -> bool:
        """Tell whether one launch more can be had; if not, the benchmark is dropped."""
        if benchmark not in self.dropped and not 0 < self.left() >= self._cost(benchmark, 1):
            self.dropped.add(benchmark)
        return benchmark not in self.dropped

    def take_up_again(self, requests: Mapping[str, Request]) -> bool:
        """Let those go on after all for whose next look there is time; tell whether any can.

        Args:
            requests: what the dropped ones would ask for.
        """
        wanted = per_benchmark(requests, self.ledger.open())
        fitting = {
            id_
            for id_, item in wanted.items()
            if id_ in self.dropped and self._cost(id_, item.launches) <= self.left()
        }
        self.dropped -= fitting
        return bool(fitting)

    def cost(self, requests: Mapping[str, Request]) -> float:
        """Return the seconds that launches will take, as far as it is known."""
        wanted = per_benchmark(requests, self.ledger.open())
        return sum(self._cost(id_, item.launches) for id_, item in wanted.items())

    def _cost(self, benchmark: BenchmarkId, launches: int) -> float:
        return launches * (self.ledger.pace(benchmark) or 0.0)
