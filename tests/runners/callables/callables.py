"""What the tests of callables share: a benchmark file on disk, and a runner for it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from perfci.errors import MeasurementError
from perfci.model.benchmark import Benchmark
from perfci.model.measurement import Launch, Side
from perfci.model.work import Function
from perfci.ports import LaunchReport, Places
from perfci.runners.callables.runner import FunctionRunner
from tests.runners.stage import ALONE, ENVIRON, alone, bench, order, scratch_of

FILE = "benchmarks/b.py"


@dataclass(frozen=True, kw_only=True)
class Calls:
    runner: FunctionRunner
    places: Places

    def root(self, side: Side = Side.HEAD) -> Path:
        return self.places.roots[side]

    def text(self, name: str, side: Side = Side.HEAD) -> str:
        return (self.root(side) / name).read_text()

    def prepare(self, benchmark: Benchmark, *sides: Side) -> None:
        self.runner.prepare(benchmark, sides or ALONE)

    def measured(self, benchmark: Benchmark, *sides: Side) -> LaunchReport:
        self.prepare(benchmark, *sides)
        return self.runner.launch(order(benchmark, sides or ALONE))

    def failing(self, benchmark: Benchmark, *sides: Side) -> MeasurementError:
        with pytest.raises(MeasurementError) as caught:
            self.measured(benchmark, *sides)
        return caught.value


@contextmanager
def calling(
    folder: Path,
    code: str,
    places: Places | None = None,
    interpreter: str | None = sys.executable,
) -> Iterator[Calls]:
    """Write the benchmark file into every side, and close the runner at the end."""
    places = places or alone(folder / "app")
    for root in places.roots.values():
        (root / FILE).parent.mkdir(exist_ok=True)
        (root / FILE).write_text(code)
    runner = FunctionRunner(places, ENVIRON, scratch_of(folder), interpreter)
    try:
        yield Calls(runner=runner, places=places)
    finally:
        runner.close()


def named(
    name: str,
    *metrics: str,
    timeout: float = 30.0,
    arguments: dict[str, object] | None = None,
    **options: Any,
) -> Benchmark:
    """Return a benchmark of a function in the file; `setup` and `teardown` are names, too."""
    for part in ("setup", "teardown"):
        if part in options:
            options[part] = f"{FILE}:{options[part]}"
    beside = {key: options.pop(key) for key in ("env", "cwd", "warmup") if key in options}
    work = Function(target=f"{FILE}:{name}", arguments=tuple((arguments or {}).items()), **options)
    return replace(bench(work, *metrics, timeout=timeout), **beside)


def latency(report: LaunchReport, side: Side = Side.HEAD) -> Launch:
    return report.launches[side]["latency"]
