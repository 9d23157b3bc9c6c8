"""Python callables: a fresh worker on each side, samples in turn while the other waits."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Any

import numpy as np

from perfci.model.benchmark import Benchmark, Function
from perfci.model.measurement import Side
from perfci.ports import LaunchOrder, LaunchReport, Places
from perfci.runners.coins import coins
from perfci.runners.failures import Subject
from perfci.runners.samples import Sample, metrics, net
from perfci.runners.spawning import Spawner
from perfci.runners.two_sides import Territory, refuse_shared_modules
from perfci.runners.variables import variables
from perfci.runners.working import Post, Worker

if TYPE_CHECKING:
    from perfci.model.identity import BenchmarkId

_PAIRS = 10
"""Samples a side in one launch."""
_ENOUGH = 1.0
"""Seconds of samples a side that make a launch of a slow function."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """How a benchmark is sampled; the same on both sides and in every launch."""

    inner: int
    """Calls in a batch."""
    batches: int
    """Batches in a sample."""
    pairs: int
    awaits: bool


class FunctionRunner:
    """Measures Python callables.

    Args:
        places: where the sides lie.
        environ: perfci's own variables.
        scratch: folder for pipes and output; its owner removes it.
        interpreter: as the user wrote it; see `interpreter`.
    """

    def __init__(
        self, places: Places, environ: Mapping[str, str], scratch: Path, interpreter: str | None
    ) -> None:
        self._places = places
        self._environ = environ
        self._scratch = scratch
        self._interpreter = interpreter
        self._spawners = {side: Spawner() for side in Side}
        self._shapes: dict[BenchmarkId, _Shape] = {}

    def prepare(self, benchmark: Benchmark, sides: tuple[Side, ...]) -> None:
        """Call the function on each side and calibrate; see `Runner.prepare`."""
        calibrated = []
        with self._workers(benchmark, sides, seed=0) as workers:
            for side, worker in workers.items():
                worker.load(awaits=False)
                calibrated.append(worker.calibrate())
                if len(sides) > 1:
                    self._check(benchmark, side, worker.files())
        slowest = max(it["seconds"] for it in calibrated)
        self._shapes[benchmark.id] = _Shape(
            inner=max(it["inner"] for it in calibrated),
            batches=max(it["batches"] for it in calibrated),
            pairs=min(_PAIRS, int(_ENOUGH / slowest) + 1),
            awaits=any(it["awaits"] for it in calibrated),
        )

    def launch(self, order: LaunchOrder) -> LaunchReport:
        """Sample the function some times on each side in turn; see `Runner.launch`."""
        shape = self._shapes[order.benchmark.id]
        sleep(order.benchmark.cooldown)
        first, *tosses = coins(order.seed, 1 + shape.pairs)
        sides = order.sides if first else tuple(reversed(order.sides))
        taken: dict[Side, list[Sample]] = {side: [] for side in order.sides}
        with self._workers(order.benchmark, sides, order.seed) as workers:
            for side in sides:
                workers[side].load(awaits=shape.awaits)
            for _ in range(order.benchmark.warmup):
                for side in sides:
                    workers[side].sample(shape.inner, shape.batches)
            for base_first in tosses:
                for side in order.sides if base_first else reversed(order.sides):
                    told = workers[side].sample(shape.inner, shape.batches)
                    taken[side].append(_sample(told, shape))
        peaks = self._peaks(order, sides, awaits=shape.awaits)
        return LaunchReport(
            launches={side: metrics(order, taken[side], peaks[side]) for side in order.sides},
            iterations=shape.inner * shape.batches,
        )

    def close(self) -> None:
        """End whatever still runs; safe to call twice."""
        for spawner in self._spawners.values():
            spawner.close()

    def _peaks(
        self, order: LaunchOrder, sides: tuple[Side, ...], *, awaits: bool
    ) -> dict[Side, list[int]]:
        """Measure memory where it is asked for: what the timing left behind must not count."""
        peaks: dict[Side, list[int]] = {side: [] for side in sides}
        if any(metric.name == "memory_usage" for metric in order.benchmark.metrics):
            for side in sides:
                with self._workers(order.benchmark, (side,), order.seed, of=sides) as workers:
                    workers[side].load(awaits=awaits)
                    peaks[side].append(workers[side].peak(warm=order.benchmark.warmup > 0))
        return peaks

    @contextmanager
    def _workers(
        self,
        benchmark: Benchmark,
        sides: tuple[Side, ...],
        seed: int,
        of: tuple[Side, ...] | None = None,
    ) -> Iterator[dict[Side, Worker]]:
        """Start fresh workers; whatever goes wrong, nothing of them is left."""
        work = benchmark.work
        assert isinstance(work, Function)  # noqa: S101 - wiring names the runner by the work
        workers: dict[Side, Worker] = {}
        try:
            for side in sides:
                post = Post(
                    subject=Subject(benchmark=benchmark, side=side, paired=len(of or sides) > 1),
                    function=work,
                    root=self._places.roots[side],
                    definitions=self._places.definitions,
                    environ=variables(self._environ, seed),
                    interpreter=self._interpreter,
                    scratch=self._scratch,
                )
                workers[side] = Worker(post, self._spawners[side])
            yield workers
            for worker in workers.values():
                worker.leave()
        except BaseException:
            self.close()
            raise
        finally:
            for worker in workers.values():
                worker.close()

    def _check(self, benchmark: Benchmark, side: Side, files: list[tuple[str, str]]) -> None:
        work = benchmark.work
        assert isinstance(work, Function)  # noqa: S101 - wiring names the runner by the work
        refuse_shared_modules(
            files,
            Territory.of(self._places, side),
            str(benchmark.id),
            allowed=self._places.definitions / work.path if work.path else None,
        )


def _sample(told: dict[str, Any], shape: _Shape) -> Sample:
    calls = shape.inner * shape.batches * 1e9
    wall, cpu, delay = told["wall"], told["cpu"], told["delay"]
    return Sample(
        wall=float(np.median(told["walls"])) / (shape.inner * 1e9),
        cpu=cpu / calls,
        net=None if delay is None else net(wall, cpu, delay) / calls,
        delay=None if delay is None else delay / calls,
        whole=told["whole"],
    )
