"""Commands: what launches hold, and what is said where one fails."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from perfci.errors import MeasurementError
from perfci.model.measurement import Clock, Side
from perfci.model.work import Command
from perfci.runners.coins import coins
from perfci.runners.commands.runner import CommandRunner
from tests.runners.stage import (
    ALONE,
    BOTH,
    alone,
    bench,
    command_runners,
    is_alive,
    order,
    patient,
    python,
    shell,
    side_by_side,
)

Make = Callable[..., CommandRunner]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    with command_runners(tmp_path) as make:
        yield make


def failing(runner: CommandRunner, command: Command, *sides: Side) -> MeasurementError:
    with pytest.raises(MeasurementError) as caught:
        runner.prepare(bench(command, timeout=0.4), sides or ALONE)
    return caught.value


def test_a_launch_holds_every_clock_of_every_execution(make: Make, tmp_path: Path) -> None:
    runner = make(alone(tmp_path / "app"))
    benchmark = bench(Command(argv=("sleep", "0.03")))
    runner.prepare(benchmark, ALONE)

    metrics = runner.launch(order(benchmark)).launches[Side.HEAD]

    latency = metrics["latency"]
    assert (latency.number, latency.position) == (3, 9)
    assert set(latency.clocks) == {Clock.WALL, Clock.CPU, Clock.NET}
    assert 1 <= latency.size <= 4
    assert all(len(values) == latency.size for values in latency.clocks.values())
    assert len(latency.delay) == latency.size
    assert latency.whole
    assert all(value >= 0.03 for value in latency.clocks[Clock.NET])
    assert metrics["cpu_time"].clocks == {Clock.CPU: latency.clocks[Clock.CPU]}
    assert set(metrics["memory_usage"].clocks) == {Clock.VALUE}


def test_net_is_wall_without_the_wait_and_never_below_cpu(make: Make, tmp_path: Path) -> None:
    runner = make(alone(tmp_path / "app"))
    benchmark = bench(Command(argv=("true",)))
    runner.prepare(benchmark, ALONE)

    latency = runner.launch(order(benchmark)).launches[Side.HEAD]["latency"]

    rows = zip(*(latency.clocks[it] for it in (Clock.WALL, Clock.CPU, Clock.NET)), strict=True)
    for (wall, cpu, net), delay in zip(rows, latency.delay, strict=True):
        assert net == min(wall, max(cpu, wall - delay))


def test_a_long_command_is_executed_once_a_launch(make: Make, tmp_path: Path) -> None:
    runner = make(alone(tmp_path / "app"))
    benchmark = bench(Command(argv=("sleep", "0.11")))
    runner.prepare(benchmark, ALONE)

    assert runner.launch(order(benchmark)).launches[Side.HEAD]["latency"].size == 1


def test_sides_alternate_by_the_coins_of_the_seed(make: Make, tmp_path: Path) -> None:
    places = side_by_side(tmp_path)
    runner = make(places)
    diary = tmp_path / "diary"
    benchmark = bench(shell(f"basename $PWD >> {diary}"), warmup=2)
    runner.prepare(benchmark, BOTH)
    assert diary.read_text().split() == ["base", "base", "head", "head"]

    diary.write_text("")
    report = runner.launch(order(benchmark, BOTH, seed=99))

    pairs = report.launches[Side.BASE]["latency"].size
    expected = [
        name
        for base_first in coins(99, pairs)
        for name in (("base", "head") if base_first else ("head", "base"))
    ]
    assert diary.read_text().split() == expected
    assert report.launches[Side.HEAD]["latency"].size == pairs


def test_both_sides_are_given_the_same_variables(make: Make, tmp_path: Path) -> None:
    runner = make(side_by_side(tmp_path), INPUT_RUN="x", ACTIONS_RUNTIME_TOKEN="secret")
    benchmark = bench(shell(f"env | grep -v ^PWD= | sort > {tmp_path}/$(basename $PWD)"))
    runner.prepare(benchmark, BOTH)
    runner.launch(order(benchmark, BOTH, seed=2**64 - 1))

    base, head = ((tmp_path / side).read_text() for side in BOTH)
    assert base == head
    assert f"PYTHONHASHSEED={1 + (2**64 - 1) % 4294967295}\n" in base
    assert "GIT_CONFIG_KEY_0=safe.directory\n" in base
    assert "INPUT_RUN" not in base
    assert "secret" not in base
    assert "PERFCI_" not in base


def test_memory_of_the_tree_is_watched_where_it_is_gated(make: Make, tmp_path: Path) -> None:
    runner = make(alone(tmp_path / "app"))
    code = "import os, time\nos.fork()\nb = b'x' * (30 * 2**20)\ntime.sleep(0.2)"
    benchmark = bench(python(code), "memory_usage")
    runner.prepare(benchmark, ALONE)

    memory = runner.launch(order(benchmark)).launches[Side.HEAD]["memory_usage"]

    assert memory.clocks[Clock.VALUE][0] >= 60 * 2**20


def test_an_exit_code_is_told_with_the_side_and_the_end_of_the_output(
    make: Make, tmp_path: Path
) -> None:
    places = side_by_side(tmp_path)
    (places.roots[Side.HEAD] / "fine").touch()
    text = "seq 100; printf '\\033[31mno file\\033[0m\\n' >&2; test -e fine || exit 3"
    error = failing(make(places), shell(text), *BOTH)

    assert error.message == "codec/parse exited with 3 on base"
    assert error.side == "base"
    lines = error.output.split("\n")
    assert lines[-2:] == ["100", "no file"]
    assert len(lines) == 20


def test_alone_there_is_no_side_to_name(make: Make, tmp_path: Path) -> None:
    error = failing(make(alone(tmp_path / "app")), shell("exit 3"))

    assert error.message == "codec/parse exited with 3"
    assert error.side == "head"


def test_a_signal_is_told_by_its_name(make: Make, tmp_path: Path) -> None:
    error = failing(make(alone(tmp_path / "app")), shell("kill -SEGV $$"))

    assert error.message == "codec/parse was ended by SIGSEGV"


def test_a_timeout_ends_the_grandchild_too(make: Make, tmp_path: Path) -> None:
    text = f"sh -c 'sleep 600 & echo $! > {tmp_path}/pid; wait' & wait"
    error = failing(make(alone(tmp_path / "app")), shell(text))

    assert error.message == ("codec/parse did not end within 0.4 s; its process group was ended")
    assert "measure.timeout" in error.hint
    assert not is_alive(int((tmp_path / "pid").read_text()))


@pytest.mark.parametrize(
    ("argv", "message", "hint"),
    [
        (("pyhton3",), "pyhton3 is in no folder of PATH", "did you mean python3?"),
        (("./bulid/app",), "./bulid/app does not exist", "setup"),
        (("./app.sj",), "./app.sj does not exist", "did you mean app.sh?"),
        (("./data.txt",), "./data.txt is not executable", "chmod +x data.txt"),
        (("./folder",), "./folder is a folder", ""),
        (("./broken",), "Exec format error", "#! line"),
        (("./orphan",), "No such file or directory", "the interpreter that its #! line names"),
    ],
)
def test_what_cannot_be_started_is_told_with_a_way_out(
    make: Make, tmp_path: Path, argv: tuple[str, ...], message: str, hint: str
) -> None:
    places = alone(tmp_path / "app")
    root = places.roots[Side.HEAD]
    (root / "folder").mkdir()
    files = {"app.sh": "#!/bin/sh\n", "broken": "?", "orphan": "#!/no/such/shell\n"}
    for name, text in files.items():
        (root / name).write_text(text)
        (root / name).chmod(0o755)
    (root / "data.txt").touch()

    error = failing(make(places), Command(argv=argv))

    assert error.message == f"codec/parse cannot be started: {message}"
    assert hint in error.hint


def test_a_program_that_only_the_shell_misses_is_told(make: Make, tmp_path: Path) -> None:
    error = failing(make(alone(tmp_path / "app")), shell("./target/app --fast"))

    assert error.message == "codec/parse exited with 127"
    assert "setup" in error.hint


def test_a_failure_while_measuring_names_the_side(make: Make, tmp_path: Path) -> None:
    places = side_by_side(tmp_path)
    runner = make(places)
    benchmark = bench(shell("! test -e broken"))
    runner.prepare(benchmark, BOTH)
    (places.roots[Side.BASE] / "broken").touch()

    with pytest.raises(MeasurementError, match="exited with 1 on base"):
        runner.launch(order(benchmark, BOTH))


def test_ctrl_c_ends_the_command(make: Make, tmp_path: Path) -> None:
    runner = make(alone(tmp_path / "app"))
    text = f"echo $$ > {tmp_path}/pid; kill -INT {os.getpid()}; exec sleep 600"

    with pytest.raises(KeyboardInterrupt):
        runner.prepare(patient(bench(shell(text)), 60), ALONE)

    assert not is_alive(int((tmp_path / "pid").read_text()))
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_nothing_but_the_scratch_folder_is_written(make: Make, tmp_path: Path) -> None:
    places = side_by_side(tmp_path)
    runner = make(places)
    benchmark = bench(Command(argv=("python3", "-c", "pass")))
    runner.prepare(benchmark, BOTH)
    runner.launch(order(benchmark, BOTH))

    assert not [each for root in places.roots.values() for each in root.iterdir()]
