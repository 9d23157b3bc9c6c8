"""The time for all measuring: how much is left, and who gets it where it does not suffice."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from perfci.measure.ledger import Ledger
from perfci.measure.schedule import Wanted, per_benchmark
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Stage
from perfci.ports import Clock
from perfci.stats.decide import Request


def affordable(needs: Mapping[BenchmarkId, float], left: float) -> frozenset[BenchmarkId]:
    """Choose the benchmarks that go on: as many as can be brought to their next look.

    Half of a look tells nothing, so the time is not spread over all: those that need least come
    first.

    Args:
        needs: seconds until the next look, by benchmark; 0 where it is not known yet.
        left: seconds that are left.
    """
    return frozenset(_fitting(needs, left))


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
    last: BenchmarkId | None = None
    """One that uses the rest of the time, though not to its next look."""

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
            if item.launched in self.dropped
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
            if item.launches > turn and id_ not in {*self.dropped, self.last}
        }
        left = self.left()
        if any(item.stage is Stage.SCREEN for item in wanted.values()):
            left -= self._kept_back(later)
        self.dropped |= needs.keys() - affordable(needs, left)

    def _kept_back(self, later: Mapping[str, Request]) -> float:
        """Return the seconds of those confirmations that there is time for at all."""
        confirming = {key: it for key, it in later.items() if it.stage is Stage.CONFIRM}
        wanted = per_benchmark(confirming, self.ledger.open())
        needs = {id_: self._cost(id_, item.launches) for id_, item in wanted.items()}
        return sum(needs[each] for each in affordable(needs, self.left()))

    def allows(self, benchmark: BenchmarkId) -> bool:
        """Tell whether one launch more can be had; if not, the benchmark is dropped."""
        if benchmark not in self.dropped and not 0 < self.left() >= self._cost(benchmark, 1):
            self.dropped.add(benchmark)
        return benchmark not in self.dropped

    def take_up_again(self, requests: Mapping[str, Request]) -> bool:
        """Let some go on after all; tell whether any can.

        Those for whose next look there is time; where there are none, the one whose launches take
        least: what it gives until the end narrows its interval.

        Args:
            requests: what the dropped ones would ask for.
        """
        if self.left() <= 0:
            return False
        wanted = per_benchmark(requests, self.ledger.open())
        dropped = {id_: it.launches for id_, it in wanted.items() if id_ in self.dropped}
        needs = {id_: self._cost(id_, launches) for id_, launches in dropped.items()}
        again = affordable(needs, self.left())
        if not again:
            once = {id_: self._cost(id_, 1) for id_ in dropped}
            again = frozenset(islice(_fitting(once, self.left()), 1))
            self.last = next(iter(again), None)
        self.dropped -= again
        return bool(again)

    def cost(self, requests: Mapping[str, Request]) -> float:
        """Return the seconds that launches will take, as far as it is known."""
        wanted = per_benchmark(requests, self.ledger.open())
        return sum(self._cost(id_, item.launches) for id_, item in wanted.items())

    def _cost(self, benchmark: BenchmarkId, launches: int) -> float:
        return launches * (self.ledger.pace(benchmark) or 0.0)
