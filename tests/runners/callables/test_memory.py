"""Memory of callables: the peak in a process of its own, and the lines that hold it."""

from dataclasses import replace
from pathlib import Path

import pytest

from perfci.model.measurement import Clock, Side
from perfci.ports import LaunchReport
from tests.runners.callables.callables import calling, named
from tests.runners.stage import ALONE, BOTH, order, side_by_side

MB = 2**20
CODE = """
import os, time

def note(text):
    with open("notes", "a") as file: file.write(text + "\\n")

def allocates():
    note(str(os.getpid()))
    big = b"x" * (30 << 20)
    small = bytearray(6 << 20)
    return len(big), len(small)

async def allocates_later(): return allocates()

def keeps(): return kept
kept = b"x" * (40 << 20)

def has_a_child():
    child = os.fork()
    if child == 0:
        mine = b"y" * (60 << 20)
        time.sleep(0.1)
        os._exit(0)
    os.waitpid(child, 0)

def counts_threads():
    import threading
    assert threading.active_count() == 1
    time.sleep(0.002)

def breaks_when_watched():
    import sys
    if sys.getprofile(): os._exit(5)
    time.sleep(0.002)
"""


def peak(report: LaunchReport, side: Side = Side.HEAD) -> float:
    (value,) = report.launches[side]["memory_usage"].clocks[Clock.VALUE]
    return value


def test_the_lines_that_hold_most_are_found(tmp_path: Path) -> None:
    benchmark = named("allocates", "memory_usage")
    with calling(tmp_path, CODE) as calls:
        report = calls.measured(benchmark)
        found = calls.runner.allocations(benchmark)[Side.HEAD]

    first, second, *_ = found.sites
    assert (first.file, first.line) == ("benchmarks/b.py", CODE.split("\n").index(_line("big")) + 1)
    assert 30 * MB <= first.size < 31 * MB
    assert (second.file, second.line) == (first.file, first.line + 1)
    assert 6 * MB <= second.size < 7 * MB
    assert 36 * MB <= found.seen <= found.peak < 38 * MB
    assert len(found.sites) <= 5
    assert 36 * MB <= peak(report) <= 90 * MB


def _line(name: str) -> str:
    return next(line for line in CODE.split("\n") if line.strip().startswith(f"{name} ="))


def test_coroutines_are_looked_into_as_well(tmp_path: Path) -> None:
    benchmark = named("allocates_later", "memory_usage")
    with calling(tmp_path, CODE) as calls:
        calls.measured(benchmark)

        assert calls.runner.allocations(benchmark)[Side.HEAD].sites[0].size >= 30 * MB


@pytest.mark.slow
def test_each_side_is_looked_at_once_in_a_process_of_its_own(tmp_path: Path) -> None:
    places = side_by_side(tmp_path)
    benchmark = replace(named("allocates", "memory_usage"), warmup=0)
    with calling(tmp_path, CODE, places) as calls:
        calls.runner.prepare(benchmark, BOTH)
        processes = []
        for _ in range(2):
            for side in BOTH:
                (places.roots[side] / "notes").unlink(missing_ok=True)
            calls.runner.launch(order(benchmark, BOTH))
            processes.append([len(set(calls.text("notes", side).split())) for side in BOTH])

        # the timed one, the one whose peak is read, and the traced one
        assert processes == [[3, 3], [2, 2]]
        assert set(calls.runner.allocations(benchmark)) == set(BOTH)


def test_memory_is_left_alone_where_it_is_not_wanted(tmp_path: Path) -> None:
    benchmark = named("allocates", "latency", "memory_usage")
    with calling(tmp_path, CODE) as calls:
        calls.runner.prepare(benchmark, ALONE)
        report = calls.runner.launch(replace(order(benchmark), wanted=frozenset({"latency"})))

        assert "memory_usage" not in report.launches[Side.HEAD]
        assert calls.runner.allocations(benchmark) == {}


def test_what_was_freed_before_the_call_does_not_count(tmp_path: Path) -> None:
    code = "import time\nlarge = b'x' * (90 << 20)\ndel large\ndef nap(): time.sleep(0.002)"
    with calling(tmp_path, code) as calls:
        assert peak(calls.measured(named("nap", "memory_usage"))) < 80 * MB


def test_what_was_there_before_the_call_counts_as_resident(tmp_path: Path) -> None:
    with calling(tmp_path, CODE) as calls:
        assert peak(calls.measured(named("keeps", "memory_usage"))) >= 40 * MB


@pytest.mark.slow
def test_the_memory_of_children_counts(tmp_path: Path) -> None:
    with calling(tmp_path, CODE) as calls:
        report = calls.measured(named("has_a_child", "memory_usage", warmup=0))

    # both hold what was there before the fork
    assert peak(report) >= (40 + 40 + 60) * MB


def test_a_function_without_children_is_alone_in_its_process(tmp_path: Path) -> None:
    with calling(tmp_path, CODE) as calls:
        assert peak(calls.measured(named("counts_threads", "memory_usage"))) >= 40 * MB


def test_a_function_that_cannot_be_traced_keeps_its_peak(tmp_path: Path) -> None:
    benchmark = named("breaks_when_watched", "memory_usage")
    with calling(tmp_path, CODE) as calls:
        assert peak(calls.measured(benchmark)) >= 40 * MB
        assert calls.runner.allocations(benchmark) == {}
