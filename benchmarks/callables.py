"""How truly Python callables are timed: perfci beside timeit, pytest-benchmark and pyperf.

    python benchmarks/callables.py [ROUNDS]

Three tables. The first is the instrument alone: in one process, perfci's loop and timeit's take
turns on the same function with the same number of calls, so that nothing but their loops differs;
the ratio is that of their medians. The others are each tool as its users run it, every round in
fresh processes and in random order: the median of its figure over the rounds, the ratio to timeit's
round by round, and how far the rounds spread (robust standard deviation by median): once on the
machine as it is, once (without pyperf, which takes minutes there) beside busy processes that this
script starts and ends. Takes about ten minutes.

Which figure: timeit's best of 5, as it prints; pytest-benchmark's and pyperf's median; perfci's
median of a launch in wall time, and in net time (without waiting for a processor).
"""

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import timeit
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from itertools import count
from pathlib import Path

from perfci.model.benchmark import Benchmark
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Clock, Side, Stage
from perfci.model.metric import built_in
from perfci.model.work import Function
from perfci.ports import LaunchOrder, Places
from perfci.runners.callables.runner import FunctionRunner
from perfci.runners.callables.targets import load_order
from perfci.runners.callables.worker.work import Work

FUNCTIONS = {
    "empty": "def empty(): pass",
    "1 us": "def about_1_us(_range=range(160)):\n    for _ in _range: pass",
}
NAMES = {"empty": "empty", "1 us": "about_1_us"}
BUSY = 8
"""Processes that keep the machine busy for the last table."""
TURNS = 400
"""Turns of each instrument in the first table, a sample of 2 ms each."""
LIMIT = 600
"""Seconds after which the busy processes end by themselves, whatever happens to this one."""

Figures = dict[str, float]
Tool = Callable[[str], Figures]


def sources(folder: Path) -> None:
    """Write the functions, and the same once more as each tool wants them."""
    code = "\n".join(FUNCTIONS.values())
    (folder / "functions.py").write_text(code)
    (folder / "test_functions.py").write_text(
        "import functions\n"
        + "".join(
            f"def test_{name}(benchmark): benchmark(functions.{name})\n" for name in NAMES.values()
        )
    )
    (folder / "pyperf_functions.py").write_text(
        "import functions, pyperf, sys\nrunner = pyperf.Runner()\n"
        + "".join(f"runner.bench_func('{name}', functions.{name})\n" for name in NAMES.values())
    )


def turns(folder: Path, name: str) -> tuple[float, float, float]:
    """Return seconds a call by perfci's loop and by timeit's, and the ratio, in one process."""
    work = Work(load_order(Function(target=f"functions.py:{NAMES[name]}"), folder, folder))
    work.set_up()
    work.first()
    told = work.calibrate()
    inner, batches = told["inner"], told["batches"]
    timer = timeit.Timer(work._function)  # noqa: SLF001 - the very same function
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(TURNS):
        ours += [wall / 1e9 / inner for wall in work.sample(inner, batches)["walls"]]
        theirs += [seconds / inner for seconds in timer.repeat(batches, inner)]
    mine, other = statistics.median(ours), statistics.median(theirs)
    return mine, other, mine / other


def by_perfci(folder: Path, scratch: Path) -> Tool:
    """Return what runs a launch of perfci."""
    places = Places(roots={Side.HEAD: folder}, checkout=folder, definitions=folder)
    runner = FunctionRunner(places, os.environ, scratch, sys.executable)
    latency = built_in("latency")
    assert latency is not None  # noqa: S101 - perfci knows it
    benchmarks = {
        name: Benchmark(
            id=BenchmarkId(suite="callables", name=NAMES[name]),
            work=Function(target=f"functions.py:{NAMES[name]}"),
            metrics=(latency,),
            timeout=60.0,
            warmup=1,
        )
        for name in NAMES
    }
    for benchmark in benchmarks.values():
        runner.prepare(benchmark, (Side.HEAD,))
    numbers = count(1)

    def tool(name: str) -> Figures:
        number = next(numbers)
        order = LaunchOrder(
            benchmark=benchmarks[name],
            sides=(Side.HEAD,),
            number=number,
            stage=Stage.SCREEN,
            position=number,
            seed=number,
        )
        clocks = runner.launch(order).launches[Side.HEAD]["latency"].clocks
        return {
            f"perfci, {clock}": statistics.median(clocks[clock])
            for clock in (Clock.WALL, Clock.NET)
            if clock in clocks
        }

    return tool


