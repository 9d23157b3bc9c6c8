"""What callers may do wrong, and event loops of all kinds."""

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest

from perfci.errors import ConfigurationError
from perfci.facade.config import RegressionTestType
from perfci.facade.framework import PerformanceRegressionFramework
from perfci.model.comparison import Outcome
from tests.facade.frames import frame, naps, place, quick, sleeps

__all__ = ["place"]

NAME = ("ai_providers", "analyze_image", "latency")


async def _never() -> None:
    """Be a coroutine that nobody awaits."""


@pytest.mark.parametrize(
    ("name", "call", "why"),
    [
        (("", "o", "latency"), naps(0), "component is ''"),
        (("c", " o", "latency"), naps(0), "operation is ' o'"),
        (("c/d", "o", "latency"), naps(0), "component is 'c/d'"),
        ((None, "o", "latency"), naps(0), "component is of type NoneType"),
        (("c", "o\x1b[1m", "latency"), naps(0), "operation is"),
        (("c", "o" * 201, "latency"), naps(0), "operation is"),
        (("c", "o", "speed"), naps(0), "test_type is 'speed'"),
        (("c", "o", 3), naps(0), "test_type is of type int"),
        (("c", "o", "latency"), None, "test_func is of type NoneType"),
        (("c", "o", "latency"), "sleep", "test_func is 'sleep'"),
    ],
)
def test_misuse_is_refused_before_anything_is_measured(
    place: Path, name: tuple[Any, Any, Any], call: Any, why: str
) -> None:
    framework = frame(place)

    for run in (framework.create_baseline, framework.run_regression_test):
        with pytest.raises(ConfigurationError, match=why) as refused:
            asyncio.run(run(*name, call))
        assert refused.value.hint
    with pytest.raises(ConfigurationError, match=why):
        framework.register(*name, call)


def test_a_coroutine_in_the_place_of_its_function_is_refused_and_closed(place: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be called") as refused:
        asyncio.run(frame(place).create_baseline(*NAME, _never()))  # type: ignore[arg-type]

    assert "without calling it" in refused.value.hint


def test_a_test_type_may_be_its_name_in_any_case(place: Path) -> None:
    framework = frame(place)
    framework.register("c", "o", "LATENCY", naps(0))

    assert framework.registered[0].test_type is RegressionTestType.LATENCY


def test_what_is_registered_again_replaces_the_first(place: Path) -> None:
    framework, first, second = frame(place), naps(0), naps(1)
    framework.register("zone_management", "route", "latency", first)
    framework.register("zone_management", "route", "throughput", first)
    framework.register("zone_management", "route", "latency", second)

    found = [(each.test_type.value, each.test_func) for each in framework.registered]
    assert found == [("latency", second), ("throughput", first)]


def test_one_framework_serves_several_event_loops_at_once(place: Path) -> None:
    framework = frame(place)

    def run(number: int) -> None:
        asyncio.run(framework.run_regression_test("loops", f"{number}", "latency", sleeps(0.01)))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    outcomes = {each.operation: each.outcome for each in framework.test_results}
    assert outcomes == dict.fromkeys("012", Outcome.NEW)


def test_the_callers_event_loop_goes_on_while_a_sync_function_is_measured(place: Path) -> None:
    beats: list[int] = []

    async def beat() -> None:
        while True:
            beats.append(1)
            await asyncio.sleep(0.005)

    async def both() -> None:
        heart = asyncio.create_task(beat())
        await frame(place).run_regression_test(*NAME, naps(0.05))
        heart.cancel()

    asyncio.run(both())

    assert len(beats) > 10


def test_what_belongs_to_the_callers_loop_can_be_used_by_an_async_test(place: Path) -> None:
    async def both() -> object:
        queue: asyncio.Queue[int] = asyncio.Queue()
        lock = asyncio.Lock()

        async def call() -> str:
            async with lock:
                await queue.put(1)
                return str(await queue.get())

        return await frame(place).run_regression_test(*NAME, call)

    assert asyncio.run(both()).outcome is Outcome.NEW  # type: ignore[attr-defined]


def test_tests_of_one_process_may_run_at_the_same_time(place: Path) -> None:
    framework = frame(place)

    async def all_of_them() -> list[object]:
        names = [("together", f"{number}", "latency") for number in range(4)]
        runs = [framework.run_regression_test(*name, sleeps(0.01)) for name in names]
        return list(await asyncio.gather(*runs))

    assert len(asyncio.run(all_of_them())) == 4
    assert len(framework.test_results) == 4


def test_the_report_tells_the_worst_first_and_is_harmless(place: Path) -> None:
    def broken() -> None:
        raise ValueError("\x1b[31m::error::bad")

    async def tests() -> str:
        framework = PerformanceRegressionFramework(quick(), place / "perf")
        empty = framework.generate_regression_report()
        assert "nothing was tested yet" in empty
        await framework.create_baseline(*NAME, naps(0.01))
        await framework.run_regression_test("a", "new", "latency", naps(0.001))
        await framework.run_regression_test("a", "broken", "latency", broken)
        await framework.run_regression_test(*NAME, naps(0.03))
        return framework.generate_regression_report()

    report = asyncio.run(tests())

    lines = report.splitlines()
    assert lines[0].startswith("Performance: 1 regression in 3 tests (1 critical), 1 could not be")
    order = [report.index(name) for name in ("analyze_image:latency", "a/broken", "a/new")]
    assert order == sorted(order)
    assert "\x1b" not in report
