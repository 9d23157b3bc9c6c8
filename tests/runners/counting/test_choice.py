"""What counts instructions: the processor's own counter where it works, else valgrind."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from perfci.errors import MeasurementError
from perfci.model.measurement import Side
from perfci.model.work import Command
from perfci.ports import LaunchReport
from perfci.runners.commands.runner import CommandRunner
from tests.runners.counting.counted import count, needs_valgrind
from tests.runners.stage import ALONE, ENVIRON, alone, bench, order, scratch_of

PERF = """#!/bin/sh
# perf stat -x, -e instructions:u -o FILE -- PROGRAM ...
told=$6
shift 7
"$@" || exit
printf '# started on a day\\n\\n%s\\n' "$TOLD" > "$told"
"""
BROKEN = "#!/bin/sh\necho 'valgrind: failed to start tool' >&2\nexit 1\n"
COUNTED = "4200000,,instructions:u,1000,100.00,,"
NOTHING = "<not supported>,,instructions:u,0,100.00,,"


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    return folder


@pytest.fixture
def runner(tmp_path: Path, programs: Path) -> Iterator[CommandRunner]:
    environ = ENVIRON | {"PATH": f"{programs}:{ENVIRON['PATH']}"}
    made = CommandRunner(alone(tmp_path / "app"), environ, scratch_of(tmp_path))
    yield made
    made.close()


def install(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text)
    (folder / name).chmod(0o755)


def counting(runner: CommandRunner) -> LaunchReport:
    benchmark = bench(Command(argv=("true",), startup=()), "instructions")
    runner.prepare(benchmark, ALONE)
    return runner.launch(order(benchmark))


def test_perf_is_taken_where_it_counts(runner: CommandRunner, programs: Path) -> None:
    install(programs, "perf", PERF.replace("$TOLD", COUNTED))
    report = counting(runner)

    assert count(report) == 4_200_000
    assert "counted by perf:" in report.warnings[0]


def test_kinds_of_cores_are_added(runner: CommandRunner, programs: Path) -> None:
    kinds = "3000,,cpu_core/instructions:u/,9,90.00,,\n<not counted>,,x,0,0.00,,\n200,,cpu_atom/i/,"
    install(programs, "perf", PERF.replace("$TOLD", kinds))

    assert count(counting(runner)) == 3200


@needs_valgrind
def test_valgrind_is_taken_where_perf_counts_nothing(runner: CommandRunner, programs: Path) -> None:
    install(programs, "perf", PERF.replace("$TOLD", NOTHING))
    assert "counted by cachegrind (valgrind-" in counting(runner).warnings[0]


@pytest.mark.parametrize(
    ("perf", "reason"),
    [
        (PERF.replace("$TOLD", NOTHING), "perf: this machine shows it no hardware counter"),
        (
            "#!/bin/sh\necho 'perf_event_paranoid setting is 4' >&2\nexit 255\n",
            "perf: kernel.perf_event_paranoid does not let it count",
        ),
        ("#!/bin/sh\necho 'no perf for this kernel'\nexit 2\n", "perf: no perf for this kernel"),
    ],
)
def test_where_neither_works_both_are_told(
    runner: CommandRunner, programs: Path, perf: str, reason: str
) -> None:
    install(programs, "perf", perf)
    install(programs, "valgrind", BROKEN)
    with pytest.raises(MeasurementError) as caught:
        counting(runner)

    expected = f"codec/parse has instructions that cannot be counted: {reason};"
    assert caught.value.message == f"{expected} valgrind: failed to start tool"
    assert caught.value.side == Side.HEAD


def test_a_counter_that_stops_telling_is_an_error(runner: CommandRunner, programs: Path) -> None:
    install(programs, "perf", PERF.replace("$TOLD", COUNTED))
    benchmark = bench(Command(argv=("true",)), "instructions")
    runner.prepare(benchmark, ALONE)
    install(programs, "perf", PERF.replace("$TOLD", NOTHING))

    with pytest.raises(MeasurementError, match="cannot be counted by perf: this machine shows"):
        runner.launch(order(benchmark))
