"""Instruction counts of commands: programs of known length, and what is said where one fails."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from perfci.errors import MeasurementError
from perfci.model.measurement import Side
from perfci.model.work import Command
from perfci.ports import LaunchReport
from perfci.runners.commands.runner import CommandRunner
from perfci.runners.counting.counting import Counting
from perfci.runners.failures import Subject
from tests.runners.counting.counted import LENGTH, WHERE_COUNTED, compiled, count, needs_valgrind
from tests.runners.stage import (
    ALONE,
    BOTH,
    ENVIRON,
    alone,
    bench,
    command_runners,
    is_alive,
    order,
    shell,
    side_by_side,
)

pytestmark = needs_valgrind
Make = Callable[..., CommandRunner]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    with command_runners(tmp_path) as make:
        yield make


def counting(
    runner: CommandRunner, command: Command, *sides: Side, timeout: float = 60.0
) -> LaunchReport:
    benchmark = bench(command, "instructions", timeout=timeout)
    sides = sides or ALONE
    runner.prepare(benchmark, sides)
    return runner.launch(order(benchmark, sides))


def failing(runner: CommandRunner, command: Command, timeout: float = 60.0) -> MeasurementError:
    with pytest.raises(MeasurementError) as caught:
        counting(runner, command, timeout=timeout)
    return caught.value


@pytest.mark.slow
def test_a_count_is_that_of_the_known_loop_and_repeats_to_the_bit(
    make: Make, tmp_path: Path
) -> None:
    places = side_by_side(tmp_path)
    compiled("loop", *places.roots.values())
    for side, length in ((Side.BASE, 100_000), (Side.HEAD, 101_000)):
        (places.roots[side] / "length").write_text(str(length))
    runner = make(places)
    benchmark = bench(Command(argv=("./loop",)), "instructions")
    runner.prepare(benchmark, BOTH)

    one, two = (runner.launch(order(benchmark, BOTH, seed=seed)) for seed in (1, 2))

    assert [count(one, side) for side in BOTH] == [count(two, side) for side in BOTH]
    each = (count(one, Side.HEAD) - count(one, Side.BASE)) / 1000
    assert LENGTH < each <= LENGTH + 8
    assert each == int(each)
    assert "counted by cachegrind (valgrind-" in one.warnings[0]
    assert "`startup:`" in one.warnings[1]
    assert two.warnings == one.warnings[:1]


@pytest.mark.slow
def test_what_the_users_startup_costs_is_subtracted(make: Make, tmp_path: Path) -> None:
    places = alone(tmp_path / "app")
    root = places.roots[Side.HEAD]
    (root / "there").mkdir()
    compiled("loop", root)
    (root / "length").write_text("10000")

    command = Command(argv=("./loop",), startup=shell("cd there; exec ../loop").argv)
    report = counting(make(places), command)

    assert LENGTH * 10_000 < count(report) <= (LENGTH + 8) * 10_000
    assert count(report, metric="startup_instructions") > 10_000
    assert len(report.warnings) == 1


@pytest.mark.slow
def test_a_child_that_forks_is_counted_without_its_parents_past(make: Make, tmp_path: Path) -> None:
    places = side_by_side(tmp_path)
    compiled("forks", *places.roots.values())
    (places.roots[Side.BASE] / "length").write_text("10000 10000")
    (places.roots[Side.HEAD] / "length").write_text("11000 10000")

    report = counting(make(places), Command(argv=("./forks",)), *BOTH)

    more = count(report, Side.HEAD) - count(report, Side.BASE)
    assert LENGTH * 1000 < more <= (LENGTH + 8) * 1000
    assert 2 * LENGTH * 10_000 < count(report, Side.BASE) < 2.5 * LENGTH * 10_000
    assert "callgrind" in report.warnings[0]


@pytest.mark.slow
def test_chance_is_fixed_in_every_launch_and_the_steps_around_it_run(
    make: Make, tmp_path: Path
) -> None:
    diary = tmp_path / "diary"
    told = shell(f'{WHERE_COUNTED} echo "$PYTHONHASHSEED $PERL_HASH_SEED" >> {diary};; esac')
    prepare, cleanup = (shell(f"echo {name} >> {diary}").argv for name in ("prepare", "cleanup"))
    benchmark = bench(replace(told, prepare=prepare, cleanup=cleanup), "instructions")
    benchmark = replace(benchmark, env=(("PERL_HASH_SEED", "7"),))
    runner = make(alone(tmp_path / "app"))
    runner.prepare(benchmark, ALONE)

    for seed in (1, 2):
        runner.launch(order(benchmark, seed=seed))

    lines = diary.read_text().split("\n")
    counted = [place for place, line in enumerate(lines) if line == "1 7"]
    assert len(counted) == 2
    assert all(lines[it - 1] == "prepare" and lines[it + 1] == "cleanup" for it in counted)


@pytest.mark.slow
def test_work_that_is_lost_in_start_up_is_told(make: Make, tmp_path: Path) -> None:
    command = Command(argv=("sh", "-c", "true"))
    report = counting(make(alone(tmp_path / "app")), command)

    assert "only" in report.warnings[1]
    assert "start-up (sh -c :)" in report.warnings[1]
    assert "startup_instructions" not in report.launches[Side.HEAD]


@pytest.mark.slow
def test_processes_that_are_killed_before_they_are_counted_are_told(
    make: Make, tmp_path: Path
) -> None:
    command = shell("sleep 60 & sleep 0.5; kill -9 $!; wait; true")
    report = counting(make(alone(tmp_path / "app")), command)

    assert any("1 of its processes were killed" in warning for warning in report.warnings)


def test_a_launch_for_something_else_counts_nothing(make: Make, tmp_path: Path) -> None:
    runner = make(alone(tmp_path / "app"))
    benchmark = bench(Command(argv=("true",)), "latency", "instructions")
    runner.prepare(benchmark, ALONE)

    report = runner.launch(replace(order(benchmark), wanted=frozenset({"latency"})))

    assert "instructions" not in report.launches[Side.HEAD]
    assert not report.warnings


def test_a_program_that_fails_where_it_is_counted_is_told_as_such(
    make: Make, tmp_path: Path
) -> None:
    command = shell(f"{WHERE_COUNTED} echo no; exit 3;; esac")
    error = failing(make(alone(tmp_path / "app")), command)

    assert error.message.startswith("codec/parse exited with 3, while cachegrind (valgrind-")
    assert error.output == "no"


def test_an_instruction_that_valgrind_does_not_know_is_no_fault_of_the_program(
    make: Make, tmp_path: Path
) -> None:
    if os.uname().machine != "x86_64":
        pytest.skip("the instruction is one of x86")
    places = alone(tmp_path / "app")
    compiled("unknown", places.roots[Side.HEAD])
    error = failing(make(places), Command(argv=("./unknown",)))

    assert error.message.startswith("codec/parse cannot be counted by cachegrind (valgrind-")
    assert error.message.endswith("it does not know an instruction in it")


@pytest.mark.slow
def test_a_start_up_that_fails_is_told(make: Make, tmp_path: Path) -> None:
    command = Command(argv=("true",), startup=("false",))
    error = failing(make(alone(tmp_path / "app")), command)

    expected = "codec/parse has a start-up that cannot be counted: false exited with 1"
    assert error.message == expected
    assert "startup:" in error.hint


@pytest.mark.slow
def test_a_program_that_takes_too_long_where_it_is_counted_is_ended(
    make: Make, tmp_path: Path
) -> None:
    command = shell(f"{WHERE_COUNTED} echo $$ > {tmp_path}/pid; exec sleep 60;; esac")
    error = failing(make(alone(tmp_path / "app")), command, timeout=1.5)

    assert "did not end within 1.5 s" in error.message
    assert "while cachegrind" in error.message
    assert "20 to 100 times as long" in error.hint
    assert not is_alive(int((tmp_path / "pid").read_text()))


@pytest.mark.slow
def test_ctrl_c_ends_what_is_counted(make: Make, tmp_path: Path) -> None:
    told = f"echo $$ > {tmp_path}/pid; kill -INT {os.getpid()}; exec sleep 60"
    with pytest.raises(KeyboardInterrupt):
        counting(make(alone(tmp_path / "app")), shell(f"{WHERE_COUNTED} {told};; esac"))

    assert not is_alive(int((tmp_path / "pid").read_text()))


def test_nothing_but_the_scratch_folder_is_written(make: Make, tmp_path: Path) -> None:
    places = alone(tmp_path / "app")
    counting(make(places), shell("true"))

    assert not list(places.roots[Side.HEAD].iterdir())


def test_the_projects_own_options_for_valgrind_do_not_count(make: Make, tmp_path: Path) -> None:
    runner = make(alone(tmp_path / "app"), VALGRIND_OPTS="--leak-check=full")

    assert count(counting(runner, shell("true; true"))) > 10_000


def test_without_a_tool_it_is_told_what_to_install(make: Make, tmp_path: Path) -> None:
    true = shutil.which("true")
    assert true
    error = failing(make(alone(tmp_path / "app"), PATH=str(tmp_path)), Command(argv=(true,)))

    assert error.message == (
        "codec/parse has instructions that cannot be counted:"
        " perf is in no folder of PATH; valgrind is in no folder of PATH"
    )
    assert "apt-get install valgrind" in error.hint
    assert "kernel.perf_event_paranoid" in error.hint


def test_in_a_container_nothing_is_counted(tmp_path: Path) -> None:
    benchmark = replace(bench(Command(argv=("true",)), "instructions"), image="debian:12")
    counting = Counting(ENVIRON, tmp_path)
    with pytest.raises(MeasurementError, match="not possible in a container"):
        counting.prepare(Subject(benchmark=benchmark, side=Side.HEAD, paired=False))
