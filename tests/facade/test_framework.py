"""The framework: a baseline, a test against it, and what it came to."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from perfci.facade.config import RegressionTestType
from perfci.facade.framework import PerformanceRegressionFramework
from perfci.facade.registered import TestFunc
from perfci.facade.results import RegressionSeverity, RegressionTestResult
from perfci.model.comparison import Outcome
from tests.facade.frames import frame, naps, place, quick, sleeps, takes

__all__ = ["place"]
COMPONENT, OPERATION = "ai_providers", "analyze_image"
NAME = (COMPONENT, OPERATION, "latency")


@pytest.mark.parametrize("work", [sleeps, pytest.param(naps, marks=pytest.mark.slow)])
def test_half_as_much_again_is_a_regression_of_about_50_per_cent(
    place: Path, work: Callable[[float], TestFunc]
) -> None:
    async def both() -> RegressionTestResult:
        framework = frame(place)
        assert await framework.create_baseline(*NAME, work(0.1))
        return await framework.run_regression_test(*NAME, work(0.15))

    result = asyncio.run(both())

    assert result.is_regression
    assert 42 <= result.change_percentage <= 58
    # a machine that is busy enough adds a millisecond to both, and then it is 49 %
    major = result.change_percentage >= 49.5
    assert (result.regression_severity is RegressionSeverity.MAJOR) is major
    assert result.unit == "ms"
    assert result.baseline_value is not None
    assert result.current_value is not None
    assert result.p_value is not None
    assert result.confidence_interval is not None
    assert 100 <= result.baseline_value < result.current_value
    assert result.outcome is Outcome.REGRESSED
    assert result.baseline_version == "1.0.0"
    assert result.sample_size == 5
    assert 0 < result.p_value < 0.05
    low, high = result.confidence_interval
    assert low < result.change_percentage < high


def test_the_same_again_is_no_regression(place: Path) -> None:
    async def both() -> RegressionTestResult:
        framework = frame(place)
        await framework.create_baseline(*NAME, naps(0.02))
        return await framework.run_regression_test(*NAME, naps(0.02))

    result = asyncio.run(both())

    assert not result.is_regression
    assert result.regression_severity is RegressionSeverity.NONE
    assert abs(result.change_percentage) < 20
    assert result.duration_seconds >= 0.1


def test_a_suspicion_is_confirmed_by_as_many_calls_again(place: Path) -> None:
    calls: list[int] = []

    def worse() -> None:
        calls.append(1)
        naps(0.04)()

    async def both() -> RegressionTestResult:
        framework = frame(place, warm_up_iterations=2)
        await framework.create_baseline(*NAME, naps(0.01))
        return await framework.run_regression_test(*NAME, worse)

    result = asyncio.run(both())

    assert result.is_regression
    assert result.regression_severity is RegressionSeverity.CRITICAL
    assert "slower than baseline 1.0.0" in result.message
    assert len(calls) == 2 + 5 + 5


def test_without_a_baseline_it_is_new_and_nothing_is_stored(place: Path) -> None:
    framework = frame(place)

    result = asyncio.run(framework.run_regression_test(*NAME, takes(20)))

    assert result.outcome is Outcome.NEW
    assert (result.is_regression, result.change_percentage) == (False, 0.0)
    assert result.baseline_value is None
    assert result.current_value == pytest.approx(20.02, abs=0.1)
    assert "create_baseline" in result.message
    assert framework.baseline_storage.get_baseline(*NAME) is None


def test_a_callable_that_fails_is_a_failed_test_and_no_baseline(place: Path) -> None:
    def broken() -> None:
        raise ConnectionError("nobody at http://127.0.0.1:9")

    framework = frame(place)

    result = asyncio.run(framework.run_regression_test(*NAME, broken))
    created = asyncio.run(framework.create_baseline(*NAME, broken))

    assert result.outcome is Outcome.FAILED
    assert not result.is_regression
    assert result.current_value is None
    assert "raised ConnectionError: nobody at" in result.message
    assert created is False
    assert "raised ConnectionError" in framework.warnings[-1]


def test_fewer_values_than_the_minimum_are_not_judged(place: Path) -> None:
    async def both() -> RegressionTestResult:
        framework = frame(place, test_iterations=3)
        await framework.create_baseline(*NAME, naps(0.01))
        return await framework.run_regression_test(*NAME, naps(0.05))

    result = asyncio.run(both())

    assert result.outcome is Outcome.INCONCLUSIVE
    assert not result.is_regression
    assert "values measured: 3, and minimum_sample_size is 5" in result.message


def test_a_proven_worsening_below_the_minor_threshold_is_no_regression(place: Path) -> None:
    async def both() -> RegressionTestResult:
        more = {"minor_threshold": 5.0, "moderate_threshold": 6.0}
        framework = frame(place, **more, major_threshold=7.0, critical_threshold=8.0)
        await framework.create_baseline(*NAME, naps(0.01))
        return await framework.run_regression_test(*NAME, naps(0.04))

    result = asyncio.run(both())

    assert result.outcome is Outcome.REGRESSED
    assert not result.is_regression


def test_values_far_from_the_others_are_set_aside_and_counted(place: Path) -> None:
    calls: list[int] = []

    def mostly() -> float:
        calls.append(1)
        return 500.0 if len(calls) == 4 else 20.0 + len(calls) / 10

    async def both() -> tuple[PerformanceRegressionFramework, RegressionTestResult]:
        framework = frame(place, test_iterations=8, warm_up_iterations=0, outlier_threshold=3.0)
        await framework.create_baseline(*NAME, mostly)
        calls.clear()
        return framework, await framework.run_regression_test(*NAME, mostly)

    framework, result = asyncio.run(both())

    baseline = framework.baseline_storage.get_baseline(*NAME)
    assert baseline is not None
    assert baseline.sample_size == 7
    assert 20 < baseline.confidence_interval[0] < baseline.baseline_value < 21
    assert (result.outliers, result.sample_size) == (1, 7)
    assert any("1 value was set aside" in text for text in result.warnings)
    assert any("outliers set aside: 1" in text for text in framework.warnings)


@pytest.mark.parametrize(
    ("test_type", "before", "after", "unit"),
    [
        (RegressionTestType.THROUGHPUT, 100.0, 40.0, "1/s"),
        # each call looks for the peak of the whole process
        pytest.param(RegressionTestType.MEMORY_USAGE, 50.0, 90.0, "MB", marks=pytest.mark.slow),
        (RegressionTestType.CPU_USAGE, 5.0, 400.0, "%"),
        (RegressionTestType.ERROR_RATE, 0.0, 20.0, "%"),
        (RegressionTestType.SYSTEM_HEALTH, 95.0, 20.0, ""),
        (RegressionTestType.RESOURCE_UTILIZATION, 2.0, 300.0, "%"),
    ],
)
def test_every_test_type_knows_its_unit_and_which_way_is_worse(
    place: Path, test_type: RegressionTestType, before: float, after: float, unit: str
) -> None:
    async def both() -> tuple[RegressionTestResult, RegressionTestResult]:
        framework = frame(place, warm_up_iterations=0, confidence_level=0.8)
        name = ("system", "work", test_type)
        await framework.create_baseline(*name, lambda: before)
        better = await framework.run_regression_test(*name, lambda: before)
        return better, await framework.run_regression_test(*name, lambda: after)

    same, worse = asyncio.run(both())

    assert not same.is_regression
    assert worse.outcome is Outcome.REGRESSED
    assert worse.is_regression
    assert (worse.change_percentage > 0) is (after > before)
    assert (worse.baseline_value, worse.unit) == (before, unit)
    assert worse.current_value == pytest.approx(after)


def test_a_rate_of_errors_is_the_share_of_the_calls_that_raised(place: Path) -> None:
    calls: list[int] = []

    def sometimes() -> None:
        calls.append(1)
        if len(calls) % 5 == 0:
            raise TimeoutError

    framework = frame(place, test_iterations=10, warm_up_iterations=0)

    result = asyncio.run(framework.run_regression_test("hub", "ping", "error_rate", sometimes))

    assert result.current_value == 20.0
    assert result.sample_size == 10


def test_what_it_prints_and_raises_may_hold_a_secret_and_no_answer_does(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODEL_API_KEY", "sk-very-secret-0123")

    def broken() -> None:
        raise ConnectionError("401 for sk-very-secret-0123")

    framework = frame(place)
    result = asyncio.run(framework.run_regression_test(*NAME, broken))
    asyncio.run(framework.create_baseline(*NAME, broken))

    kept = (place / "perf/results" / f"{result.test_id}.json").read_text()
    assert "raised ConnectionError: 401 for ***" in result.message
    assert "very-secret" not in kept + repr(framework.warnings) + repr(result)


def test_every_parameter_of_measuring_is_heeded(place: Path) -> None:
    calls: list[int] = []

    def call() -> float:
        calls.append(1)
        return 3.0

    framework = frame(place, warm_up_iterations=4, test_iterations=6, cooldown_seconds=0.02)
    asyncio.run(framework.create_baseline(*NAME, call))
    result = asyncio.run(framework.run_regression_test(*NAME, call))

    assert len(calls) == 2 * (4 + 6)
    assert result.duration_seconds >= 6 * 0.02
    assert quick(test_iterations=6).test_iterations == 6


@pytest.mark.slow
def test_a_suspicion_that_only_the_outliers_hid_was_not_confirmed_and_is_no_finding(
    place: Path,
) -> None:
    values = [50.0, 51.0, 52.0, 112.0, 119.0, 119.5, 120.0, 120.5]

    async def both() -> RegressionTestResult:
        framework = frame(place, test_iterations=8, warm_up_iterations=0, outlier_threshold=2.0)
        name = ("system", "work", "memory_usage")
        await framework.create_baseline(*name, lambda: 100.0)
        left = iter(values)
        return await framework.run_regression_test(*name, lambda: next(left))

    result = asyncio.run(both())

    assert result.outcome is Outcome.INCONCLUSIVE
    assert (result.current_value, result.outliers, result.sample_size) == (115.5, 0, 8)
    assert "ended" not in result.message
