"""Who is measured next: rounds over all benchmarks in fresh random order."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from perfci.model.benchmark import Benchmark
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Stage
from perfci.stats.decide import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Launches that a benchmark is to have next."""

    stage: Stage
    by_metric: Mapping[str, int]
    """How many each gated metric asked for, by its name, of a tool's benchmarks by their keys; at
    least one asked."""

    @property
    def launches(self) -> int:
        """Return how many that are."""
        return max(self.by_metric.values())

    def metrics(self, turn: int) -> frozenset[str]:
        """Return the metrics that one of these launches is for; turns count from 0."""
        return frozenset(name for name, launches in self.by_metric.items() if launches > turn)


def per_benchmark(
    requests: Mapping[str, Request], benchmarks: Sequence[Benchmark]
) -> dict[BenchmarkId, Wanted]:
    """Join what the series of each benchmark, or of a tool's, want: one launch feeds all of them.

    Where series of one launch are in different stages, screening comes first.

    Returns:
        By the benchmark that is launched. A tool that has not told yet what it measures is launched
        once, to see.
    """
    asked: dict[BenchmarkId, dict[str, Request]] = {}
    for benchmark in benchmarks:
        mine = asked.setdefault(benchmark.launched, {})
        if not benchmark.metrics and benchmark.unit is None:
            mine[""] = Request(stage=Stage.SCREEN, launches=1)
        for metric in benchmark.metrics:
            key = benchmark.id.series(metric.name)
            if key in requests:
                mine[key if benchmark.unit else metric.name] = requests[key]
    return {launched: _wanted(mine) for launched, mine in asked.items() if mine}


def _wanted(asked: Mapping[str, Request]) -> Wanted:
    screens = {name: it for name, it in asked.items() if it.stage is Stage.SCREEN}
    chosen = screens or asked
    return Wanted(
        stage=next(iter(chosen.values())).stage,
        by_metric={name: it.launches for name, it in chosen.items()},
    )


def rounds(wanted: Mapping[BenchmarkId, Wanted], seed: int) -> list[list[BenchmarkId]]:
    """Lay the wanted launches out round by round, each round in an order of its own.

    A bad minute of the machine then falls on all benchmarks alike.

    Args:
        wanted: launches by benchmark.
        seed: 64 bits; same seed, same order.

    Returns:
        The benchmarks of each round.
    """
    chance = np.random.Generator(np.random.PCG64(seed))
    order = []
    for turn in range(max((item.launches for item in wanted.values()), default=0)):
        present = [id_ for id_, item in wanted.items() if item.launches > turn]
        order.append([present[index] for index in chance.permutation(len(present))])
    return order


def seed_of(*parts: object) -> int:
    """Derive 64 bits from a run's identity and a place in it; same parts, same bits.

    Source: statistics.md E5b 10.
    """
    text = "|".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
