"""What a framework keeps: baselines by version, results by day, beside other processes."""

import asyncio
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from perfci.errors import ConfigurationError
from perfci.facade.framework import PerformanceRegressionFramework
from perfci.model.comparison import Outcome
from tests.facade.frames import frame, place, quick, takes

__all__ = ["place"]
NAME = ("ai_providers", "analyze_image", "latency")


def ready(
    place: Path, *values: tuple[str, float], **more: object
) -> PerformanceRegressionFramework:
    """Return a framework with baselines: version and milliseconds, oldest first."""
    framework = frame(place, **more)

    async def create() -> None:
        for version, value in values:
            assert await framework.create_baseline(*NAME, takes(value), version=version)

    asyncio.run(create())
    return framework


def test_a_baseline_tells_its_value_interval_size_version_and_time(place: Path) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    baseline = ready(place, ("1.2.0", 20.0)).baseline_storage.get_baseline(*NAME)

    assert baseline is not None
    assert (baseline.component, baseline.operation, baseline.test_type) == NAME
    assert baseline.baseline_value == pytest.approx(20.02, abs=0.05)
    low, high = baseline.confidence_interval
    assert low <= baseline.baseline_value <= high
    assert low > 19
    assert high < 21
    assert (baseline.sample_size, baseline.version, baseline.unit) == (5, "1.2.0", "ms")
    assert before <= baseline.timestamp <= datetime.now(UTC)
    assert baseline.run_id.startswith("20")


def test_a_baseline_that_is_not_there_is_none(place: Path) -> None:
    framework = ready(place, ("1.0.0", 20.0))

    assert framework.baseline_storage.get_baseline("ai_providers", "other", "latency") is None
    assert framework.baseline_storage.get_baseline(*NAME[:2], "throughput") is None
    assert [each.operation for each in framework.baseline_storage.list_baselines()] == [NAME[1]]


@pytest.mark.parametrize("second", [150.0, 100.0, 130.0])
def test_tests_are_compared_with_the_newest_version_alone(place: Path, second: float) -> None:
    framework = ready(place, ("1.0.0", 100.0), ("2.0.0", 150.0), ("3.0.0", second))

    result = asyncio.run(framework.run_regression_test(*NAME, takes(second)))

    assert result.baseline_version == "3.0.0"
    assert result.baseline_value == pytest.approx(second, rel=0.01)
    assert framework.baseline_storage.get_baseline(*NAME).version == "3.0.0"  # type: ignore[union-attr]


def test_the_same_version_again_adds_evidence(place: Path) -> None:
    versions = [("1.0.0", 50.0), *[("2.0.0", 100.0 + step) for step in (0, 1, 2, 3, 4)]]
    framework = ready(place, *versions)

    result = asyncio.run(framework.run_regression_test(*NAME, takes(103.0)))
    worse = asyncio.run(framework.run_regression_test(*NAME, takes(170.0)))

    assert result.baseline_value == pytest.approx(102.1, abs=0.5)
    assert result.outcome in {Outcome.UNCHANGED, Outcome.INCONCLUSIVE}
    assert "weak evidence" not in result.message
    assert worse.is_regression
    assert "weak evidence" not in worse.message


def test_an_old_baseline_is_compared_with_and_said_to_be_old(place: Path) -> None:
    framework = ready(place, ("1.0.0", 20.0), max_baseline_age_days=1e-9)

    result = asyncio.run(framework.run_regression_test(*NAME, takes(20.0)))

    assert result.baseline_value is not None
    assert any("max_baseline_age_days is 1e-09" in text for text in result.warnings)


def test_history_holds_the_results_of_earlier_objects_and_of_one_operation(place: Path) -> None:
    first = ready(place, ("1.0.0", 20.0))
    for value in (20.0, 21.0):
        asyncio.run(first.run_regression_test(*NAME, takes(value)))
    asyncio.run(first.run_regression_test("ai_providers", "other[size=1]", "latency", takes(1.0)))

    second = frame(place)

    assert second.get_test_history(*NAME[:2]) == first.test_results[:2]
    assert second.get_test_history("ai_providers", "other[size=1]") == first.test_results[2:]
    assert second.get_test_history("other", NAME[1]) == []
    assert second.get_test_history(*NAME[:2], days=0) == []
    assert second.test_results == []


def test_a_damaged_result_hides_no_other(place: Path) -> None:
    framework = ready(place, ("1.0.0", 20.0))
    result = asyncio.run(framework.run_regression_test(*NAME, takes(20.0)))
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    (place / "perf/results" / f"{stamp}-00000000.json").write_text("{")

    assert framework.get_test_history(*NAME[:2]) == [result]
    assert "a result is left out" in framework.warnings[-1]


