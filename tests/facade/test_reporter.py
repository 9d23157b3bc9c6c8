"""The Python API's reports, over what a framework really measured and what a store really holds."""

import asyncio
import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from perfci.baselines import keep_all
from perfci.errors import ConfigurationError, FormatError, PerfciError
from perfci.facade.config import CICDConfig, RegressionTestConfig
from perfci.facade.framework import PerformanceRegressionFramework
from perfci.facade.reporter.reporter import PerformanceReport, PerformanceReporter
from perfci.facade.results import RegressionSeverity
from perfci.model.metric import Better, Metric
from perfci.schema.stored import Stored
from perfci.stores.local import FileStore
from perfci.wiring.live import open_home
from tests.reports import ninety_days
from tests.reports.test_html import Page

QUICK = RegressionTestConfig(cooldown_seconds=0, test_iterations=5, warm_up_iterations=0)
CHOSEN = ("codec/parse", "api/search", "search/rank", "worker/start", "memory/idle")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "perfci.yml").write_text("project: shop\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def framework() -> PerformanceRegressionFramework:
    return PerformanceRegressionFramework(QUICK, "data")


def took(value: float) -> Callable[[], float]:
    """A test that measured itself."""
    return lambda: value


def kept(folder: Path, *, since: int) -> None:
    store = FileStore("file:data", folder / "data")
    machine = open_home(folder / "data").environment()
    end = datetime.now(UTC) - timedelta(hours=1)
    ninety_days.keep(store, machine, end, CHOSEN, since)


async def compared(
    of: PerformanceRegressionFramework,
    operation: str,
    before: float,
    now: float,
    kind: str = "error_rate",
) -> None:
    await of.create_baseline("ai", operation, kind, took(before), "1.0")
    await of.run_regression_test("ai", operation, kind, took(now))


def report(reporter: PerformanceReporter, days: float = 30) -> PerformanceReport:
    return asyncio.run(reporter.generate_comprehensive_report(time_window_days=days))


def document(found: PerformanceReport) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(found.json_path.read_text())
    return read


def test_an_empty_window_is_an_empty_report_that_says_so(folder: Path) -> None:
    found = report(PerformanceReporter(framework(), folder / "out"))
    assert (found.total_tests, found.regressions_detected) == (0, 0)
    assert not found.critical_alerts
    assert not found.improvements
    assert not found.chart_paths
    assert found.components == {}
    text = found.html_path.read_text()
    assert "No test was run in this time" in Page(text).text
    assert document(found)["results"] == []
    assert not (folder / "data").exists()


def test_tests_are_counted_and_the_critical_ones_are_shown_with_their_evidence(
    folder: Path,
) -> None:
    measured = framework()

    async def all_of_it() -> None:
        await compared(measured, "slow", 10.0, 40.0)
        await measured.run_regression_test("ai", "slow", "error_rate", took(50.0))
        await compared(measured, "quick", 40.0, 10.0)
        await compared(measured, "same", 10.0, 10.0)

    asyncio.run(all_of_it())
    # another process reads what this one kept
    found = report(PerformanceReporter(framework(), folder / "out"))
    assert (found.total_tests, found.regressions_detected) == (4, 2)
    (alert,) = found.critical_alerts
    assert (alert.operation, alert.regression_severity) == ("slow", RegressionSeverity.CRITICAL)
    assert alert.current_value == pytest.approx(50.0)
    assert [it.operation for it in found.improvements] == ["quick"]
    assert found.components["ai"]["total_tests"] == 4
    points = {name: len(values) for name, values in document(found)["points"].items()}
    # the baseline is a value of the series, as every test is
    assert points == {"ai/slow:error_rate": 3, "ai/quick:error_rate": 2, "ai/same:error_rate": 2}
    assert found.time_window_days == 30
    assert abs(datetime.now(UTC) - found.generated_at) < timedelta(minutes=5)
    page = Page(found.html_path.read_text())
    assert page.open == []
    assert "2 regressions in 4 tests, 1 series critical" in page.text
    assert alert.message in page.text
    told = document(found)
    assert told["schema"] == "perfci.period/1"
    assert told["report_id"] == found.report_id
    assert len(told["results"]) == 4
    assert told["components"]["ai"]["critical_regressions"] == 2


def test_what_the_store_holds_of_the_window_is_followed(folder: Path) -> None:
    kept(folder, since=178)
    found = report(PerformanceReporter(framework(), folder / "out"))
    series = {it["name"]: it for it in found.trends["series"]}
    assert set(series) == {f"{name}:latency" for name in CHOSEN[:4]} | {"memory/idle:memory_usage"}
    up, down = series["worker/start:latency"]["change_points"]
    assert (up["commit"], down["commit"]) == (
        ninety_days.commit(185),
        ninety_days.commit(230),
    )
    assert series["codec/parse:latency"]["points"] < 92
    text = Page(found.html_path.read_text()).text
    assert f"by {ninety_days.commit(230)[:10]} on" in text
    assert "quiet: 1 commit made something worse (1 over)" in text
    names = [path.name.partition("-")[0] for path in found.chart_paths]
    assert names == ["trend"] * 5 + ["regressions", "noise"]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in found.chart_paths)
    assert all(
        path.parent == folder / "out" / f"charts_{found.report_id}" for path in found.chart_paths
    )


