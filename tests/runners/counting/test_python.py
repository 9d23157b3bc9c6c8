"""Instruction counts of Python: callables, and commands without the interpreter's start-up."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Side
from perfci.model.work import Command
from perfci.ports import Places
from perfci.runners.callables.runner import FunctionRunner
from perfci.runners.commands.runner import CommandRunner
from tests.runners.counting.counted import count, needs_valgrind
from tests.runners.stage import (
    ALONE,
    BOTH,
    ENVIRON,
    alone,
    bench,
    function,
    order,
    scratch_of,
    side_by_side,
)

pytestmark = [needs_valgrind, pytest.mark.slow]

LOOP = """
def work(times):
    total = 0
    for number in range(times{more}):
        total += number
    return total
"""
ASYNC = """
async def waits(times):
    return work(times)
"""
SETUP = """
def ready(times):
    work(times * 9)
"""
MORE = {Side.BASE: "", Side.HEAD: " * 101 // 100"}


@pytest.fixture
def places(tmp_path: Path) -> Places:
    made = side_by_side(tmp_path)
    for side, more in MORE.items():
        text = LOOP.format(more=more) + ASYNC + SETUP
        (made.roots[side] / "loops.py").write_text(text)
    return made


@pytest.fixture
def functions(tmp_path: Path, places: Places) -> Iterator[FunctionRunner]:
    made = FunctionRunner(places, ENVIRON, scratch_of(tmp_path), None)
    yield made
    made.close()


@pytest.mark.parametrize("target", ["loops:work", "loops:waits"])
def test_a_callable_that_does_one_per_cent_more_is_counted_so(
    functions: FunctionRunner, target: str
) -> None:
    benchmark = bench(function(target, times=20_000), "instructions")
    functions.prepare(benchmark, BOTH)

    report = functions.launch(order(benchmark, BOTH))

    ratio = count(report, Side.HEAD) / count(report, Side.BASE)
    assert ratio == pytest.approx(1.01, abs=0.0005)
    assert 10 * 20_000 < count(report, Side.BASE) < 2000 * 20_000


def test_a_callable_repeats_to_the_bit_whatever_the_seed(functions: FunctionRunner) -> None:
    benchmark = bench(function("loops:work", times=100), "instructions")
    functions.prepare(benchmark, ALONE)

    one, two = (functions.launch(order(benchmark, seed=seed)) for seed in (1, 2))

    assert count(one) == count(two)


def test_what_a_callables_setup_does_is_not_counted(functions: FunctionRunner) -> None:
    counts = []
    for setup in ("", "loops.py:ready"):
        work = replace(function("loops.py:work", times=10_000), setup=setup)
        benchmark = replace(
            bench(work, "instructions"), id=BenchmarkId(suite="s", name=f"a{setup}")
        )
        functions.prepare(benchmark, ALONE)
        counts.append(count(functions.launch(order(benchmark))))

    assert counts[0] == pytest.approx(counts[1], rel=1e-3)


def test_a_program_is_counted_without_the_interpreters_start_up(tmp_path: Path) -> None:
    places = alone(tmp_path / "app")
    root = places.roots[Side.HEAD]
    counts, notes = {}, {}
    for times in (200_000, 202_000):
        runner = CommandRunner(places, ENVIRON, scratch_of(tmp_path))
        (root / "loops.py").write_text(LOOP.format(more="") + f"\nwork({times})\n")
        benchmark = bench(Command(argv=(sys.executable, "-SI", "loops.py")), "instructions")
        runner.prepare(benchmark, ALONE)
        report = runner.launch(order(benchmark))
        runner.close()
        counts[times], notes[times] = count(report), report.warnings
        assert count(report, metric="startup_instructions") > 1_000_000

    assert counts[202_000] / counts[200_000] == pytest.approx(1.01, abs=0.005)
    assert any("-E or -I" in note for note in notes[200_000])
