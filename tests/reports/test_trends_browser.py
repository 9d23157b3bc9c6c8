"""The pages with trends in a real browser."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from perfci.model.emission import File
from perfci.reports.history_page import history_page
from perfci.reports.html import HtmlReporter
from perfci.reports.period import Period, period_page
from perfci.reports.trends import trends_of
from perfci.reports.trends_events import unknown
from perfci.reports.trends_tracks import tracks_of
from tests.reports import ninety_days, suites
from tests.reports.builders import evaluation, stored, unchanged
from tests.reports.test_browser import opened, served

pytestmark = pytest.mark.browser


def _report() -> bytes:
    history = stored("codec/quiet-00:latency", *HOSTILE, runs=40, jump=20)
    page = HtmlReporter(charts=False).render(evaluation(*unchanged(2), history=history))[0]
    assert isinstance(page, File)
    return page.content


def ninety_days_of_benchmarks() -> bytes:
    """Return the report over a quarter of a branch."""
    runs = [kept.line for kept in ninety_days.history()]
    period = Period(
        id="20261123T180000Z-1a2b3c4d",
        project="shop",
        branch="main",
        days=90,
        made_at=datetime(2026, 11, 23, 18, 0, tzinfo=UTC),
        tests=(),
        runs=len(runs),
        environment=ninety_days.MACHINE,
        trends=trends_of(tracks_of(runs, {}), "main"),
    )
    return period_page(period, "report.html").content


def history_of_ninety_days() -> bytes:
    """Return what `perfci history --html` draws of the same quarter."""
    runs = [kept.line for kept in ninety_days.history()]
    courses = [track.course for track in tracks_of(runs, {})]
    return history_page(courses, "main in git:perfci-data", unknown)


HOSTILE = [f"{name}/{name}:latency" for name in suites.HOSTILE if "\ud800" not in name]


@pytest.mark.parametrize("page", [_report, ninety_days_of_benchmarks, history_of_ninety_days])
def test_the_browser_asks_for_the_page_alone_and_complains_of_nothing(
    page: object, tmp_path: Path
) -> None:
    assert callable(page)
    with served(page()) as (address, asked):
        drawn, said = opened(address, tmp_path)
    assert said == []
    assert set(asked) <= {"/report.html", "/favicon.ico"}
    assert '<h2 id="trends">' in drawn
