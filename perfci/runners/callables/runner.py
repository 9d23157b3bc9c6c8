"""Python callables: a fresh worker on each side, samples in turn while the other waits."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING

from perfci.errors import MeasurementError
from perfci.measure.checksums import looked_at_again
from perfci.model.benchmark import Benchmark
from perfci.model.measurement import Side
from perfci.model.text import printable
from perfci.model.work import Function
from perfci.ports import LaunchOrder, LaunchReport, Places
from perfci.runners.callables.allocations import Allocations
from perfci.runners.callables.shape import Shape, shape
from perfci.runners.callables.working import Post, Worker
from perfci.runners.callables.workplace import Find, Here, Workplace
from perfci.runners.coins import coins
from perfci.runners.counting.callables import of_function
from perfci.runners.counting.counting import Counting
from perfci.runners.counting.program import Program
from perfci.runners.failures import Subject
from perfci.runners.processes.spawning import Spawner
from perfci.runners.samples import Sample, metrics
from perfci.runners.two_sides import Territory, refuse_shared_modules
from perfci.runners.variables import variables

if TYPE_CHECKING:
    from perfci.model.identity import BenchmarkId


class FunctionRunner:
    """Measures Python callables.

    Args:
        places: where the sides lie.
        environ: perfci's own variables.
        scratch: folder for pipes and output; its owner removes it.
        interpreter: as the user wrote it; see `interpreter`.
        elsewhere: opens where a benchmark with an image runs; None where there are none.
    """

    def __init__(
        self,
        places: Places,
        environ: Mapping[str, str],
        scratch: Path,
        interpreter: str | None,
        elsewhere: Find | None = None,
    ) -> None:
        self._places = places
        self._environ = environ
        self._scratch = scratch
        self._interpreter = interpreter
        self._elsewhere = elsewhere
        self._spawners = {side: Spawner() for side in Side}
        self._counting = Counting(environ, scratch)
        self._shapes: dict[BenchmarkId, Shape] = {}
        self._allocations: dict[BenchmarkId, dict[Side, Allocations]] = {}

    def prepare(self, benchmark: Benchmark, sides: tuple[Side, ...]) -> None:
        """Call the function on each side and calibrate; see `Runner.prepare`."""
        forms, calibrated = {}, {}
        with self._workers(benchmark, sides, seed=0) as workers:
            for side, worker in workers.items():
                worker.load()
                forms[side] = worker.first()
                calibrated[side] = worker.calibrate()
                if len(sides) > 1:
                    self._check(benchmark, side, worker.files())
        self._shapes[benchmark.id] = shape(calibrated, forms)
        if benchmark.gates("instructions"):
            for side in sides:
                self._counting.prepare(_subject(benchmark, side, sides))
                # what is compiled when it first runs must not be counted the first time alone
                self._spawners[side].run(self._counted(benchmark, side, sides, seed=0).start)

    def launch(self, order: LaunchOrder) -> LaunchReport:
        """Sample the function some times on each side in turn; see `Runner.launch`."""
        shape = self._shapes[order.benchmark.id]
        sleep(order.benchmark.cooldown)
        first, *tosses = coins(order.seed, 1 + shape.pairs)
        sides = order.sides if first else tuple(reversed(order.sides))
        taken: dict[Side, list[Sample]] = {side: [] for side in order.sides}
        with self._workers(order.benchmark, sides, order.seed) as workers:
            for side in sides:
                workers[side].load(shape.forms[side])
            for _ in range(order.benchmark.warmup):
                for side in sides:
                    workers[side].sample(shape.inner, shape.batches)
            for base_first in tosses:
                for side in order.sides if base_first else reversed(order.sides):
                    taken[side].append(workers[side].sample(shape.inner, shape.batches))
            checksums = _checksums(order.benchmark, workers)
        peaks = self._peaks(order, sides, shape)
        report = LaunchReport(
            launches={side: metrics(order, taken[side], peaks[side]) for side in order.sides},
            iterations=shape.inner * shape.batches,
            details={
                side: {"memory_usage": found.told()}
                for side, found in self.allocations(order.benchmark).items()
            },
            checksums=checksums,
        )
        if not order.wants("instructions"):
            return report
        programs = {
            side: self._counted(order.benchmark, side, order.sides, order.seed)
            for side in order.sides
        }
        return self._counting.added(order, report, programs)

    def allocations(self, benchmark: Benchmark) -> Mapping[Side, Allocations]:
        """Return which lines hold the memory of each side.

        Empty before the first launch, and where memory is not gated; a side is left out where
        looking failed.
        """
        return dict(self._allocations.get(benchmark.id, {}))

    def close(self) -> None:
        """End whatever still runs; safe to call twice."""
        for spawner in self._spawners.values():
            spawner.close()

    def _counted(
        self, benchmark: Benchmark, side: Side, sides: tuple[Side, ...], seed: int
    ) -> Program:
        """Return what is counted on one side."""
        place = self._place(benchmark, side)
        environ = variables(place.environ, seed) | dict(benchmark.env)
        python = place.python(self._interpreter, environ).path
        assert python is not None  # noqa: S101 - it has just run the samples
        subject = _subject(benchmark, side, sides)
        return of_function(subject, place, environ, python, self._shapes[benchmark.id])

    def _peaks(
        self, order: LaunchOrder, sides: tuple[Side, ...], shape: Shape
    ) -> dict[Side, list[int]]:
        """Measure memory where it is asked for: what the timing left behind must not count."""
        peaks: dict[Side, list[int]] = {side: [] for side in sides}
        if order.wants("memory_usage"):
            for side in sides:
                with self._workers(order.benchmark, (side,), order.seed, of=sides) as workers:
                    workers[side].load(shape.forms[side])
                    peaks[side].append(workers[side].peak(warm=order.benchmark.warmup > 0))
            if order.benchmark.id not in self._allocations:
                self._allocations[order.benchmark.id] = self._attributed(order, sides, shape)
        return peaks

    def _attributed(
        self, order: LaunchOrder, sides: tuple[Side, ...], shape: Shape
    ) -> dict[Side, Allocations]:
        """Look which lines hold the memory; that it cannot be told is no failure."""
        found: dict[Side, Allocations] = {}
        for side in sides:
            with (
                suppress(MeasurementError),
                self._workers(order.benchmark, (side,), order.seed, of=sides) as workers,
            ):
                workers[side].load(shape.forms[side])
                found[side] = workers[side].allocations()
        return found

    @contextmanager
    def _workers(
        self,
        benchmark: Benchmark,
        sides: tuple[Side, ...],
        seed: int,
        of: tuple[Side, ...] | None = None,
    ) -> Iterator[dict[Side, Worker]]:
        """Start fresh workers; whatever goes wrong, nothing of them is left."""
        workers: dict[Side, Worker] = {}
        places = {side: self._place(benchmark, side) for side in sides}
        try:
            for side, place in places.items():
                subject = _subject(benchmark, side, of or sides)
                self._insist_on_folder(subject)
                post = Post(
                    subject=subject,
                    function=_function(benchmark),
                    place=place,
                    environ=variables(place.environ, seed) | dict(benchmark.env),
                    interpreter=self._interpreter,
                )
                workers[side] = Worker(post)
            yield workers
            for worker in workers.values():
                worker.leave()
        except BaseException as error:
            try:
                for worker in workers.values():
                    worker.abandon(patient=isinstance(error, MeasurementError))
            finally:
                for place in places.values():
                    place.spawner.close()
            raise
        finally:
            for worker in workers.values():
                worker.close()

    def _place(self, benchmark: Benchmark, side: Side) -> Workplace:
        if benchmark.image:
            assert self._elsewhere  # noqa: S101 - wiring knows that there are images
            return self._elsewhere(benchmark, side)
        return Here(
            side=side,
            spawner=self._spawners[side],
            root=self._places.roots[side],
            definitions=self._places.definitions,
            environ=self._environ,
            scratch=self._scratch,
        )

    def _insist_on_folder(self, subject: Subject) -> None:
        """Make sure that the callable's folder is there.

        Raises:
            MeasurementError: it is not.
        """
        cwd = subject.benchmark.cwd
        if not (self._places.roots[subject.side] / cwd).is_dir():
            raise subject.error(
                "cannot start in its folder",
                after=f": cwd: {printable(cwd)} is no folder in {self._places.roots[subject.side]}",
                hint="`cwd` is relative to the root of each side; `setup:` can make the folder",
                absent=True,
            )

    def _check(self, benchmark: Benchmark, side: Side, files: list[tuple[str, str]]) -> None:
        """Make sure that what is loaded is the side's own, but for head's files of the targets."""
        work = _function(benchmark)
        definitions = self._places.definitions
        allowed = {os.path.realpath(definitions / path) for path in work.paths}
        place = self._place(benchmark, side)
        seen = {place.root: self._places.roots[side], place.definitions: definitions}
        here = ((name, _here(file, seen)) for name, file in files)
        refuse_shared_modules(
            [(name, file) for name, file in here if os.path.realpath(file) not in allowed],
            Territory.of(self._places, side),
            str(benchmark.id),
        )


def _subject(benchmark: Benchmark, side: Side, sides: tuple[Side, ...]) -> Subject:
    return Subject(benchmark=benchmark, side=side, paired=len(sides) > 1)


def _function(benchmark: Benchmark) -> Function:
    assert isinstance(benchmark.work, Function)  # noqa: S101 - wiring names the runner by the work
    return benchmark.work


def _checksums(
    benchmark: Benchmark, workers: Mapping[Side, Worker]
) -> Mapping[Side, frozenset[str]]:
    """Return the checksum of each side's result, where it is asked for."""
    if benchmark.checksum is None:
        return {}
    found = {side: {worker.checksum()} for side, worker in workers.items()}
    return looked_at_again(found, lambda side: workers[side].checksum())


def _here(file: str, seen: Mapping[Path, Path]) -> str:
    """Return where a file that a worker names lies as perfci sees it."""
    for there, here in seen.items():
        if file.startswith(f"{there}/"):
            return f"{here}{file.removeprefix(str(there))}"
    return file
