"""Commands: variables, folder, input, exit codes, and what runs beside the measured program."""

import marshal
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from perfci.errors import MeasurementError
from perfci.model.benchmark import Benchmark
from perfci.model.measurement import Clock, Side
from perfci.model.work import Command
from perfci.runners.commands.runner import CommandRunner
from perfci.runners.processes.elsewhere import Beside
from perfci.runners.processes.spawning import LocalChannel, Spawner
from tests.runners.stage import (
    ALONE,
    BOTH,
    ENVIRON,
    alone,
    bench,
    is_alive,
    order,
    scratch_of,
    shell,
    side_by_side,
)


class Stage:
    """Two sides, a runner, and a diary that commands write into."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.places = side_by_side(folder)
        self.head = self.places.roots[Side.HEAD]
        self.runner = CommandRunner(self.places, ENVIRON, scratch_of(folder))
        self.diary = folder / "diary"

    def note(self, text: str) -> tuple[str, ...]:
        return ("/bin/sh", "-c", f"echo {text} >> {self.diary}")

    def notes(self) -> list[str]:
        return self.diary.read_text().split()

    def failing(self, benchmark: Benchmark, *sides: Side) -> MeasurementError:
        with pytest.raises(MeasurementError) as caught:
            self.runner.prepare(benchmark, sides or BOTH)
        return caught.value


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path)
    yield stage
    stage.runner.close()


def test_variables_of_the_benchmark_stand_above_the_usual_ones(stage: Stage) -> None:
    program = stage.head / "bin" / "mine"
    for root in stage.places.roots.values():
        (root / "bin").mkdir()
        (root / "bin" / "mine").write_text(f"#!/bin/sh\necho $SIZE$HOME >> {stage.diary}")
        (root / "bin" / "mine").chmod(0o755)
    benchmark = replace(
        bench(Command(argv=(program.name,))),
        env=(("SIZE", "16MB"), ("HOME", "/h"), ("PATH", f"bin:{ENVIRON['PATH']}")),
    )
    stage.runner.prepare(benchmark, BOTH)

    assert stage.notes() == ["16MB/h", "16MB/h"]


def test_a_command_starts_in_the_folder_that_was_asked_for(stage: Stage) -> None:
    for root in stage.places.roots.values():
        (root / "sub" / "dir").mkdir(parents=True)
        (root / "sub" / "dir" / "app").write_text(f"#!/bin/sh\npwd >> {stage.diary}")
        (root / "sub" / "dir" / "app").chmod(0o755)
    benchmark = replace(bench(Command(argv=("./app",))), cwd="sub/dir")
    stage.runner.prepare(benchmark, BOTH)

    assert stage.notes() == [f"{stage.places.roots[side]}/sub/dir" for side in BOTH]


def test_a_folder_that_is_not_there_is_told(stage: Stage) -> None:
    error = stage.failing(replace(bench(Command(argv=("true",))), cwd="sub/dir"))

    expected = "codec/parse cannot be started on base: its folder sub/dir does not exist"
    assert error.message == expected
    assert error.absent
    assert "cwd" in error.hint


def test_a_file_is_the_standard_input_of_every_execution(stage: Stage) -> None:
    for root in stage.places.roots.values():
        (root / "words").write_text("some words\n")
    command = replace(shell(f"cat >> {stage.diary}"), input="words")
    stage.runner.prepare(bench(command, warmup=2), ALONE)

    assert stage.notes() == ["some", "words"] * 2


def test_an_input_that_is_not_there_or_is_a_folder_is_told(stage: Stage) -> None:
    command = Command(argv=("cat",), input="data/words")
    error = stage.failing(bench(command))

    expected = "codec/parse cannot be started on base: its input data/words does not exist"
    assert error.message == expected
    assert error.absent
    (stage.places.roots[Side.BASE] / "data" / "words").mkdir(parents=True)
    error = stage.failing(bench(command))
    assert error.message.endswith("its input data/words cannot be used: it is not a file")
    assert not error.absent


def test_exit_codes_that_were_expected_are_success_and_others_are_not(stage: Stage) -> None:
    expected = (1, 3)
    stage.runner.prepare(bench(replace(shell("exit 3"), exit_codes=expected)), BOTH)

    error = stage.failing(bench(replace(shell("exit 0"), exit_codes=expected)))
    assert error.message == "codec/parse exited with 0 on base, not with 1 or 3"
    error = stage.failing(bench(shell("exit 3")))
    assert error.message == "codec/parse exited with 3 on base"
    assert "exit_codes: [0, 3]" in error.hint


def test_every_execution_is_prepared_and_cleaned_up(stage: Stage) -> None:
    command = Command(
        argv=stage.note("run"), prepare=stage.note("prepare"), cleanup=stage.note("cleanup")
    )
    benchmark = bench(command, warmup=2)
    stage.runner.prepare(benchmark, ALONE)
    assert stage.notes() == ["prepare", "run", "cleanup"] * 2

    launch = stage.runner.launch(order(benchmark)).launches[Side.HEAD]["latency"]
    assert stage.notes() == ["prepare", "run", "cleanup"] * (2 + launch.size)


def test_what_prepares_and_cleans_up_is_not_measured(stage: Stage) -> None:
    burn = ("/bin/sh", "-c", "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done")
    command = Command(argv=("true",), prepare=burn, cleanup=burn)
    benchmark = bench(command)
    stage.runner.prepare(benchmark, ALONE)
    metrics = stage.runner.launch(order(benchmark)).launches[Side.HEAD]
    alone_ = bench(Command(argv=burn))
    stage.runner.prepare(alone_, ALONE)
    burnt = stage.runner.launch(order(alone_)).launches[Side.HEAD]

    spent = min(metrics["cpu_time"].clocks[Clock.CPU])
    assert spent < min(burnt["cpu_time"].clocks[Clock.CPU]) / 2


def test_cleaning_up_follows_a_failure_too_and_the_failure_is_told(stage: Stage) -> None:
    command = replace(shell("echo why; exit 3"), cleanup=stage.note("cleanup"))
    error = stage.failing(bench(command))

    assert error.message == "codec/parse exited with 3 on base"
    assert error.output == "why"
    assert stage.notes() == ["cleanup"]
    error = stage.failing(bench(replace(command, cleanup=("false",))))
    assert error.message == "codec/parse exited with 3 on base"


@pytest.mark.parametrize("step", ["prepare", "cleanup"])
def test_a_failing_step_is_named_with_what_it_said(stage: Stage, step: str) -> None:
    command = Command(argv=stage.note("run"))
    failing = {step: ("/bin/sh", "-c", "echo no space; exit 7")}
    error = stage.failing(bench(replace(command, **failing)))  # type: ignore[arg-type]

    assert error.message == f"codec/parse: {step} exited with 7 on base"
    assert error.output == "no space"
    assert stage.diary.exists() == (step == "cleanup")
    missing = {step: ("./clean.sh",)}
    error = stage.failing(bench(replace(command, **missing)))  # type: ignore[arg-type]
    assert error.message == (
        f"codec/parse: {step} cannot be started on base: ./clean.sh does not exist"
    )


@pytest.mark.parametrize("step", ["prepare", "cleanup"])
def test_a_step_that_hangs_runs_out_of_time(stage: Stage, step: str) -> None:
    hanging = {step: ("/bin/sh", "-c", f"echo $$ > {stage.folder}/pid; exec sleep 600")}
    command = replace(Command(argv=("true",)), **hanging)  # type: ignore[arg-type]
    error = stage.failing(bench(command, timeout=0.3))

    assert error.message.startswith(f"codec/parse: {step} did not end within 0.3 s on base")
    assert not is_alive(int((stage.folder / "pid").read_text()))


def test_ctrl_c_while_preparing_ends_everything(stage: Stage) -> None:
    text = f"echo $$ > {stage.folder}/pid; kill -INT {os.getpid()}; exec sleep 600"
    command = Command(argv=stage.note("run"), prepare=("/bin/sh", "-c", text))

    with pytest.raises(KeyboardInterrupt):
        stage.runner.prepare(bench(command, timeout=60), ALONE)

    assert not is_alive(int((stage.folder / "pid").read_text()))
    assert not stage.diary.exists()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_the_usual_warm_up_decides_how_often_a_command_is_executed(stage: Stage) -> None:
    text = f"echo >> {stage.diary}; [ $(wc -l < {stage.diary}) != 3 ] || sleep 0.5"
    benchmark = bench(shell(text), warmup=3)
    stage.runner.prepare(benchmark, ALONE)

    launch = stage.runner.launch(order(benchmark)).launches[Side.HEAD]["latency"]
    assert 2 <= launch.size <= 10


def test_the_share_of_processors_is_told_for_every_execution(stage: Stage) -> None:
    benchmark = bench(Command(argv=("sleep", "0.06")))
    stage.runner.prepare(benchmark, ALONE)
    found = stage.runner.launch(order(benchmark)).launches[Side.HEAD]

    latency = found["latency"].clocks
    rows = zip(found["cpu_usage"].clocks[Clock.VALUE], latency[Clock.CPU], latency[Clock.WALL])  # noqa: B905
    assert all(usage == cpu / wall for usage, cpu, wall in rows)
    assert max(found["cpu_usage"].clocks[Clock.VALUE]) < 0.5


def test_a_program_that_needs_a_terminal_is_told_so(stage: Stage) -> None:
    argv = (sys.executable, "-S", "-c", "import os; os.get_terminal_size(0)")
    error = stage.failing(bench(Command(argv=argv)))

    assert error.message == "codec/parse exited with 1 on base"
    assert "no terminal" in error.hint


Open = Callable[[], LocalChannel]


def lying(wall: float, folder: Path) -> Open:
    """Return what opens a spawner process whose clock is wrong."""
    liar = folder / "liar.py"
    told = {"error": "", "wall": wall, "cpu": 0.0, "whole": True}
    liar.write_text(
        "import sys\n"
        "while size := sys.stdin.buffer.read(8):\n"
        "    sys.stdin.buffer.read(int.from_bytes(size, 'little'))\n"
        f"    sys.stdout.buffer.write({marshal.dumps(told)!r})\n"
        "    sys.stdout.buffer.flush()\n"
    )
    return lambda: LocalChannel(liar)


class Image:
    """A place elsewhere, and what was asked of it."""

    def __init__(self, folder: Path, spawner: Spawner, **environ: str) -> None:
        self.asked: list[tuple[str, Side]] = []
        self._root = alone(folder / "elsewhere").roots[Side.HEAD]
        self._environ: Mapping[str, str] = environ
        self._spawner = spawner

    def __call__(self, benchmark: Benchmark, side: Side) -> Beside:
        self.asked.append((benchmark.image, side))
        return Beside(
            spawner=self._spawner,
            root=self._root,
            environ=self._environ,
            output=self._root / "output",
        )


@pytest.fixture
def image(tmp_path: Path) -> Iterator[Callable[..., tuple[CommandRunner, Image]]]:
    spawners: list[Spawner] = []

    def make(opened: Any = LocalChannel, **environ: str) -> tuple[CommandRunner, Image]:
        spawners.append(Spawner(opened))
        there = Image(tmp_path, spawners[-1], **environ)
        places = side_by_side(tmp_path)
        return CommandRunner(places, ENVIRON, scratch_of(tmp_path), elsewhere=there), there

    yield make
    for spawner in spawners:
        spawner.close()


def test_a_benchmark_with_an_image_runs_elsewhere_with_the_variables_there(
    image: Callable[..., tuple[CommandRunner, Image]], tmp_path: Path
) -> None:
    runner, there = image(PATH="/bin:/usr/bin", ONLY_THERE="yes")
    command = Command(argv=("sh", "-c", f"echo $ONLY_THERE$HOME$SIZE $PWD >> {tmp_path}/diary"))
    benchmark = replace(bench(command), image="node:20", env=(("SIZE", "1"),))
    runner.prepare(benchmark, BOTH)

    assert (tmp_path / "diary").read_text().split() == ["yes1", f"{tmp_path}/elsewhere"] * 2
    assert there.asked == [("node:20", side) for side in BOTH]
    report = runner.launch(order(benchmark, BOTH))
    assert set(report.launches) == set(BOTH)


def test_what_an_image_has_not_is_told_with_its_name(
    image: Callable[..., tuple[CommandRunner, Image]],
) -> None:
    runner, _ = image(PATH="/bin:/usr/bin")
    with pytest.raises(MeasurementError) as caught:
        runner.prepare(replace(bench(Command(argv=("no-such",))), image="node:20"), BOTH)

    assert caught.value.message == (
        "codec/parse cannot be started on base: no-such in the image node:20:"
        " it is in no folder of PATH"
    )
    assert caught.value.absent


@pytest.mark.parametrize("wall", [0.0, -0.5, float("nan")])
def test_a_duration_that_no_clock_can_have_seen_is_a_failed_measurement(
    image: Callable[..., tuple[CommandRunner, Image]], tmp_path: Path, wall: float
) -> None:
    runner, _ = image(lying(wall, tmp_path))
    with pytest.raises(MeasurementError, match="took no time that the clock can see on base"):
        runner.prepare(replace(bench(Command(argv=("true",))), image="node:20"), BOTH)
