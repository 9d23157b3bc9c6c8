"""Reruns of the same two commits: earlier launches are taken in, and all decide once.

"Rerun until it is green" then gives more data, not another draw. Source: statistics.md E5, E5b 10.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfci.measure.ledger import Ledger
from perfci.measure.members import member_of
from perfci.model.benchmark import Benchmark
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Launch, Measurement, Side
from perfci.model.run import Recording
from perfci.model.shard import Shard
from perfci.model.work import Read
from perfci.stats.series import Design

if TYPE_CHECKING:
    from perfci.model.metric import Metric

Place = tuple[BenchmarkId, Side, str]
"""A benchmark, a side and the name of a metric."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """What was taken in."""

    runs: tuple[str, ...] = ()
    """Ids of the earlier runs, oldest first."""
    launches: int = 0
    """Launches of all benchmarks together."""


def take_in(
    ledger: Ledger, earlier: Sequence[Recording], design: Design, shard: Shard | None = None
) -> Pooled:
    """Enter the launches of earlier runs, those of the oldest first: what it decided stays so.

    A recording holds what it had taken in itself; what two have in common counts once. A benchmark
    whose definition has changed since begins anew, and so does one that base did not have, or
    could not run: that may have passed. The error level is for a whole suite at looks that are
    fixed beforehand: a part of it, or another number of rounds, is a matter of its own. A shard
    goes on from runs of the same shard of the same plan.

    Args:
        ledger: still empty.
        earlier: of the same two commits in an equal environment, oldest first.
        design: how this run decides.
        shard: which part of the suite this run is.
    """
    if design.partial:
        return Pooled()
    fitting = [
        it
        for it in earlier
        if it.rounds == design.rounds and not it.partial and same_part(it.shard, shard)
    ]
    runs: set[str] = set()
    for benchmark in ledger.benchmarks:
        seen: set[object] = set()
        for recording in fitting:
            parts = list(_of(recording, benchmark, ledger.definition))
            if len({side for side, _ in parts}) < 2:
                continue
            _enter_members(ledger, benchmark, parts)
            ledger.describe(benchmark.id, parts)
            for launches in _by_number(parts):
                values = frozenset((at, tuple(it.clocks.items())) for at, it in launches.items())
                if values not in seen:
                    seen.add(values)
                    ledger.take(benchmark.id, launches)
            runs |= {*recording.earlier, recording.run.id}
    return Pooled(runs=tuple(sorted(runs)), launches=sum(ledger.numbers.values()))


def same_part(one: Shard | None, other: Shard | None) -> bool:
    """Tell whether two runs are of the same shard of one plan, or both of a whole suite."""
    if one is None or other is None:
        return one is other
    return (one.place, one.plan) == (other.place, other.plan)


def _of(
    recording: Recording, benchmark: Benchmark, definition: Callable[[Benchmark], str]
) -> Iterator[tuple[Side, Measurement]]:
    """Yield what a recording has of a benchmark, or of the benchmarks of a tool."""
    for side, run in ((Side.BASE, recording.base_run), (Side.HEAD, recording.run)):
        for it in run.measurements if run else ():
            if isinstance(benchmark.work, Read):
                mine = it.definition == definition(member_of(benchmark, it.id))
            else:
                mine = it.id == benchmark.id and it.definition == definition(benchmark)
            if mine and it.launches:
                yield side, it


def _enter_members(
    ledger: Ledger, benchmark: Benchmark, parts: Sequence[tuple[Side, Measurement]]
) -> None:
    """Enter the benchmarks that a tool told of in an earlier run."""
    if not isinstance(benchmark.work, Read):
        return
    told: dict[BenchmarkId, dict[str, Metric]] = {}
    for _, it in sorted(parts, key=lambda part: part[0] is Side.BASE):
        told.setdefault(it.id, {}).setdefault(it.metric.name, it.metric)
        ledger.beside[it.id, it.metric.name] = it.metric
    members = [member_of(benchmark, id_, tuple(it.values())) for id_, it in told.items()]
    ledger.enter(benchmark, members)


def _by_number(parts: Sequence[tuple[Side, Measurement]]) -> list[Mapping[Place, Launch]]:
    """Return the launches that were measured together, in the order of their numbers."""
    found: dict[int, dict[Place, Launch]] = {}
    for side, it in parts:
        for launch in it.launches:
            found.setdefault(launch.number, {})[it.id, side, it.metric.name] = launch
    return [found[number] for number in sorted(found)]