def by_timeit(folder: Path) -> Tool:
    """Return what runs timeit as its command line does: it chooses how often, best of 5."""

    def tool(name: str) -> Figures:
        function = NAMES[name]
        code = (
            f"import functions, timeit; t = timeit.Timer(functions.{function});"
            "n, _ = t.autorange(); print(min(t.repeat(5, n)) / n)"
        )
        return {"timeit": float(_said([sys.executable, "-c", code], folder))}

    return tool


def by_pytest(folder: Path) -> Tool:
    """Return what runs pytest-benchmark at its defaults."""

    def tool(name: str) -> Figures:
        told = folder / "pytest.json"
        argv = ["pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:xdist"]
        chosen = f"test_functions.py::test_{NAMES[name]}"
        _said([sys.executable, "-m", *argv, f"--benchmark-json={told}", chosen], folder)
        stats = json.loads(told.read_text())["benchmarks"][0]["stats"]
        return {"pytest-benchmark": stats["median"]}

    return tool


def by_pyperf(folder: Path) -> Tool:
    """Return what runs pyperf with its fast settings."""

    def tool(name: str) -> Figures:
        told = folder / "pyperf.json"
        told.unlink(missing_ok=True)
        argv = ["-m", "pyperf", "timeit", "--fast", "-q", "-o", str(told), "-s"]
        setup = f"from functions import {NAMES[name]} as f"
        _said([sys.executable, *argv, setup, "f()"], folder)
        runs = json.loads(told.read_text())["benchmarks"][0]["runs"]
        return {"pyperf": statistics.median(v for run in runs for v in run.get("values", []))}

    return tool


def _said(argv: list[str], folder: Path) -> str:
    done = subprocess.run(argv, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{argv} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


@contextmanager
def busy(processes: int) -> Iterator[None]:
    """Keep the machine busy; whatever happens, the processes end."""
    code = f"import time\nend = time.monotonic() + {LIMIT}\nwhile time.monotonic() < end: pass"
    started = [subprocess.Popen([sys.executable, "-S", "-c", code]) for _ in range(processes)]
    try:
        yield
    finally:
        for each in started:
            each.kill()
            each.wait()


def table(title: str, tools: list[Tool], rounds: int) -> None:
    """Measure in rounds, every tool once a round on every function, and print the figures."""
    taken: dict[str, dict[str, list[float]]] = {name: {} for name in FUNCTIONS}
    for _ in range(rounds):
        for name in FUNCTIONS:
            for tool in random.sample(tools, len(tools)):
                for label, figure in tool(name).items():
                    taken[name].setdefault(label, []).append(figure)
    print(f"\n{title}, {rounds} rounds")
    print(f"{'function':10} {'tool':18} {'ns':>10} {'to timeit':>10} {'spread':>8}")
    for name, figures in taken.items():
        for label, seconds in sorted(figures.items()):
            pairs = zip(seconds, figures["timeit"], strict=True)
            ratio = statistics.median(ours / theirs for ours, theirs in pairs)
            print(
                f"{name:10} {label:18} {statistics.median(seconds) * 1e9:10.1f} {ratio:9.2f}x"
                f" {_spread(seconds):8.1%}"
            )


def _spread(values: list[float]) -> float:
    middle = statistics.median(values)
    return 1.4826 * statistics.median(abs(each - middle) for each in values) / middle


def main() -> None:
    """Print the tables."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory() as place:
        folder, scratch = Path(place, "app"), Path(place, "scratch")
        folder.mkdir()
        scratch.mkdir()
        sources(folder)
        print(f"the loops alone, taking turns in one process, {TURNS} samples of 2 ms each")
        print(f"{'function':10} {'perfci ns':>10} {'timeit ns':>10} {'ratio':>8}")
        for name in FUNCTIONS:
            ours, theirs, ratio = turns(folder, name)
            print(f"{name:10} {ours * 1e9:10.1f} {theirs * 1e9:10.1f} {ratio:7.3f}x")
        tools = [by_perfci(folder, scratch), by_timeit(folder)]
        slow: list[Tool] = []
        for package, make, found in (
            ("pytest_benchmark", by_pytest, tools),
            ("pyperf", by_pyperf, slow),
        ):
            if find_spec(package):
                found.append(make(folder))
            else:
                print(f"{package} is not installed: it is left out")
        table("the tools as they are run, on the machine as it is", [*tools, *slow], rounds)
        with busy(BUSY):
            table(f"the same beside {BUSY} busy processes", tools, rounds)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
