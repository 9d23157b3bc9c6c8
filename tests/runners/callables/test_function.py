"""Callables: what launches hold, and what is said where one fails."""

import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from perfci.errors import MeasurementError
from perfci.model.benchmark import Benchmark
from perfci.model.measurement import Clock, Launch, Side
from perfci.ports import LaunchReport, Places
from perfci.runners.callables.runner import FunctionRunner
from tests.runners.stage import (
    ALONE,
    BOTH,
    ENVIRON,
    alone,
    bench,
    function,
    is_alive,
    order,
    scratch_of,
    side_by_side,
)

Make = Callable[..., FunctionRunner]

CODE = """
import asyncio, os, sys, time

def nothing(): pass

def nap(seconds=0.004): time.sleep(seconds)

async def wait(): await asyncio.sleep(0.004)

def wraps(): return wait()

class Tools:
    class Deep:
        def __call__(self, text, *, size): assert (text, size) == ("a", [1]), (text, size)
    deep = Deep()

def prints(): print("hello"); sys.stderr.write("there\\n"); time.sleep(0.003)

def fails(): print("on the way"); helper()
def helper(): raise ValueError("no \\x1b[31msuch\\x1b[0m thing")
async def fails_later(): await asyncio.sleep(0); helper()
def leaves(): sys.exit(3)
def dies(): os.kill(os.getpid(), 11)
def vanishes(): os._exit(0)
def hangs():
    child = os.spawnlp(os.P_NOWAIT, "sleep", "sleep", "600")
    with open("pid", "w") as file: file.write(f"{os.getpid()} {child}\\n")
    time.sleep(600)
number = 3

def forks():
    if not (child := os.fork()):
        sum(range(300_000)); os._exit(0)
    os.waitpid(child, 0)

def spawns(): os.spawnlp(os.P_NOWAIT, "sleep", "sleep", "60"); time.sleep(0.002)

def allocates(): b = b"x" * (50 * 2**20)
def hashes():
    with open("hash", "w") as file: file.write(f"{hash('text')} {os.environ['PYTHONHASHSEED']}")
    time.sleep(0.002)
def where(): raise ValueError(sys.executable)
"""


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[FunctionRunner] = []

    def runner(places: Places, interpreter: str | None = sys.executable) -> FunctionRunner:
        for root in places.roots.values():
            (root / "benchmarks").mkdir(exist_ok=True)
            (root / "benchmarks" / "b.py").write_text(CODE)
        made.append(FunctionRunner(places, ENVIRON, scratch_of(tmp_path), interpreter))
        return made[-1]

    yield runner
    for each in made:
        each.close()
        each.close()


@pytest.fixture
def runner(make: Make, tmp_path: Path) -> FunctionRunner:
    return make(alone(tmp_path / "app"))


def named(name: str, *metrics: str, timeout: float = 30.0, **arguments: object) -> Benchmark:
    work = function(f"benchmarks/b.py:{name}", **arguments)
    return bench(work, *metrics, timeout=timeout)


def measured(
    runner: FunctionRunner, benchmark: Benchmark, *sides: Side, seed: int = 7
) -> LaunchReport:
    runner.prepare(benchmark, sides or ALONE)
    return runner.launch(order(benchmark, sides or ALONE, seed))


def latency(report: LaunchReport, side: Side = Side.HEAD) -> Launch:
    return report.launches[side]["latency"]


def failing(runner: FunctionRunner, benchmark: Benchmark, *sides: Side) -> MeasurementError:
    with pytest.raises(MeasurementError) as caught:
        runner.prepare(benchmark, sides or ALONE)
    return caught.value


def test_a_launch_holds_ten_values_in_every_clock(runner: FunctionRunner) -> None:
    report = measured(runner, named("nap"))

    launch = latency(report)
    assert report.iterations == 1
    assert {clock: len(values) for clock, values in launch.clocks.items()} == dict.fromkeys(
        (Clock.WALL, Clock.CPU, Clock.NET), 10
    )
    assert min(launch.clocks[Clock.WALL]) >= 0.004
    assert max(launch.clocks[Clock.CPU]) < 0.004
    assert min(launch.clocks[Clock.NET]) > 0.0
    assert len(launch.delay) == 10
    assert launch.whole
    assert set(report.launches[Side.HEAD]) == {"latency", "cpu_time", "cpu_usage"}


