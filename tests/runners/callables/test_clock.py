"""Counts and clocks of callables: what is calibrated, on which clock, and what is refused."""

import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from perfci.model.measurement import Clock, Side
from perfci.model.work import Function
from perfci.runners.callables import answers
from perfci.runners.callables.answers import Calibrated, ClockError
from perfci.runners.callables.shape import shape
from perfci.runners.callables.targets import Form, load_order
from perfci.runners.callables.worker.refusal import Refused
from perfci.runners.callables.worker.work import Work
from tests.runners.callables.callables import calling, latency, named
from tests.runners.stage import BOTH, side_by_side

CODE = """
import time
def nothing(): pass
def nap(): time.sleep(0.003)
"""
PLAIN = Form(awaits=False, stream="")
FORMS = {Side.BASE: PLAIN, Side.HEAD: PLAIN}


def work_of(folder: Path, name: str, clock: Callable[[], int]) -> Work:
    (folder / "b.py").write_text(CODE)
    order: dict[str, Any] = load_order(Function(target=f"b.py:{name}"), folder, folder)
    work = Work({**order, "path": []}, clock)
    work.set_up()
    return work


def calibrated(folder: Path, name: str, clock: Callable[[], int]) -> dict[str, Any]:
    work = work_of(folder, name, clock)
    work.first()
    return work.calibrate()


def test_batches_take_a_tenth_of_a_millisecond_and_samples_two(tmp_path: Path) -> None:
    told = calibrated(tmp_path, "nothing", time.perf_counter_ns)

    # the fastest of five batches decides, so that a busy machine makes none of them too short
    assert told["call"] * told["inner"] >= 50_000
    assert told["call"] * told["inner"] * told["batches"] >= 2_000_000
    assert told["inner"] > 100


def test_a_slow_function_is_a_batch_by_itself(tmp_path: Path) -> None:
    told = calibrated(tmp_path, "nap", time.perf_counter_ns)

    assert told["inner"] == told["batches"] == 1
    assert told["call"] >= 3_000_000


def test_a_coarse_clock_gets_longer_batches(tmp_path: Path) -> None:
    step, now = 1_000_000, 0

    def clock() -> int:
        nonlocal now
        now += 50
        return now // step * step

    def tick() -> None:
        nonlocal now
        now += 1000

    work = work_of(tmp_path, "nothing", clock)
    work._function = tick
    work.set_up()
    work.first()
    told = work.calibrate()

    assert told["call"] == pytest.approx(1000, rel=0.01)
    assert told["call"] * told["inner"] >= 100 * step


@pytest.mark.parametrize(
    ("clock", "how"),
    [(lambda: 7, "stands still"), (count(0, -1).__next__, "runs backwards")],
)
def test_a_clock_that_tells_no_time_is_refused(
    tmp_path: Path, clock: Callable[[], int], how: str
) -> None:
    with pytest.raises(Refused, match=how):
        calibrated(tmp_path, "nothing", clock)


def told(**changed: Any) -> dict[str, Any]:
    """Return a sample of two batches, in nanoseconds, 100 us of it waiting."""
    usual = {
        "walls": [100_000, 300_000],
        "wall": 401_000,
        "cpu": 300_000,
        "delay": 100_000,
        "whole": True,
    }
    return usual | changed


def test_wall_is_the_median_batch_and_the_others_are_the_whole_sample() -> None:
    sample = answers.sample(told(walls=[100_000, 110_000, 900_000], wall=1_111_000), 10, 3)

    assert sample.wall == pytest.approx(11e-6)
    assert sample.cpu == pytest.approx(10e-6)
    assert sample.net == pytest.approx(1_011_000e-9 / 30)
    assert sample.delay == pytest.approx(100_000e-9 / 30)
    assert sample.usage == pytest.approx(300 / 1111)


def test_without_the_kernels_word_there_is_no_net_time() -> None:
    assert answers.sample(told(delay=None), 10, 2).net is None


@pytest.mark.parametrize(
    ("changed", "how"),
    [
        ({"walls": [500_000, -100_000]}, "ran backwards"),
        ({"wall": -5}, "ran backwards"),
        ({"wall": 200_000}, "ran backwards"),
        ({"cpu": -1}, "ran backwards"),
        ({"delay": -1}, "ran backwards"),
        ({"walls": [0, 0]}, "has steps too long to see 10 calls"),
    ],
)
def test_impossible_times_are_refused(changed: dict[str, Any], how: str) -> None:
    with pytest.raises(ClockError, match=how):
        answers.sample(told(**changed), 10, 2)


@pytest.mark.parametrize(
    "changed",
    [
        {"walls": [1]},
        {"walls": ["1", 2]},
        {"walls": [True, 2]},
        {"wall": float("nan")},
        {"wall": float("inf")},
        {"cpu": None},
    ],
)
def test_answers_that_are_no_numbers_are_refused(changed: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError)):
        answers.sample(told(**changed), 10, 2)


def test_the_larger_counts_of_both_sides_hold_for_both() -> None:
    fast = Calibrated(inner=1000, batches=20, call=100e-9)
    slow = Calibrated(inner=500, batches=25, call=200e-9)

    chosen = shape({Side.BASE: slow, Side.HEAD: fast}, FORMS)

    assert (chosen.inner, chosen.batches, chosen.pairs) == (1000, 25, 10)


def test_a_side_that_is_very_much_slower_does_not_take_for_ever() -> None:
    fast = Calibrated(inner=5000, batches=20, call=20e-9)
    slow = Calibrated(inner=1, batches=1, call=0.15)

    chosen = shape({Side.BASE: fast, Side.HEAD: slow}, FORMS)

    assert (chosen.inner, chosen.batches) == (1, 1)
    assert chosen.pairs == 7


def test_both_sides_make_as_many_calls_whatever_one_call_takes(tmp_path: Path) -> None:
    places = side_by_side(tmp_path)
    code = "import app\ncalls = 0\ndef work():\n  global calls\n  calls += 1\n  app.work()"
    code += (
        "\ndef made(): pass\ndef gone():\n  with open('calls', 'w') as file: file.write(str(calls))"
    )
    benchmark = named("work", setup="made", teardown="gone")
    with calling(tmp_path, code, places) as calls:
        for side, size in ((Side.BASE, 100), (Side.HEAD, 800)):
            (places.roots[side] / "app.py").write_text(f"def work(): sum(range({size}))")
        report = calls.measured(benchmark, *BOTH)

        numbers = {side: int(calls.text("calls", side)) for side in BOTH}

    # ten samples and one to warm up
    assert numbers[Side.BASE] == numbers[Side.HEAD] == 11 * report.iterations
    base, head = (latency(report, side).clocks[Clock.WALL] for side in BOTH)
    assert min(head) > 2 * min(base)
