"""Who is measured next: rounds over all benchmarks in fresh random order."""

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np

from perfci.model.benchmark import Benchmark
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Stage
from perfci.stats.decide import Request


def per_benchmark(
    requests: Mapping[str, Request], benchmarks: Sequence[Benchmark]
) -> dict[BenchmarkId, Request]:
    """Join what the series of each benchmark want: one launch feeds all of them.

    Where series of one benchmark are in different stages, screening comes first.
    """
    wanted: dict[BenchmarkId, Request] = {}
    for benchmark in benchmarks:
        keys = (benchmark.id.series(metric.name) for metric in benchmark.metrics)
        asked = [requests[key] for key in keys if key in requests]
        screens = [item for item in asked if item.stage is Stage.SCREEN]
        if asked:
            wanted[benchmark.id] = max(screens or asked, key=lambda item: item.launches)
    return wanted


def rounds(wanted: Mapping[BenchmarkId, Request], seed: int) -> list[tuple[BenchmarkId, Stage]]:
    """Lay the wanted launches out round by round, each round in an order of its own.

    A bad minute of the machine then falls on all benchmarks alike.

    Args:
        wanted: launches by benchmark.
        seed: 64 bits; same seed, same order.
    """
    chance = np.random.Generator(np.random.PCG64(seed))
    order: list[tuple[BenchmarkId, Stage]] = []
    for turn in range(max((item.launches for item in wanted.values()), default=0)):
        present = [(id_, item.stage) for id_, item in wanted.items() if item.launches > turn]
        order += [present[index] for index in chance.permutation(len(present))]
    return order


def seed_of(*parts: object) -> int:
    """Derive 64 bits from a run's identity and a place in it; same parts, same bits.

    Source: statistics.md E5b 10.
    """
    text = "|".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