def test_a_fast_function_is_called_in_batches_that_fill_two_milliseconds(
    runner: FunctionRunner,
) -> None:
    report = measured(runner, named("nothing"))

    assert report.iterations >= 10_000
    for value in latency(report).clocks[Clock.WALL]:
        assert 1e-9 < value < 2e-3 / 1000


@pytest.mark.slow
def test_a_slow_function_is_called_less_often(runner: FunctionRunner) -> None:
    report = measured(runner, named("nap", seconds=0.15))

    assert report.iterations == 1
    assert 1 <= latency(report).size < 10


@pytest.mark.parametrize("name", ["wait", "wraps"])
def test_coroutines_are_awaited(runner: FunctionRunner, name: str) -> None:
    assert min(latency(measured(runner, named(name))).clocks[Clock.WALL]) >= 0.003


def test_parameters_keep_their_types(runner: FunctionRunner) -> None:
    assert latency(measured(runner, named("Tools.deep", text="a", size=[1]))).size == 10


def test_prints_are_no_hindrance(runner: FunctionRunner) -> None:
    assert latency(measured(runner, named("prints"))).size == 10


def test_work_in_children_counts_and_escapes_the_delay(runner: FunctionRunner) -> None:
    launch = latency(measured(runner, named("forks")))

    assert not launch.whole
    assert min(launch.clocks[Clock.CPU]) > 0.001


def test_work_in_children_that_still_run_escapes_the_delay(runner: FunctionRunner) -> None:
    assert not latency(measured(runner, named("spawns"))).whole


def test_memory_is_measured_in_a_process_of_its_own(runner: FunctionRunner) -> None:
    report = measured(runner, named("allocates", "latency", "memory_usage"))

    launch = report.launches[Side.HEAD]["memory_usage"]
    (peak,) = launch.clocks[Clock.VALUE]
    assert 50 * 2**20 <= peak <= 90 * 2**20


@pytest.mark.slow
def test_both_sides_make_as_many_calls(make: Make, tmp_path: Path) -> None:
    places = side_by_side(tmp_path)
    runner = make(places)
    for side, size in ((Side.BASE, 1000), (Side.HEAD, 20_000)):
        (places.roots[side] / "app.py").write_text(f"def work(): return sum(range({size}))")

    report = measured(runner, bench(function("app:work")), *BOTH)

    base, head = (latency(report, side).clocks[Clock.NET] for side in BOTH)
    assert len(base) == len(head) == 10
    assert min(head) > 4 * max(base)


def test_the_benchmarks_file_is_heads_and_the_code_is_each_sides_own(
    make: Make, tmp_path: Path
) -> None:
    places = side_by_side(tmp_path)
    runner = make(places)
    for side, seconds in ((Side.BASE, 0.003), (Side.HEAD, 0.009)):
        package = places.roots[side] / "src" / "app"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text(f"SECONDS = {seconds}")
    for side, text in (
        (Side.BASE, "raise ImportError('base has a file of its own')"),
        (Side.HEAD, "import app, time\ndef nap(): time.sleep(app.SECONDS)"),
    ):
        (places.roots[side] / "benchmarks" / "b.py").write_text(text)

    report = measured(runner, named("nap"), *BOTH)

    assert min(latency(report, Side.HEAD).clocks[Clock.WALL]) >= 0.009
    assert min(latency(report, Side.BASE).clocks[Clock.WALL]) >= 0.003
    assert min(latency(report, Side.BASE).clocks[Clock.WALL]) < 0.009


def test_both_sides_hash_alike_and_launches_do_not(make: Make, tmp_path: Path) -> None:
    places = side_by_side(tmp_path)
    runner = make(places)
    benchmark = named("hashes")
    runner.prepare(benchmark, BOTH)
    told = {}
    for seed in (1, 2):
        runner.launch(order(benchmark, BOTH, seed))
        told[seed] = [(places.roots[side] / "hash").read_text() for side in BOTH]

    assert told[1][0] == told[1][1] != told[2][1]
    assert told[2][0] == told[2][1]
    assert told[1][0].endswith(" 2")


def test_an_error_is_told_from_the_users_first_line_on(runner: FunctionRunner) -> None:
    error = failing(runner, named("fails"))

    assert error.message == "codec/parse raised an error: ValueError: no such thing"
    lines = error.output.split("\n")
    assert lines[:2] == ["on the way", "Traceback (most recent call last):"]
    assert lines[2].strip().startswith('File "')
    assert "b.py" in lines[2]
    assert lines[-1] == "ValueError: no such thing"


