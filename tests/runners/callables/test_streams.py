"""Streams: what generators yield is consumed to the end in every call."""

from pathlib import Path

import pytest

from perfci.model.measurement import Clock, Side
from tests.runners.callables.callables import calling, latency, named
from tests.runners.stage import BOTH, side_by_side

CODE = """
import asyncio, time

def parts():
    for _ in range(3): time.sleep(0.001); yield "part"
async def parts_later():
    for _ in range(3): await asyncio.sleep(0.001); yield "part"
def returns_parts(): return parts()
def returns_parts_later(): return parts_later()
async def becomes_parts(): await asyncio.sleep(0); return parts()
async def becomes_parts_later(): await asyncio.sleep(0); return parts_later()

def endless():
    while True: yield "more"
async def endless_later():
    while True: await asyncio.sleep(0); yield "more"
def breaks():
    yield 1
    raise ValueError("in the middle")
async def breaks_later():
    yield 1
    raise ValueError("in the middle")
def lists(): return [time.sleep(0.002)]

LOOPS = set()
async def one_loop():
    LOOPS.add(id(asyncio.get_running_loop()))
    assert len(LOOPS) == 1, LOOPS
    await asyncio.sleep(0.002)
    yield 1
"""


@pytest.mark.parametrize(
    "name",
    [
        "parts",
        "parts_later",
        "returns_parts",
        "returns_parts_later",
        "becomes_parts",
        "becomes_parts_later",
    ],
)
def test_streams_are_consumed_in_every_timed_call(tmp_path: Path, name: str) -> None:
    with calling(tmp_path, CODE) as calls:
        launch = latency(calls.measured(named(name)))

    assert launch.size == 10
    assert min(launch.clocks[Clock.WALL]) >= 0.003


@pytest.mark.slow
@pytest.mark.parametrize("name", ["endless", "endless_later"])
def test_an_endless_stream_is_told(tmp_path: Path, name: str) -> None:
    noun = "an async generator" if name.endswith("later") else "a generator"
    with calling(tmp_path, CODE) as calls:
        error = calls.failing(named(name, timeout=0.5))

    assert error.message == (
        f"codec/parse is {noun} that did not end within 0.5 s; its process group was ended"
    )
    assert "fixed number of items" in error.hint


@pytest.mark.parametrize("name", ["breaks", "breaks_later"])
def test_an_error_in_the_middle_of_a_stream_is_told(tmp_path: Path, name: str) -> None:
    with calling(tmp_path, CODE) as calls:
        error = calls.failing(named(name))

    assert error.message == "codec/parse raised an error: ValueError: in the middle"
    assert f"in {name}" in error.output


def test_other_iterables_are_left_alone(tmp_path: Path) -> None:
    with calling(tmp_path, CODE) as calls:
        calls.prepare(named("lists"))


def test_all_calls_run_in_one_event_loop(tmp_path: Path) -> None:
    with calling(tmp_path, CODE) as calls:
        calls.prepare(named("one_loop"))


def test_the_sides_may_differ_in_what_they_return(tmp_path: Path) -> None:
    places = side_by_side(tmp_path)
    code = "import app\ndef work(): return app.work()"
    with calling(tmp_path, code, places) as calls:
        for side, text in (
            (Side.BASE, "import time\ndef work(): time.sleep(0.002)"),
            (Side.HEAD, "import asyncio\nasync def work(): await asyncio.sleep(0.004)"),
        ):
            (places.roots[side] / "app.py").write_text(text)

        report = calls.measured(named("work"), *BOTH)

    assert min(latency(report, Side.BASE).clocks[Clock.WALL]) >= 0.002
    assert min(latency(report, Side.HEAD).clocks[Clock.WALL]) >= 0.004
