"""From what a framework's folder holds to the files of a report."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfci.baselines.keys import run_id
from perfci.errors import PerfciError
from perfci.facade.ci.artifacts import write_files
from perfci.facade.reporter.ci import plain
from perfci.facade.reporter.reporter import PerformanceReport
from perfci.facade.reporter.window import Window, window_of
from perfci.facade.results import RegressionSeverity, RegressionTestResult
from perfci.facade.suite.summary import by_component
from perfci.facade.translation import result_of
from perfci.model.comparison import Outcome
from perfci.model.emission import File
from perfci.model.verdict import Severity
from perfci.reports.history_json import history_document
from perfci.reports.period import Period, Test, period_page
from perfci.reports.picture_files import picture_file
from perfci.reports.trends import Trends, trends_of
from perfci.reports.trends_tracks import Track, tracks_of
from perfci.stats.course import culprits
from perfci.wiring import process
from perfci.wiring.commits import noted_by
from perfci.wiring.live import Home

if TYPE_CHECKING:
    from perfci.facade.framework import PerformanceRegressionFramework

SCHEMA = "perfci.period/1"


def make(
    framework: "PerformanceRegressionFramework", output: Path, days: float
) -> PerformanceReport:
    """Read, look, draw, write.

    Raises:
        StoreError: the framework's folder cannot be read.
        PerfciError: a file could not be written.
    """
    home, now = framework.home(), process.SystemClock().now()
    window = window_of(home, now - timedelta(days=days))
    results = tuple(map(result_of, window.tests))
    tracks = tracks_of(window.runs, window.directions)
    courses = [track.course for track in tracks]
    identity = run_id(now, process.token()[:8])
    name = f"performance_report_{identity}"
    report = PerformanceReport(
        report_id=identity,
        generated_at=now,
        time_window_days=days,
        total_tests=len(results),
        regressions_detected=sum(it.is_regression for it in results),
        critical_alerts=_newest(
            it for it in results if it.regression_severity is RegressionSeverity.CRITICAL
        ),
        improvements=_newest(it for it in results if it.outcome is Outcome.IMPROVED),
        components=by_component(results, (), dict.fromkeys(it.component for it in results)),
        trends=history_document(courses, culprits(courses), {}),
        html_path=output / f"{name}.html",
        json_path=output / f"{name}.json",
        chart_paths=(),
        warnings=window.warnings,
    )
    trends = trends_of(tracks, window.branch or "this folder", noted_by(home.project.git))
    page = period_page(_period(report, window, results, home, trends), f"{name}.html")
    pictures = _pictures(trends, identity)
    document = json.dumps(_document(report, results, tracks, home), allow_nan=False, indent=1)
    files = [page, File(path=f"{name}.json", content=document.encode()), *pictures]
    try:
        written = write_files(output, files)
    except OSError as error:
        raise PerfciError(
            f"the report could not be written to {output}: {error.strerror or error}",
            hint="choose another output_dir, or free some space",
        ) from error
    return replace(report, chart_paths=written[2:])


def _newest(results: Iterable[RegressionTestResult]) -> tuple[RegressionTestResult, ...]:
    found = {(it.component, it.operation, it.test_type): it for it in results}
    return tuple(found.values())


def _period(
    report: PerformanceReport,
    window: Window,
    results: Sequence[RegressionTestResult],
    home: Home,
    trends: Trends | None,
) -> Period:
    here = home.environment()
    tests = [
        Test(
            evaluation=evaluation,
            finding=evaluation.verdict.findings[0],
            severity=Severity(result.regression_severity) if result.is_regression else None,
        )
        for evaluation, result in zip(window.tests, results, strict=True)
    ]
    return Period(
        id=report.report_id,
        project=home.name,
        branch=window.branch,
        days=report.time_window_days,
        made_at=report.generated_at,
        tests=tests,
        runs=len(window.runs),
        environment=here if here.fingerprint == window.fingerprint else None,
        trends=trends,
        warnings=window.warnings,
    )


def _pictures(trends: Trends | None, identity: str) -> list[File]:
    if trends is None:
        return []
    drawn = [(suite.key, suite.svg) for suite in trends.suites]
    drawn += [
        ("components", trends.compared),
        ("regressions", trends.timeline),
        ("noise", trends.noise),
    ]
    found = [picture_file(key, svg, png=True) for key, svg in drawn if svg]
    return [replace(it, path=f"charts_{identity}/{Path(it.path).name}") for it in found]


def _document(
    report: PerformanceReport,
    results: Sequence[RegressionTestResult],
    tracks: Sequence[Track],
    home: Home,
) -> dict[str, Any]:
    """Return what the JSON file holds."""
    return {
        "schema": SCHEMA,
        "report_id": report.report_id,
        "generated_at": report.generated_at.isoformat(),
        "time_window_days": report.time_window_days,
        "project": home.name,
        "total_tests": report.total_tests,
        "regressions_detected": report.regressions_detected,
        "critical_alerts": [plain(it) for it in report.critical_alerts],
        "improvements": [plain(it) for it in report.improvements],
        "components": {
            name: {key: value for key, value in counts.items() if key != "results"}
            for name, counts in report.components.items()
        },
        "results": [plain(it) for it in results],
        "trends": report.trends,
        "points": {
            track.course.timeline.name: [
                [_moment(spot.time), spot.commit, spot.value]
                for spot in track.course.timeline.spots
            ]
            for track in tracks
        },
        "warnings": list(report.warnings),
    }


def _moment(time: datetime | None) -> str | None:
    return time.isoformat() if time else None
