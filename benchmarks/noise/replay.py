"""Recorded launches through perfci's own rule, asked for one by one as the loop would."""

from dataclasses import dataclass, replace

from benchmarks.noise.draw import Draws
from benchmarks.noise.follow import PAIRED, follow
from benchmarks.noise.recorded import Streams
from benchmarks.noise.sides import LATENCY
from benchmarks.noise.tally import Judged, Tally
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Clock, Launch, Stage
from perfci.stats.decide import compare_series
from perfci.stats.launches import Pair
from perfci.stats.series import Design, Series


def replay(streams: Streams, draws: Draws, design: Design = PAIRED) -> Tally:
    """Judge every drawn suite.

    Args:
        streams: the recorded launches.
        draws: what the suites are made of.
        design: how to decide.
    """
    workloads = sorted(streams[0])
    tally = Tally()
    for suite, percents in enumerate(draws.percent.tolist()):
        blocks = [
            _Block(
                stream=streams[percent][workloads[draws.workload[suite, at]]],
                start=int(draws.start[suite, at]),
                swapped=bool(draws.swapped[suite, at]),
            )
            for at, percent in enumerate(percents)
        ]
        tally.add(_judge(blocks, [percent / 100 for percent in percents], design))
    return tally


def on_wall_clock(streams: Streams) -> Streams:
    """Leave nothing but wall time in the launches, as for tools that read no other clock."""
    return {
        percent: {
            workload: tuple(Pair(base=_on_wall(it.base), head=_on_wall(it.head)) for it in stream)
            for workload, stream in by_workload.items()
        }
        for percent, by_workload in streams.items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """Launches of one stream from some place on; after the last one comes the first."""

    stream: tuple[Pair, ...]
    start: int
    swapped: bool

    def launch(self, number: int, stage: Stage) -> Pair:
        pair = self.stream[(self.start + number - 1) % len(self.stream)]
        base, head = (pair.head, pair.base) if self.swapped else (pair.base, pair.head)
        return Pair(
            base=replace(base, number=number, stage=stage),
            head=replace(head, number=number, stage=stage),
        )


def _judge(blocks: list[_Block], changes: list[float], design: Design) -> list[Judged]:
    empty = [
        Series(
            id=BenchmarkId(suite="noise", name=f"n{at}"),
            metric=LATENCY,
            sensitivity=0.05,
            base=(),
            head=(),
        )
        for at in range(len(blocks))
    ]
    series = follow(empty, lambda place, *wanted: blocks[place].launch(*wanted), design)
    return [
        Judged(change=change, outcome=it.outcome, launches=len(one.head))
        for change, one, it in zip(changes, series, compare_series(series, design), strict=True)
    ]


def _on_wall(launch: Launch) -> Launch:
    return replace(launch, clocks={Clock.WALL: launch.clocks[Clock.WALL]}, delay=())
