"""Commands: every execution is a fresh process, base and head in turn."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING

from perfci.measure.checksums import looked_at_again
from perfci.model.benchmark import Benchmark
from perfci.model.measurement import Side
from perfci.ports import LaunchOrder, LaunchReport, Places
from perfci.runners.coins import coins
from perfci.runners.commands.apart import apart
from perfci.runners.commands.steps import Execution
from perfci.runners.counting.commands import of_command
from perfci.runners.counting.counting import Counting
from perfci.runners.failures import Subject
from perfci.runners.processes.elsewhere import Beside, Elsewhere, Find
from perfci.runners.processes.spawning import Ended, Spawner
from perfci.runners.samples import Sample, metrics, net
from perfci.runners.variables import variables
from perfci.stats.launches import median

if TYPE_CHECKING:
    from perfci.model.identity import BenchmarkId

_PAIRS = 10
"""Executions a side in one launch of a short command."""
_ENOUGH = 0.1
"""Seconds of executions a side that make a launch; statistics.md E5b 11."""


class CommandRunner:
    """Measures commands.

    Wall and CPU time, the wait for a processor, and peak memory are read from every execution.

    Args:
        places: where the sides lie; commands start in their roots.
        environ: perfci's own variables.
        scratch: folder for the output of programs and the like; its owner removes it.
        elsewhere: finds the place of a benchmark with an `image`.
    """

    def __init__(
        self,
        places: Places,
        environ: Mapping[str, str],
        scratch: Path,
        elsewhere: Find | None = None,
    ) -> None:
        self._places = places
        self._environ = environ
        self._scratch = scratch
        self._elsewhere = elsewhere
        self._spawner = Spawner()
        self._counting = Counting(environ, scratch)
        self._pairs: dict[BenchmarkId, int] = {}

    def prepare(self, benchmark: Benchmark, sides: tuple[Side, ...]) -> None:
        """Run the command once or more on each side; see `Runner.prepare`."""
        slowest = 0.0
        # a first run may print what later ones do not
        warming = replace(benchmark, checksum=None)
        for side in sides:
            plain = self._execution(warming, side, sides, seed=0)
            # in an image neither the checkout nor the other side can be reached
            shared = plain.subject.paired and not benchmark.image
            own = apart(plain, self._places, self._scratch / "imports")
            with own if shared else nullcontext(plain) as execution:
                # not in wall time: on a busy machine a launch would shrink to a single pair
                runs = [_sample(execution.run()) for _ in range(max(1, benchmark.warmup))]
            slowest = max(slowest, median(it.wall if it.net is None else it.net for it in runs))
            if benchmark.gates("instructions"):
                self._counting.prepare(plain.subject)
        self._pairs[benchmark.id] = min(_PAIRS, int(_ENOUGH / slowest) + 1)

    def launch(self, order: LaunchOrder) -> LaunchReport:
        """Execute the command some times on each side in turn; see `Runner.launch`."""
        executions = [
            self._execution(order.benchmark, side, order.sides, order.seed) for side in order.sides
        ]
        ended: dict[Side, list[Ended]] = {side: [] for side in order.sides}
        sleep(order.benchmark.cooldown)
        for base_first in coins(order.seed, self._pairs[order.benchmark.id]):
            for execution in executions if base_first else reversed(executions):
                ended[execution.subject.side].append(execution.run())
        report = LaunchReport(
            launches={
                side: metrics(
                    order,
                    list(map(_sample, all_)),
                    [it.peak for it in all_],
                    floor=max(it.floor for it in all_),
                )
                for side, all_ in ended.items()
            },
            checksums=_checksums(order, executions, ended),
        )
        if not order.wants("instructions"):
            return report
        return self._counting.added(
            order, report, {it.subject.side: of_command(it) for it in executions}
        )

    def close(self) -> None:
        """End whatever still runs; safe to call twice."""
        self._spawner.close()

    def _execution(
        self, benchmark: Benchmark, side: Side, sides: tuple[Side, ...], seed: int
    ) -> Execution:
        place = self._place(benchmark, side)
        return Execution(
            subject=Subject(benchmark=benchmark, side=side, paired=len(sides) > 1),
            place=place,
            environ=variables(place.environ, seed) | dict(benchmark.env),
        )

    def _place(self, benchmark: Benchmark, side: Side) -> Elsewhere:
        if benchmark.image:
            assert self._elsewhere is not None  # noqa: S101 - wiring gives it where images are
            return self._elsewhere(benchmark, side)
        return Beside(
            spawner=self._spawner,
            root=self._places.roots[side],
            environ=self._environ,
            output=self._scratch / "command-output",
        )


def _checksums(
    order: LaunchOrder, executions: Sequence[Execution], ended: Mapping[Side, Sequence[Ended]]
) -> Mapping[Side, frozenset[str]]:
    """Return the checksums of everything that was measured, where they are asked for."""
    if order.benchmark.checksum is None:
        return {}
    found = {side: {each.checksum for each in all_} for side, all_ in ended.items()}
    runs = {each.subject.side: each.run for each in executions}
    return looked_at_again(found, lambda side: runs[side]().checksum)


def _sample(ended: Ended) -> Sample:
    waited = ended.delay
    return Sample(
        wall=ended.wall,
        cpu=ended.cpu,
        net=None if waited is None else net(ended.wall, ended.cpu, waited),
        delay=waited,
        whole=ended.whole,
    )
