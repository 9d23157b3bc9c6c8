"""What each recorded workload looks like: how far its launches spread, and what was seen of it."""

from collections.abc import Iterator

import numpy as np

from benchmarks.noise.recorded import Streams
from benchmarks.noise.sides import LATENCY
from perfci.model.measurement import Clock
from perfci.stats.clock import choose
from perfci.stats.launches import Pair, worsenings
from perfci.stats.terms import terms_of

_TERMS = terms_of(LATENCY, 0.05)
_CLOCKS = (Clock.NET, Clock.CPU, Clock.WALL)


def workload_table(streams: Streams) -> Iterator[str]:
    """Yield a line a workload.

    It tells the standard deviation of one launch in each clock, over all slowdowns; the clock
    that perfci would choose; and by how much head looked worse in it, for each true slowdown.
    """
    spreads = " ".join(f"{clock:>7}" for clock in _CLOCKS)
    seen = " ".join(f"{f'+{percent} %':>7}" for percent in streams)
    yield f"{'workload':10} spread: {spreads}   chosen   seen: {seen}"
    for workload in streams[0]:
        by_size = [by_name[workload] for by_name in streams.values()]
        spreads = " ".join(f"{_spread(by_size, clock):7.2%}" for clock in _CLOCKS)
        sides = [[it.base for it in by_size[0]], [it.head for it in by_size[0]]]
        choice = choose(LATENCY, sides)
        clock = choice.clock if choice else Clock.WALL
        seen = " ".join(f"{_seen(stream, clock):+7.1%}" for stream in by_size)
        yield f"{workload:10}         {spreads}   {clock:6}         {seen}"


def _spread(by_size: list[tuple[Pair, ...]], clock: Clock) -> float:
    if not all(clock in pair.head.clocks for stream in by_size for pair in stream):
        return float("nan")
    return float(np.mean([np.std(worsenings(it, clock, _TERMS), ddof=1) for it in by_size]))


def _seen(stream: tuple[Pair, ...], clock: Clock) -> float:
    return float(np.expm1(np.median(worsenings(stream, clock, _TERMS))))