def test_tests_of_one_second_stand_in_the_order_in_which_they_were_run(folder: Path) -> None:
    measured = framework()
    names = list("abcdefgh")

    async def each() -> None:
        for name in names:
            await measured.run_regression_test("ai", name, "error_rate", took(10.0))

    asyncio.run(each())
    found = report(PerformanceReporter(framework(), folder / "out"))
    assert [it["operation"] for it in document(found)["results"]] == names


def test_the_runs_themselves_say_which_way_is_better(folder: Path) -> None:
    own = Metric(name="frames", unit="1/s", better=Better.HIGHER)
    store = FileStore("file:data", folder / "data")
    machine = open_home(folder / "data").environment()
    end = datetime.now(UTC) - timedelta(hours=1)
    history = ninety_days.history(machine, end, ("worker/start",), since=175)
    keep_all(store, [of_metric(each, own) for each in history])
    found = report(PerformanceReporter(framework(), folder / "out"), 40)
    (series,) = found.trends["series"]
    assert (series["name"], series["direction"]) == ("worker/start:frames", "higher")
    # more of them from run 185 on was better; what came back at run 230 was worse
    assert found.trends["commits"][0]["commit"] == ninety_days.commit(230)


def of_metric(kept: Stored, metric: Metric) -> Stored:
    (measured,) = kept.recording.run.measurements
    (point,) = kept.points.values()
    measured = replace(measured, metric=metric)
    run = replace(kept.recording.run, measurements=(measured,))
    points = {measured.key: replace(point, unit=metric.unit)}
    return replace(kept, recording=replace(kept.recording, run=run), points=points)


def test_the_repository_says_who_made_it_worse_and_who_mended_it(folder: Path) -> None:
    repository(folder, "slow start", "quick start")
    worse, better = commits(folder)
    store = FileStore("file:data", folder / "data")
    machine = open_home(folder / "data").environment()
    end = datetime.now(UTC) - timedelta(hours=1)
    real = {ninety_days.commit(185): worse, ninety_days.commit(230): better}
    keep_all(
        store,
        [
            renamed(each, real)
            for each in ninety_days.history(machine, end, ("worker/start",), since=175)
        ],
    )
    text = Page(report(PerformanceReporter(framework(), "out"), 40).html_path.read_text()).text
    assert "slow start (Somebody)" in text
    assert re.search(rf"by {better[:10]} on [\d-]+: quick start \(Somebody\)", text)


def repository(folder: Path, *subjects: str) -> None:
    told = ("-c", "user.name=Somebody", "-c", "user.email=some@body.example")
    subprocess.run(["git", "init", "-q", "-b", "main", folder], check=True)
    for subject in subjects:
        made = ["git", *told, "commit", "-q", "--allow-empty", "-m", subject]
        subprocess.run(made, cwd=folder, check=True)


def commits(folder: Path) -> list[str]:
    asked = ["git", "log", "--reverse", "--format=%H"]
    answer = subprocess.run(asked, cwd=folder, check=True, capture_output=True, text=True)
    return answer.stdout.split()


def renamed(kept: Stored, names: dict[str, str]) -> Stored:
    recording = kept.recording
    run = replace(recording.run, commit=names.get(recording.run.commit, recording.run.commit))
    return replace(kept, recording=replace(recording, run=run))


def test_only_the_days_that_were_asked_for_count(folder: Path) -> None:
    kept(folder, since=240)
    few = report(PerformanceReporter(framework(), folder / "out"), days=3)
    many = report(PerformanceReporter(framework(), folder / "out"), days=8.5)
    points = [it.trends["series"][0]["points"] for it in (few, many)]
    assert 6 <= points[0] <= 10
    assert 22 <= points[1] <= 27
    assert few.html_path != many.html_path
    assert few.html_path.exists()


@pytest.mark.slow
def test_older_runs_than_the_index_holds_are_read_too(folder: Path) -> None:
    kept(folder, since=155)
    found = report(PerformanceReporter(framework(), folder / "out"), days=60)
    assert found.trends["series"][0]["points"] == 115


