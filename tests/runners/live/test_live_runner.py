"""Callables of this process, measured by the runner itself: each metric, each kind of callable."""

import asyncio
import functools
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from perfci.errors import MeasurementError
from perfci.model.measurement import Clock, Launch, Side
from perfci.model.work import Live
from perfci.runners.live.calling import Caller
from perfci.runners.live.runner import LiveRunner
from perfci.runners.live.stop import Stop
from perfci.wiring.process import SystemClock
from tests.runners.stage import ALONE, BOTH, bench, order

MB = 1_000_000


class Stage:
    """A runner beside an event loop that runs in a thread of its own."""

    def __init__(self, folder: Path) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.stop = Stop()
        self.runner = LiveRunner(Caller(self.loop, self.stop), self.stop, SystemClock(), folder)

    def close(self) -> None:
        self.runner.close()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)
        self.loop.close()

    def launch(
        self,
        call: Callable[[], Any],
        metric: str = "latency",
        *,
        warmup: int = 0,
        timeout: float = 30.0,
        calls: int = 1,
    ) -> Launch:
        work = Live(call=call, label="test", calls=calls)
        benchmark = bench(work, metric, timeout=timeout, warmup=warmup)
        self.runner.prepare(benchmark, ALONE)
        report = self.runner.launch(order(benchmark))
        self.warnings = report.warnings
        return report.launches[Side.HEAD][metric]

    def value(self, call: Callable[[], Any], metric: str = "latency", **more: Any) -> float:
        clock = Clock.WALL if metric == "latency" else Clock.VALUE
        return self.launch(call, metric, **more).clocks[clock][0]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path)
    yield stage
    stage.close()


def napping() -> str:
    time.sleep(0.03)
    return "done"


async def napping_async() -> str:
    await asyncio.sleep(0.03)
    return "done"


def napping_in_steps() -> Iterator[int]:
    for step in range(3):
        time.sleep(0.01)
        yield step


async def napping_in_steps_async() -> AsyncIterator[int]:
    for step in range(3):
        await asyncio.sleep(0.01)
        yield step


class Napper:
    async def __call__(self) -> None:
        await asyncio.sleep(0.03)


@pytest.mark.parametrize(
    "call",
    [
        napping,
        napping_async,
        napping_in_steps,
        napping_in_steps_async,
        functools.partial(napping_async),
        lambda: napping_async(),  # noqa: PLW0108
        lambda: napping_in_steps_async(),  # noqa: PLW0108
        Napper(),
    ],
)
@pytest.mark.parametrize("warmup", [0, 1])
def test_every_kind_of_callable_is_timed_to_its_end(
    stage: Stage, call: Callable[[], Any], warmup: int
) -> None:
    launch = stage.launch(call, warmup=warmup)

    assert launch.clocks[Clock.WALL][0] >= 0.029
    assert launch.clocks[Clock.CPU][0] < launch.clocks[Clock.WALL][0]
    assert launch.clocks[Clock.NET][0] <= launch.clocks[Clock.WALL][0]


def test_async_functions_run_in_the_callers_loop_and_others_do_not(stage: Stage) -> None:
    seen: list[object] = []

    async def awaited() -> None:
        seen.append(asyncio.get_running_loop())

    def called() -> None:
        seen.append(threading.current_thread())

    stage.launch(awaited)
    stage.launch(called)

    assert seen[0] is stage.loop
    assert seen[1] not in {stage.thread, threading.current_thread()}


@pytest.mark.parametrize("number", [250, 250.0, np.float64(250), Decimal(250), Fraction(250)])
def test_a_number_that_a_callable_returns_is_its_own_milliseconds(
    stage: Stage, number: object
) -> None:
    launch = stage.launch(lambda: number)

    assert launch.clocks == {Clock.WALL: (0.25,)}
    assert "is taken for its own time in ms, though" in stage.warnings[0]


def test_its_own_milliseconds_are_cleared_of_waiting_where_they_cover_the_call(
    stage: Stage,
) -> None:
    async def own() -> float:
        begun = time.perf_counter()
        await asyncio.sleep(0.03)
        return (time.perf_counter() - begun) * 1000

    launch = stage.launch(own)

    assert set(launch.clocks) == {Clock.WALL, Clock.CPU, Clock.NET}
    assert 0.029 <= launch.clocks[Clock.NET][0] <= launch.clocks[Clock.WALL][0]
    assert stage.warnings == ()


@pytest.mark.parametrize("found", [True, False, None, "12", [12], 1j, np.True_])
def test_what_is_no_number_is_no_measurement(stage: Stage, found: object) -> None:
    assert stage.value(lambda: found) < 0.25


