"""The comprehensive suite: what it runs, what it skips, what it keeps, and what it counts."""

import asyncio
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from perfci.model.comparison import Outcome
from tests.facade.suite_stage import by_name, framework, outcomes, place, run, says

__all__ = ["place"]
ZONES = "zone_management"


@pytest.mark.slow
def test_without_servers_the_machine_is_measured_and_the_rest_is_skipped_with_what_to_set(
    place: Path,
) -> None:
    found = run(framework(place))

    reasons = {it["component"]: it["reason"] for it in found["skipped"]}
    assert set(reasons) == {"ai_providers", "ha_integration", ZONES}
    assert "HA_URL" in reasons["ha_integration"]
    assert "HA_TOKEN" in reasons["ha_integration"]
    assert "OPENAI_MODEL" in reasons["ai_providers"]
    assert "OLLAMA_MODEL" in reasons["ai_providers"]
    assert "framework.register('zone_management'" in reasons[ZONES]
    assert found["summary"] == {
        "total_tests": 6,
        "regressions_detected": 0,
        "critical_regressions": 0,
        "below_threshold": 0,
        "improvements": 0,
        "unchanged": 0,
        "inconclusive": 0,
        "new": 6,
        "failed": 0,
        "skipped": 3,
    }
    machine = found["components"]["system_monitor"]
    assert machine["total_tests"] == 6
    assert machine["results"] == found["results"]
    assert found["components"]["ha_integration"]["total_tests"] == 0
    assert found["components"]["ha_integration"]["reasons"] == [reasons["ha_integration"]]
    values = {name: it.current_value or 0.0 for name, it in by_name(found).items()}
    assert 1 < values["memory:memory_usage"] < psutil.virtual_memory().total / 1e6
    for name in ("disk_write:latency", "scheduler:latency"):
        assert 0 < values[name] < 20_000
    for name in ("processor:cpu_usage", "machine:resource_utilization", "machine:system_health"):
        assert 0 <= values[name] <= 100


@pytest.mark.slow
def test_only_enabled_components_and_test_types_are_run(place: Path) -> None:
    made = framework(place, ZONES, "system_monitor", types=("cpu_usage",))
    made.register(ZONES, "cross", "latency", says(1.0))
    made.register("lights", "dim", "cpu_usage", says(1.0))

    found = run(made)

    assert list(by_name(found)) == ["processor:cpu_usage"]
    (skipped,) = found["skipped"]
    assert skipped["component"] == ZONES
    assert "enabled_test_types" in skipped["reason"]
    assert "latency" in skipped["reason"]
    assert found["warnings"] == [
        "the tests that are registered for lights are not run: enabled_components does not name it"
    ]


def test_a_registered_test_stands_in_for_one_of_perfcis_own_of_its_name(place: Path) -> None:
    made = framework(place, "system_monitor", types=("memory_usage",))
    made.register("system_monitor", "memory", "memory_usage", says(123.0))

    found = run(made)

    assert by_name(found)["memory:memory_usage"].current_value == 123.0
    assert len(found["results"]) == 1


def test_tests_of_ones_own_need_no_server_of_their_component(place: Path) -> None:
    made = framework(place, "ai_providers")
    made.register("ai_providers", "analyze", "latency", says(5.0))

    found = run(made)

    assert found["skipped"] == []
    assert outcomes(found) == {Outcome.NEW}


def test_a_test_that_raises_fails_alone(place: Path) -> None:
    def raises() -> None:
        raise ValueError("no such zone")

    made = framework(place, ZONES)
    made.register(ZONES, "cross", "latency", raises)
    made.register(ZONES, "leave", "latency", says(1.0))

    found = run(made)

    assert by_name(found)["cross:latency"].outcome is Outcome.FAILED
    assert "no such zone" in by_name(found)["cross:latency"].message
    assert by_name(found)["leave:latency"].outcome is Outcome.NEW
    assert found["summary"]["failed"] == 1


def test_nothing_enabled_is_an_answer_of_nothing(place: Path) -> None:
    made = framework(place, ZONES)
    made.config.enabled_components = []

    found = run(made)

    assert found["summary"]["total_tests"] == 0
    assert found["results"] == found["skipped"] == []


def test_what_was_measured_before_the_suite_was_cancelled_is_kept(place: Path) -> None:
    made = framework(place, ZONES)
    made.register(ZONES, "first", "latency", says(1.0))

    begins = asyncio.Event()

    async def hangs() -> None:
        begins.set()
        await asyncio.sleep(60)

    made.register(ZONES, "second", "latency", hangs)

    async def cancelled() -> None:
        suite = asyncio.create_task(made.run_comprehensive_regression_suite())
        await begins.wait()
        suite.cancel()
        await suite

    begun = time.monotonic()
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancelled())

    assert time.monotonic() - begun < 30
    assert [it.operation for it in made.test_results] == ["first"]
    assert len(list((place / "results").iterdir())) == 1
    made.register(ZONES, "second", "latency", says(1.0))
    assert len(run(made)["results"]) == 2


def test_two_suites_of_one_folder_at_once_in_one_loop_lose_nothing(place: Path) -> None:
    made = [framework(place, ZONES) for _ in range(2)]
    for one in made:
        one.register(ZONES, "cross", "latency", says(5.0))

    async def both() -> list[object]:
        return await asyncio.gather(*(one.run_comprehensive_regression_suite() for one in made))

    asyncio.run(both())

    assert len(made[0].get_test_history(ZONES, "cross")) == 2


SCRIPT = """
import asyncio, sys
from perfci.facade.config import RegressionTestConfig
from perfci.facade.framework import PerformanceRegressionFramework
config = RegressionTestConfig(
    test_iterations=2, warm_up_iterations=0, cooldown_seconds=0, minimum_sample_size=2,
    enabled_components=["system_monitor"], enabled_test_types=["cpu_usage", "memory_usage"],
)
framework = PerformanceRegressionFramework(config, sys.argv[1])
found = asyncio.run(framework.run_comprehensive_regression_suite())
assert found["summary"]["total_tests"] == 2, found
assert not found["summary"]["failed"], found
"""


@pytest.mark.slow
def test_two_processes_with_one_folder_take_turns_and_lose_nothing(place: Path) -> None:
    command = [sys.executable, "-c", SCRIPT, str(place)]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    try:
        for each in running:
            _, said = each.communicate(timeout=100)
            assert each.returncode == 0, said
    finally:
        for each in running:
            each.kill()
            each.wait()

    made = framework(place)
    assert len(made.get_test_history("system_monitor", "processor")) == 2
    assert len(made.get_test_history("system_monitor", "memory")) == 2
    assert made.baseline_storage.get_baseline("system_monitor", "processor", "cpu_usage")
