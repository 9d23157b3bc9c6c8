"""The report of a period: every test in it, and the course of every series; one page."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from perfci import __version__
from perfci.model.comparison import Outcome
from perfci.model.emission import File
from perfci.model.evaluation import Evaluation
from perfci.model.run import Environment
from perfci.model.verdict import Finding, Severity
from perfci.reports.entry import Entry, entry
from perfci.reports.evidence import material
from perfci.reports.page import template
from perfci.reports.text import clean, message
from perfci.reports.trends import Trends
from perfci.reports.words import count

_WORDS = {"fail": "critical", "warn": "worse", "pass": "quiet"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One judged test of the period."""

    evaluation: Evaluation
    finding: Finding
    severity: Severity | None
    """By the thresholds of its day; None where it is no regression."""

    @property
    def at(self) -> datetime:
        """Return when it was measured."""
        return self.evaluation.recording.run.started_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """All that the page tells."""

    id: str
    """Of the report."""
    project: str
    """Hostile text, as the branch."""
    branch: str
    days: float
    made_at: datetime
    tests: Sequence[Test]
    """Oldest first."""
    runs: int
    """Stored runs and tests that the trends rest on."""
    environment: Environment | None
    """Of these, where it is this machine's; None where it is another's or nothing is stored."""
    trends: Trends | None
    warnings: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One test, ready for the template."""

    at: str
    entry: Entry
    severity: str


def period_page(period: Period, path: str) -> File:
    """Draw the page.

    Args:
        period: of any length, also without a single test.
        path: of the file.
    """
    text = template("period.html.j2").render(_context(period))
    return File(path=path, content=text.encode("utf-8", "replace"))


def newest_of_each(tests: Sequence[Test]) -> list[Test]:
    """Return the newest result of every test, by its key."""
    newest = {each.finding.key: each for each in tests}
    return [newest[key] for key in sorted(newest)]


def _context(period: Period) -> dict[str, object]:
    critical = newest_of_each([it for it in period.tests if it.severity is Severity.CRITICAL])
    worse = [it for it in period.tests if it.severity]
    unmended = period.trends is not None and period.trends.unmended
    kind = "fail" if critical else "warn" if worse or unmended else "pass"
    return {
        "title": _title(period, len(worse), len(critical)),
        "kind": kind,
        "word": _WORDS[kind],
        "empty": not period.tests and period.trends is None,
        "project": clean(period.project),
        "days": f"{period.days:g}",
        "counts": _counts(period),
        "facts": _facts(period),
        "warnings": [message(text) for text in period.warnings],
        "critical": [_line(it) for it in reversed(critical)],
        "tests": [_line(it) for it in newest_of_each(period.tests)],
        "trends": period.trends,
        "version": __version__,
    }


def _title(period: Period, worse: int, critical: int) -> str:
    if not period.tests:
        return period.trends.title if period.trends else "no test was run"
    tests = count(len(period.tests), "test")
    if not worse:
        return f"no regression in {tests}"
    text = f"{count(worse, 'regression')} in {tests}"
    return f"{text}, {count(critical, 'series', 'series')} critical" if critical else text


def _counts(period: Period) -> list[tuple[str, int, str]]:
    """Return name, number, and how it is coloured."""
    outcomes = Counter(it.finding.outcome for it in period.tests)
    found = [
        ("tests", len(period.tests), ""),
        ("regressions", sum(it.severity is not None for it in period.tests), "regressed"),
        ("improvements", outcomes[Outcome.IMPROVED], "improved"),
        ("failed", outcomes[Outcome.FAILED], "failed"),
        ("runs", period.runs, ""),
    ]
    return [(name, number, kind) for name, number, kind in found if number or name == "tests"]


def _facts(period: Period) -> list[tuple[str, str]]:
    facts = (
        ("Report", period.id),
        ("Made", f"{period.made_at:%Y-%m-%d %H:%M} UTC"),
        ("Days", f"the last {period.days:g}"),
        ("Branch", clean(period.branch)),
        ("Machine", clean(str(period.environment)) if period.environment else ""),
        ("Drawn by", f"perfci {__version__}"),
    )
    return [(name, text) for name, text in facts if text]


def _line(test: Test) -> Line:
    return Line(
        at=f"{test.at:%Y-%m-%d %H:%M}",
        entry=entry(material(test.evaluation), test.finding, drawn=False),
        severity=test.severity.value if test.severity else "",
    )