def test_runs_of_another_machine_are_left_out_and_counted(folder: Path) -> None:
    kept(folder, since=255)
    store = FileStore("file:data", folder / "data")
    ninety_days.keep(store, ninety_days.MACHINE, datetime.now(UTC) - timedelta(days=9), CHOSEN, 266)
    found = report(PerformanceReporter(framework(), folder / "out"))
    assert found.trends["series"][0]["points"] == 15
    assert "4 runs of other environments" in " ".join(found.warnings)
    assert "4 runs of other environments" in Page(found.html_path.read_text()).text


def test_a_damaged_result_is_told_and_the_others_stay(folder: Path) -> None:
    measured = framework()
    asyncio.run(compared(measured, "same", 10.0, 10.0))
    (folder / "data" / "results" / "20990101T000000Z-00000000.json").write_text("{")
    found = report(PerformanceReporter(framework(), folder / "out"))
    assert found.total_tests == 1
    assert any("a result is left out" in text for text in found.warnings)


def ci_report(of: PerformanceRegressionFramework, **settings: Any) -> dict[str, Any]:
    config = CICDConfig(**settings)
    return PerformanceReporter(of, "out", config).generate_ci_cd_report(list(of.test_results))


def test_the_ci_report_decides_by_the_gates_policy() -> None:
    measured = framework()
    asyncio.run(compared(measured, "slow", 40.0, 10.0, "throughput"))
    found = ci_report(measured)
    assert (found["exit_code"], found["verdict"], found["failures"]) == (0, "warn", [])
    assert found["regressions_detected"] == 1
    assert ci_report(measured, fail_on_major_regression=True)["exit_code"] == 1
    assert ci_report(measured, max_acceptable_regressions=0)["exit_code"] == 1
    free = ci_report(measured, max_acceptable_regressions=0, enable_performance_gates=False)
    assert free["exit_code"] == 0
    asyncio.run(compared(measured, "critical", 10.0, 40.0, "latency"))
    found = ci_report(measured)
    (failure,) = found["failures"]
    assert (found["exit_code"], found["success"]) == (1, False)
    assert failure["test"] == "ai/critical:latency"
    assert failure["severity"] == "critical"
    json.dumps(found)


def test_the_last_result_of_a_test_counts() -> None:
    measured = framework()

    async def both() -> None:
        await compared(measured, "again", 10.0, 40.0, "latency")
        await measured.run_regression_test("ai", "again", "latency", took(10.0))

    asyncio.run(both())
    assert ci_report(measured)["exit_code"] == 0
    assert ci_report(measured)["total_tests"] == 1


def test_what_failed_or_was_never_run_is_an_error() -> None:
    measured = framework()
    assert ci_report(measured)["exit_code"] == 2

    def broken() -> None:
        raise ValueError("no such model")

    asyncio.run(measured.run_regression_test("ai", "broken", "latency", broken))
    found = ci_report(measured)
    assert found["exit_code"] == 2
    assert "no such model" in str(found["failures"])


def test_results_that_are_gone_or_none_are_refused_with_the_reason(folder: Path) -> None:
    measured = framework()
    asyncio.run(compared(measured, "same", 10.0, 10.0))
    for path in (folder / "data" / "results").iterdir():
        path.unlink()
    with pytest.raises(FormatError, match="cannot be read"):
        ci_report(measured)
    with pytest.raises(ConfigurationError, match="type str"):
        PerformanceReporter(measured, "out").generate_ci_cd_report(["x"])  # type: ignore[list-item]


@pytest.mark.parametrize("days", [0, -1, float("nan"), 1e9, "30", True, None])
def test_a_window_that_is_no_number_of_days_is_refused(days: object) -> None:
    with pytest.raises(ConfigurationError, match="time_window_days"):
        report(PerformanceReporter(framework(), "out"), days)  # type: ignore[arg-type]


def test_arguments_of_the_wrong_kind_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="framework is of type str"):
        PerformanceReporter("data", "out")  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="output_dir is of type int"):
        PerformanceReporter(framework(), 5)  # type: ignore[arg-type]


def test_a_folder_that_cannot_be_written_is_named(folder: Path) -> None:
    (folder / "out").write_text("a file")
    with pytest.raises(PerfciError, match="could not be written") as caught:
        report(PerformanceReporter(framework(), folder / "out"))
    assert "another output_dir" in (caught.value.hint or "")


def test_inside_a_running_loop_other_tasks_go_on(folder: Path) -> None:
    async def both() -> int:
        turns = 0
        task = asyncio.create_task(
            PerformanceReporter(framework(), folder / "out").generate_comprehensive_report()
        )
        while not task.done():
            await asyncio.sleep(0.001)
            turns += 1
        await task
        return turns

    assert asyncio.run(both()) > 1
    assert len(list((folder / "out").iterdir())) == 2
