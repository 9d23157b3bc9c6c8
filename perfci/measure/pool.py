"""Reruns of the same two commits: earlier launches are taken in, and all decide once.

"Rerun until it is green" then gives more data, not another draw. Source: statistics.md E5, E5b 10.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from perfci.measure.ledger import Ledger
from perfci.model.benchmark import Benchmark
from perfci.model.measurement import Measurement, Side
from perfci.model.run import Recording


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """What was taken in."""

    runs: tuple[str, ...] = ()
    """Ids of the earlier runs, oldest first."""
    launches: int = 0
    """Launches of all benchmarks together."""


def take_in(ledger: Ledger, earlier: Sequence[Recording]) -> Pooled:
    """Enter the launches of earlier runs.

    A recording holds the launches that it had taken in itself, so of each benchmark the one with
    the most counts. A benchmark whose definition has changed since begins anew, and so does one
    that base did not have, or could not run: that may have passed.

    Args:
        ledger: still empty.
        earlier: of the same two commits in an equal environment.
    """
    runs: set[str] = set()
    for benchmark in ledger.benchmarks:
        definition = ledger.definition(benchmark)
        every = [list(_of(recording, benchmark, definition)) for recording in earlier]
        found = [
            (len({launch.number for _, it in series for launch in it.launches}), place, series)
            for place, series in enumerate(every)
            if len({side for side, _ in series}) == 2
        ]
        if found:
            _, place, series = max(found, key=lambda it: it[:2])
            for side, measurement in series:
                ledger.take(side, measurement)
            runs |= {*earlier[place].earlier, earlier[place].run.id}
    return Pooled(runs=tuple(sorted(runs)), launches=sum(ledger.numbers.values()))


def _of(
    recording: Recording, benchmark: Benchmark, definition: str
) -> Iterator[tuple[Side, Measurement]]:
    for side, run in ((Side.BASE, recording.base_run), (Side.HEAD, recording.run)):
        for it in run.measurements if run else ():
            if it.id == benchmark.id and it.definition == definition and it.launches:
                yield side, it