@pytest.mark.parametrize(
    ("metric", "number", "base"),
    [
        ("throughput", 40, 40.0),
        ("memory_usage", 12.5, 12.5 * MB),
        ("cpu_usage", 150, 1.5),
        ("error_rate", 25, 0.25),
        ("resource_utilization", 60, 0.6),
        ("system_health", 90, 90.0),
        ("ai_response_time", 1500, None),
        ("ha_integration", 20, None),
    ],
)
def test_each_test_type_has_its_unit(
    stage: Stage, metric: str, number: float, base: float | None
) -> None:
    launch = stage.launch(lambda: number, metric)

    expected = {Clock.WALL: (number / 1000,)} if base is None else {Clock.VALUE: (base,)}
    assert launch.clocks == expected


@pytest.mark.parametrize(
    ("metric", "number", "why"),
    [
        ("latency", -3, "returned -3 ms, and no latency is below 0"),
        ("latency", float("nan"), "returned nan ms, which is not a finite number"),
        ("throughput", float("inf"), "returned inf 1/s, which is not a finite number"),
        ("latency", 10**400, "returned inf ms, which is not a finite number"),
        ("throughput", 0, "returned 0 1/s, and no ratio can be made of 0"),
        ("error_rate", 101, "returned 101 %, and 100 % is the most that there can be"),
        ("system_health", 101, "returned 101, and 100 is the most that there can be"),
        ("cpu_usage", -1, "returned -1 %, and no cpu_usage is below 0"),
    ],
)
def test_a_number_that_cannot_be_a_value_is_refused(
    stage: Stage, metric: str, number: float, why: str
) -> None:
    with pytest.raises(MeasurementError, match="codec/parse returned") as refused:
        stage.launch(lambda: number, metric)

    assert refused.value.message == f"codec/parse {why}"
    assert "in the unit of the test type" in refused.value.hint


@pytest.mark.slow
@pytest.mark.parametrize("number", [0, 0.3, -2.5])
def test_memory_that_hardly_grew_is_told_as_the_floor(stage: Stage, number: float) -> None:
    launch = stage.launch(lambda: number, "memory_usage")

    assert launch.clocks[Clock.VALUE] == (float(2**20),)
    assert not launch.whole


def test_throughput_is_calls_a_second_over_a_while(stage: Stage) -> None:
    calls: list[int] = []

    def call() -> None:
        calls.append(1)
        time.sleep(0.01)

    assert 0 < stage.value(call, "throughput") <= 100
    assert len(calls) > 1


@pytest.mark.slow
def test_memory_is_what_a_call_takes_at_most_again_and_again(stage: Stage) -> None:
    def call() -> None:
        block = bytearray(30 * MB)
        block[::4096] = b"x" * len(block[::4096])

    grown = [stage.value(call, "memory_usage", warmup=1) for _ in range(3)]

    assert [each for each in grown if not 25 * MB < each < 60 * MB] == []


def test_processor_use_tells_computing_from_waiting(stage: Stage) -> None:
    def compute() -> None:
        until = time.thread_time() + 0.05
        while time.thread_time() < until:
            pass

    assert stage.value(napping, "cpu_usage") < 0.5
    assert stage.value(compute, "cpu_usage") > stage.value(napping, "cpu_usage")


def test_an_exception_is_data_only_for_the_error_rate(stage: Stage) -> None:
    calls: list[int] = []

    def call() -> None:
        calls.append(1)
        if len(calls) % 4 == 0:
            raise ValueError("no answer")

    launch = stage.launch(call, "error_rate", calls=8)

    assert launch.clocks[Clock.VALUE] == (0.25,)
    assert len(calls) == 8


@pytest.mark.parametrize(("metric", "most"), [("system_health", 100), ("resource_utilization", 1)])
def test_the_machine_is_watched_while_calls_run(stage: Stage, metric: str, most: float) -> None:
    calls: list[int] = []

    def call() -> None:
        calls.append(1)
        time.sleep(0.005)

    assert 0 <= stage.value(call, metric) <= most
    assert len(calls) > 3


def test_there_is_no_second_side(stage: Stage) -> None:
    with pytest.raises(MeasurementError, match="no second side"):
        stage.runner.prepare(bench(Live(call=napping, label="nap")), BOTH)


def test_a_call_that_is_too_short_to_be_timed_is_told(stage: Stage) -> None:
    # the first calls of a process may take longer, on any machine
    for _ in range(50):
        stage.launch(lambda: None)
        if stage.warnings:
            break

    assert "less than 50 µs" in stage.warnings[0]


def test_on_a_quiet_machine_waiting_is_known_to_be_counted(stage: Stage) -> None:
    launches = [stage.launch(napping) for _ in range(6)]

    assert all(sum(launch.delay) > 0 for launch in launches)