def test_an_error_in_a_coroutine_is_told_from_there_on(runner: FunctionRunner) -> None:
    lines = failing(runner, named("fails_later")).output.split("\n")

    assert "b.py" in lines[1]
    assert "in fails_later" in lines[1]


def test_a_missing_argument_is_told(runner: FunctionRunner) -> None:
    assert "missing 1 required" in failing(runner, named("Tools.deep")).message


def test_a_function_that_exits_has_raised(runner: FunctionRunner) -> None:
    assert "SystemExit: 3" in failing(runner, named("leaves")).message


def test_a_dying_process_is_told(runner: FunctionRunner) -> None:
    assert failing(runner, named("dies")).message == "codec/parse was ended by SIGSEGV"
    assert failing(runner, named("vanishes")).message == (
        "codec/parse ended its process before it had answered"
    )


def test_a_timeout_ends_the_function_and_what_it_has_started(
    runner: FunctionRunner, tmp_path: Path
) -> None:
    error = failing(runner, named("hangs", timeout=0.5))

    assert error.message == "codec/parse did not end within 0.5 s; its process group was ended"
    pids = (tmp_path / "app" / "pid").read_text().split()
    assert len(pids) == 2
    assert not any(is_alive(int(pid)) for pid in pids)


def test_ctrl_c_ends_the_function(runner: FunctionRunner, tmp_path: Path) -> None:
    pids = tmp_path / "app" / "pid"

    def interrupt() -> None:
        while not (pids.exists() and pids.read_text().endswith("\n")):
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        runner.prepare(named("hangs"), ALONE)
    thread.join()

    assert not any(is_alive(int(pid)) for pid in pids.read_text().split())


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("nothin", "could not be found: benchmarks/b.py:nothin has no nothin", "mean nothing?"),
        ("number", "cannot be called: benchmarks/b.py:number is no function but of type int", ""),
    ],
)
def test_what_is_no_function_is_told(
    runner: FunctionRunner, name: str, message: str, hint: str
) -> None:
    error = failing(runner, named(name))

    assert error.message.startswith(f"codec/parse {message}")
    assert hint in error.hint


def test_a_missing_package_is_told_with_what_was_tried(
    runner: FunctionRunner, tmp_path: Path
) -> None:
    app = tmp_path / "app"
    (app / "benchmarks" / "b.py").write_text("import no_such_package")
    (app / "src").mkdir()

    error = failing(runner, named("nothing"))

    assert error.message == (
        f"codec/parse could not be imported: benchmarks/b.py:nothing, by {sys.executable}"
        f" (interpreter: {sys.executable}), which looked in {app}, {app}/src, {app}/benchmarks"
        " before its own path"
    )
    assert "interpreter" in error.hint
    assert "b.py" in error.output.split("\n")[1]


def test_code_that_base_does_not_have_yet_is_told(make: Make, tmp_path: Path) -> None:
    places = side_by_side(tmp_path)
    (places.roots[Side.HEAD] / "fresh.py").write_text("def work(): pass")

    error = failing(make(places), bench(function("fresh:work")), *BOTH)

    assert error.side == "base"
    assert "on base" in error.message
    assert "new" in error.hint


def test_a_sides_own_environment_is_preferred(make: Make, tmp_path: Path) -> None:
    places = alone(tmp_path / "app")
    python = places.roots[Side.HEAD] / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)

    error = failing(make(places, None), named("where"))

    assert error.message.endswith(str(python))


def test_an_interpreter_that_is_not_there_is_told(make: Make, tmp_path: Path) -> None:
    error = failing(make(alone(tmp_path / "app"), "venv/bin/python"), named("nothing"))

    assert error.message == (
        "codec/parse has no Python: interpreter: venv/bin/python: venv/bin/python does not exist"
    )


def test_no_process_and_no_open_file_is_left(make: Make, tmp_path: Path) -> None:
    gc.collect()  # what earlier tests have left open may go at any time
    before = {each.name for each in Path("/proc/self/fd").iterdir()}
    runner = make(alone(tmp_path / "app"))
    measured(runner, named("nothing"))
    failing(runner, named("fails"))
    runner.close()

    assert {each.name for each in Path("/proc/self/fd").iterdir()} <= before
    me = os.getpid()
    assert not Path(f"/proc/{me}/task/{me}/children").read_text().split()
