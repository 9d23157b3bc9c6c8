"""What the runners' tests share: sides on disk, benchmarks and orders."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from perfci.model.benchmark import Benchmark
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Side, Stage
from perfci.model.metric import built_in
from perfci.model.work import Command, Function, Work
from perfci.ports import LaunchOrder, Places
from perfci.runners.commands.runner import CommandRunner

BOTH = (Side.BASE, Side.HEAD)
ALONE = (Side.HEAD,)
ENVIRON = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": "/tmp"}


def alone(root: Path) -> Places:
    root.mkdir(exist_ok=True)
    return Places(roots={Side.HEAD: root}, checkout=root, definitions=root)


def side_by_side(folder: Path) -> Places:
    roots = {side: folder / "sides" / side for side in BOTH}
    checkout = folder / "checkout"
    for root in (*roots.values(), checkout):
        root.mkdir(parents=True)
    return Places(roots=roots, checkout=checkout, definitions=roots[Side.HEAD])


def scratch_of(folder: Path) -> Path:
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    return scratch


def bench(work: Work, *metrics: str, timeout: float = 30.0, warmup: int = 1) -> Benchmark:
    wanted = [built_in(name) for name in metrics or ("latency",)]
    return Benchmark(
        id=BenchmarkId(suite="codec", name="parse"),
        work=work,
        metrics=tuple(metric for metric in wanted if metric),
        timeout=timeout,
        warmup=warmup,
    )


def python(code: str) -> Command:
    return Command(argv=(sys.executable, "-S", "-c", code))


def shell(text: str) -> Command:
    return Command(argv=("/bin/sh", "-c", text), shell=True)


def function(target: str, **arguments: object) -> Function:
    return Function(target=target, arguments=tuple(arguments.items()))


def order(benchmark: Benchmark, sides: tuple[Side, ...] = ALONE, seed: int = 7) -> LaunchOrder:
    return LaunchOrder(
        benchmark=benchmark, sides=sides, number=3, stage=Stage.SCREEN, position=9, seed=seed
    )


def patient(benchmark: Benchmark, seconds: float) -> Benchmark:
    return replace(benchmark, timeout=seconds)


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@contextmanager
def command_runners(folder: Path) -> Iterator[Callable[..., CommandRunner]]:
    """Make runners of commands, and close them twice."""
    made: list[CommandRunner] = []

    def runner(places: Places, **environ: str) -> CommandRunner:
        made.append(CommandRunner(places, ENVIRON | environ, scratch_of(folder)))
        return made[-1]

    yield runner
    for each in made:
        each.close()
        each.close()