def test_cleaning_up_deletes_old_results_and_no_baseline_that_is_needed(place: Path) -> None:
    framework = ready(place, ("1.0.0", 20.0))
    result = asyncio.run(framework.run_regression_test(*NAME, takes(20.0)))
    results = place / "perf/results"
    kept = (results / f"{result.test_id}.json").read_bytes()
    (results / "20200101T000000Z-1a2b3c4d.json").write_bytes(kept)

    counts = framework.cleanup_old_data()

    assert counts == {"results": 1, "baselines": 0, "acceptances": 0}
    assert [path.name for path in results.iterdir()] == [f"{result.test_id}.json"]
    assert framework.baseline_storage.get_baseline(*NAME) is not None


@pytest.mark.slow
def test_cleaning_up_deletes_old_runs_that_no_test_looks_at(place: Path) -> None:
    framework = ready(place, *[("1.0.0", 20.0)] * 23, test_iterations=1, data_retention_days=1e-9)

    assert framework.cleanup_old_data()["baselines"] == 2
    assert framework.cleanup_old_data()["baselines"] == 0
    assert framework.baseline_storage.get_baseline(*NAME) is not None


WORKER = """
import asyncio, sys
from perfci.facade.framework import PerformanceRegressionFramework
from perfci.facade.config import RegressionTestConfig
config = RegressionTestConfig(cooldown_seconds=0, test_iterations=2, warm_up_iterations=0)
framework = PerformanceRegressionFramework(config, sys.argv[1])
async def main():
    for step in range(3):
        assert await framework.create_baseline("shared", "work", "latency", lambda: 20.0)
        await framework.run_regression_test("shared", f"work {sys.argv[2]}", "latency", lambda: 3.0)
asyncio.run(main())
"""


@pytest.mark.slow
def test_two_processes_on_one_folder_lose_nothing(place: Path) -> None:
    workers = [
        subprocess.Popen([sys.executable, "-c", WORKER, str(place / "perf"), str(number)])
        for number in range(2)
    ]

    assert [worker.wait(60) for worker in workers] == [0, 0]
    runs = list((place / "perf/v1").rglob("runs/*.json.gz"))
    framework = frame(place)
    assert len(runs) == 6
    assert len(list((place / "perf/results").glob("*.json"))) == 6
    assert len(framework.get_test_history("shared", "work 1")) == 3
    result = asyncio.run(framework.run_regression_test("shared", "work", "latency", lambda: 20.0))
    assert result.baseline_value == pytest.approx(20.0)


def test_a_database_of_another_framework_is_told_once_and_left_alone(place: Path) -> None:
    folder = place / "perf"
    folder.mkdir()
    data = b"SQLite format 3\x00" + b"rest"
    (folder / "performance.db").write_bytes(data)
    (folder / "no.db").write_bytes(b"else")

    framework = frame(place)
    asyncio.run(framework.create_baseline(*NAME, takes(2.0)))

    told = [text for text in framework.warnings if "database of another framework" in text]
    assert len(told) == 1
    assert "performance.db" in told[0]
    assert (folder / "performance.db").read_bytes() == data


def test_a_path_that_cannot_be_a_folder_is_refused_with_the_fix(place: Path) -> None:
    (place / "file").write_text("")
    (place / "old.db").write_bytes(b"SQLite format 3\x00")

    for path, why in {
        "file": "is a file",
        "file/below": "is a file",
        "old.db": "is an SQLite database",
        "": "storage_path is ''",
        "a\0b": "storage_path is",
        "/proc/version/x": "is a file",
        "/sys/perf": "cannot be written",
    }.items():
        if path == "/sys/perf" and os.access("/sys", os.W_OK):
            continue
        with pytest.raises(ConfigurationError, match=why) as refused:
            PerformanceRegressionFramework(quick(), path)
        assert refused.value.hint


def test_the_folder_is_made_by_the_first_write_and_ignored_by_git(place: Path) -> None:
    framework = frame(place)
    assert framework.baseline_storage.get_baseline(*NAME) is None
    assert framework.get_test_history(*NAME[:2]) == []
    assert framework.cleanup_old_data() == {"results": 0, "baselines": 0, "acceptances": 0}
    assert not (place / "perf").exists()

    asyncio.run(framework.run_regression_test(*NAME, takes(2.0)))

    assert "*" in (place / "perf/.gitignore").read_text().splitlines()
