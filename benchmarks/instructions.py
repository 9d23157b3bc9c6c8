"""Instruction counts: do they repeat, is a true 1 % seen as 1 %, and what do they cost?

    python benchmarks/instructions.py [--rounds N]

Three kinds of work (a C loop, a Python loop as a command, the same as a callable) are counted as
perfci counts them: base, and head that does 1 % more. `repeat` is the spread of base's counts over
the rounds in parts per million, `seen` is head against base in the worst and the best single
round, `slower` is the wall time of one counted execution against one that is not, side by side.
The counter is the processor's own (perf) where it works here, else valgrind; the table says which.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from perfci.errors import MeasurementError
from perfci.model.benchmark import Benchmark
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Clock, Side, Stage
from perfci.model.metric import Metric, built_in
from perfci.model.work import Command, Function, Work
from perfci.ports import LaunchOrder, Places, Runner
from perfci.runners.callables.runner import FunctionRunner
from perfci.runners.commands.runner import CommandRunner

SIDES = (Side.BASE, Side.HEAD)
LENGTHS = {Side.BASE: 300_000, Side.HEAD: 303_000}
C = """
int main(void) {{ volatile long sum = 0; for (long i = 0; i < {n}; i++) sum += i; return 0; }}
"""
PYTHON = """
def work():
    last = 0
    for number in range({n}):
        last = number & 7
    return last
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One kind of work, counted."""

    name: str
    counts: dict[Side, list[float]]
    counted: list[float]
    """Seconds of launches with counting, less those of the launches without beside them."""
    plain: float
    """Seconds of one execution."""
    executions: int
    """Counted executions in one launch, both sides together."""
    tool: str


@contextmanager
def _stage() -> Iterator[tuple[Places, Path]]:
    with tempfile.TemporaryDirectory(prefix="perfci-instructions-") as name:
        folder = Path(name)
        roots = {side: folder / side for side in SIDES}
        scratch = folder / "scratch"
        for each in (*roots.values(), scratch):
            each.mkdir()
        for side, length in LENGTHS.items():
            (roots[side] / "loop.py").write_text(PYTHON.format(n=length))
            (roots[side] / "run.py").write_text(PYTHON.format(n=length) + "work()\n")
            source = roots[side] / "loop.c"
            source.write_text(C.format(n=length * 10))
            if shutil.which("cc"):
                subprocess.run(["cc", "-O1", "-o", roots[side] / "loop", source], check=True)
        yield Places(roots=roots, checkout=folder / "none", definitions=roots[Side.HEAD]), scratch


def _benchmark(name: str, work: Work) -> Benchmark:
    metric = built_in("instructions")
    latency = built_in("latency")
    metrics: list[Metric] = [it for it in (latency, metric) if it]
    return Benchmark(
        id=BenchmarkId(suite="instructions", name=name),
        work=work,
        metrics=tuple(metrics),
        timeout=600,
        warmup=1,
    )


def _order(benchmark: Benchmark, number: int, *metrics: str) -> LaunchOrder:
    return LaunchOrder(
        benchmark=benchmark,
        sides=SIDES,
        number=number,
        stage=Stage.SCREEN,
        position=number,
        seed=number,
        wanted=frozenset(metrics),
    )


def _measured(name: str, work: Work, runner: Runner, rounds: int) -> Row:
    benchmark = _benchmark(name, work)
    runner.prepare(benchmark, SIDES)
    counts: dict[Side, list[float]] = {side: [] for side in SIDES}
    counted, plain, tool = [], [], ""
    # the first two launches count start-up, too: they are no measure of what counting costs
    for number in range(1, rounds + 3):
        begun = time.perf_counter()
        runner.launch(_order(benchmark, number, "latency"))
        between = time.perf_counter()
        report = runner.launch(_order(benchmark, number, "latency", "instructions"))
        ended = time.perf_counter()
        for side in SIDES:
            found = report.launches[side]
            counts[side] += found["instructions"].clocks[Clock.VALUE]
            calls = report.iterations if isinstance(work, Function) else 1
            plain.append(median(found["latency"].clocks[Clock.WALL]) * calls)
        tool = report.warnings[0].partition(" by ")[2].partition(":")[0]
        if number > 2:
            counted.append((ended - between) - (between - begun))
    return Row(
        name=name, counts=counts, counted=counted, plain=median(plain), executions=2, tool=tool
    )


def _print(row: Row) -> None:
    base, head = row.counts[Side.BASE], row.counts[Side.HEAD]
    repeat = (max(base) - min(base)) / median(base) * 1e6
    seen = [(mine / theirs - 1) * 100 for mine in head for theirs in base]
    slower = median(row.counted) / row.executions / row.plain
    print(
        f"{row.name:<16}{median(base) / 1e6:>10.2f} M{repeat:>10.1f}"
        f"{min(seen):>11.3f} ...{max(seen):>6.3f} %{slower:>11.0f}x   {row.tool}"
    )


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=4, help="launches besides the first two")
    rounds = parser.parse_args().rounds
    environ = dict(os.environ)
    print(f"{rounds + 2} launches of each side; head does 1 % more than base")
    print(f"{'work':<16}{'count':>12}{'ppm':>10}{'1 % is seen as':>24}{'slower':>12}   counted by")
    with _stage() as (places, scratch):
        kinds: list[tuple[str, Work, Callable[[], CommandRunner | FunctionRunner]]] = [
            ("Python loop", Command(argv=(sys.executable, "run.py")),
             lambda: CommandRunner(places, environ, scratch)),
            ("callable", Function(target="loop:work"),
             lambda: FunctionRunner(places, environ, scratch, sys.executable)),
        ]  # fmt: skip
        if shutil.which("cc"):
            compiled = Command(argv=("./loop",), startup=("/bin/true",))
            kinds.insert(0, ("C loop", compiled, lambda: CommandRunner(places, environ, scratch)))
        else:
            print("C loop: there is no C compiler here")
        for name, work, make in kinds:
            runner = make()
            try:
                _print(_measured(name, work, runner, rounds))
            except MeasurementError as error:
                print(f"{name}: {error.message}\n  {error.hint}")
                return 1
            finally:
                runner.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
