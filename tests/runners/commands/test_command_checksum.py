"""Checksums of what commands print: what counts, what is refused, and what nobody sees of it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from perfci.errors import MeasurementError
from perfci.measure.checksums import Checksums
from perfci.model.benchmark import Benchmark
from perfci.model.measurement import Side
from perfci.model.work import Command
from perfci.ports import LaunchReport
from perfci.runners.commands.runner import CommandRunner
from tests.runners.stage import (
    ALONE,
    BOTH,
    alone,
    bench,
    command_runners,
    order,
    python,
    shell,
    side_by_side,
)

Make = Callable[..., CommandRunner]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    with command_runners(tmp_path) as make:
        yield make


def checked(command: Command, beginning: str = "", timeout: float = 30.0) -> Benchmark:
    return replace(bench(command, timeout=timeout), checksum=beginning)


def launched(runner: CommandRunner, benchmark: Benchmark, *sides: Side) -> LaunchReport:
    runner.prepare(benchmark, sides or ALONE)
    return runner.launch(order(benchmark, sides or ALONE))


def head(make: Make, folder: Path, text: str, beginning: str = "") -> frozenset[str]:
    """Return the checksums of one launch."""
    benchmark = checked(shell(text), beginning)
    return launched(make(alone(folder / "app")), benchmark).checksums[Side.HEAD]


def failing(make: Make, folder: Path, benchmark: Benchmark) -> MeasurementError:
    """Return why a command fails that finds a file `warm` once it has been warmed up."""
    places = alone(folder / "app")
    runner = make(places)
    runner.prepare(benchmark, ALONE)
    (places.roots[Side.HEAD] / "warm").touch()
    with pytest.raises(MeasurementError) as caught:
        runner.launch(order(benchmark))
    return caught.value


def refused(make: Make, folder: Path, text: str) -> MeasurementError:
    """Return why a command is refused that finds a file `head` on head alone."""
    places = side_by_side(folder)
    (places.roots[Side.HEAD] / "head").touch()
    benchmark = checked(shell(text))
    report = launched(make(places), benchmark, *BOTH)
    with pytest.raises(MeasurementError) as caught:
        Checksums().check(benchmark, report.checksums)
    return caught.value


def test_without_a_checksum_there_is_none(make: Make, tmp_path: Path) -> None:
    benchmark = bench(shell("echo a"))

    assert launched(make(alone(tmp_path / "app")), benchmark).checksums == {}
    assert [each.name for each in (tmp_path / "scratch").glob("*printed")] == []


def test_equal_output_has_one_checksum_on_both_sides(make: Make, tmp_path: Path) -> None:
    runner, benchmark = make(side_by_side(tmp_path)), checked(shell("seq 3; echo $$ >&2"))

    report = launched(runner, benchmark, *BOTH)
    again = runner.launch(replace(order(benchmark, BOTH), number=4, seed=8))

    assert len(report.checksums[Side.BASE]) == 1
    assert report.checksums[Side.BASE] == report.checksums[Side.HEAD]
    assert again.checksums == report.checksums
    assert all(len(each) == 64 for each in report.checksums[Side.BASE])


def test_a_head_that_skips_its_work_is_refused(make: Make, tmp_path: Path) -> None:
    error = refused(
        make, tmp_path, "test -e head || sleep 0.02; test -e head || seq 100; echo done"
    )

    assert "did different work on the two sides" in error.message


def test_output_that_never_repeats_is_not_taken_for_other_work(make: Make, tmp_path: Path) -> None:
    error = refused(make, tmp_path, "sleep 0.11; echo $$")  # so long that it runs once a launch

    assert "differs from launch to launch" in error.message


def test_other_work_in_one_execution_of_many_is_seen(make: Make, tmp_path: Path) -> None:
    count = tmp_path / "count"
    text = f'echo x >> {count}; test "$(wc -l < {count})" = 3 || seq 100; echo done'

    assert len(head(make, tmp_path, text)) == 2


def test_only_lines_with_the_beginning_count(make: Make, tmp_path: Path) -> None:
    text = "echo started by $$; echo 'digest: 5'; echo not a digest: $$; printf 'digest: {}{}'"

    one = head(make, tmp_path, text.format(6, r"\n"), "digest: ")

    assert len(one) == 1
    assert head(make, tmp_path, text.format(6, ""), "digest: ") == one
    assert head(make, tmp_path, text.format(7, ""), "digest: ") != one


def test_a_line_counts_whole_however_long_it_is(make: Make, tmp_path: Path) -> None:
    """Such a line is read in parts: no part but the first may be taken for the beginning."""
    text = "head -c {} /dev/zero | tr '\\0' {}; echo {}"
    one = head(make, tmp_path, text.format(200_000, "d", 1), "d")

    assert head(make, tmp_path, text.format(200_000, "d", 2), "d") != one
    other = "echo d; head -c 65536 /dev/zero | tr '\\0' x; echo d$$"
    assert len(head(make, tmp_path, other, "d")) == 1


def test_a_run_without_such_a_line_says_so(make: Make, tmp_path: Path) -> None:
    error = failing(make, tmp_path, checked(shell("echo digest=5; echo digest: 5 >&2"), "digest:"))

    assert error.message == (
        "codec/parse printed no line that begins with `digest:`, as its `checksum` says"
    )
    assert "standard output counts" in error.hint
    assert error.output.split("\n") == ["digest=5", "digest: 5"]


def test_a_line_that_only_head_prints_is_told_as_news(make: Make, tmp_path: Path) -> None:
    places = side_by_side(tmp_path)
    (places.roots[Side.HEAD] / "new").touch()
    benchmark = checked(shell("test -e new && echo digest:5 || echo old"), "digest:")

    with pytest.raises(MeasurementError, match="printed no line on base that begins") as caught:
        launched(make(places), benchmark, *BOTH)

    assert "once base prints it" in caught.value.hint
    assert caught.value.side == "base"


def test_a_checksum_of_nothing_is_refused(make: Make, tmp_path: Path) -> None:
    error = failing(make, tmp_path, checked(shell("echo only an error >&2")))

    assert error.message == (
        "codec/parse printed nothing: there is no output to make a checksum of"
    )
    assert error.output == "only an error"


def test_a_command_that_fails_is_told_with_the_end_of_both_its_outputs(
    make: Make, tmp_path: Path
) -> None:
    error = failing(make, tmp_path, checked(shell("echo why >&2; echo result; test ! -e warm")))

    assert error.message == "codec/parse exited with 1"
    assert error.output.split("\n") == ["result", "why"]


@pytest.mark.parametrize("ends", ["", "os.path.exists('warm') and time.sleep(60)"])
def test_more_than_can_be_kept_is_refused_and_ended(make: Make, tmp_path: Path, ends: str) -> None:
    code = f"import os, sys, time\nfor _ in range(66): sys.stdout.write('x' * 2**20)\n{ends}"

    error = failing(make, tmp_path, checked(python(code)))

    assert error.message == "codec/parse printed too much for a checksum: more than 64 MiB"
    assert "print a checksum" in error.hint


def test_what_still_runs_when_the_command_has_ended_adds_nothing_later(
    make: Make, tmp_path: Path
) -> None:
    assert len(head(make, tmp_path, "echo a; (sleep 30; echo b) & echo c")) == 1


def test_warming_up_may_print_something_else_or_nothing(make: Make, tmp_path: Path) -> None:
    runner = make(alone(tmp_path / "app"))
    benchmark = checked(shell("test ! -e built || echo a; touch built; echo built >&2"))
    runner.prepare(benchmark, ALONE)

    assert len(runner.launch(order(benchmark)).checksums[Side.HEAD]) == 1


def test_prepare_and_cleanup_print_what_they_like(make: Make, tmp_path: Path) -> None:
    noisy = ("/bin/sh", "-c", "echo $$")
    work = replace(shell("echo a"), prepare=noisy, cleanup=noisy)

    assert len(launched(make(alone(tmp_path / "app")), checked(work)).checksums[Side.HEAD]) == 1
