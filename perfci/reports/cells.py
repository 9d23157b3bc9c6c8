"""Rows of the comment's tables."""

from collections.abc import Sequence

from perfci.model.comparison import Outcome
from perfci.model.evaluation import Evaluation
from perfci.model.verdict import Finding
from perfci.reports import words
from perfci.reports.escape import code, plain
from perfci.reports.figures import Figures, figures, metric_words, scale_of, typographic
from perfci.reports.recent import recent, sparkline

_RUNS = 11
"""Earlier runs in a sparkline."""

ALL_HEAD = (
    "| benchmark | outcome | change | interval | before | now | launches |",
    "|---|---|--:|--:|--:|--:|--:|",
)


def named(found: Finding, *, in_table: bool = False) -> str:
    """Return a series by name: its benchmark as code, its metric as words."""
    metric = metric_words(found.comparison.metric)
    return f"{code(str(found.comparison.id), in_table=in_table)} {plain(metric)}"


def changed_table(
    evaluation: Evaluation, findings: Sequence[Finding]
) -> tuple[list[str], list[str]]:
    """Return the two lines of head, and a row for each finding.

    The last column shows recent runs; it is left out where none of the series has any.
    """
    lines = [_recent(evaluation, found) for found in findings]
    level = next((each for each in (figures(f.comparison).level for f in findings) if each), "")
    titles = ["", "benchmark", "change", f"{level} interval".strip(), "before", "now"]
    marks = ["---", "---", "--:", "--:", "--:", "--:"]
    if any(lines):
        titles.append("recent")
        marks.append("---")
    rows = []
    for found, line in zip(findings, lines, strict=True):
        each = figures(found.comparison)
        cells = [_weight(found), named(found, in_table=True), _change(found, each)]
        cells += [_interval(each), plain(each.before_text()), _now(found, each)]
        rows.append(_row([*cells, line] if any(lines) else cells))
    return [_row(titles), _row(marks)], rows


def all_row(found: Finding) -> str:
    """Return one line of the table of everything."""
    each = figures(found.comparison)
    launches = found.comparison.launches
    return _row(
        [
            named(found, in_table=True),
            f"{found.outcome}, {found.severity}" if found.severity else str(found.outcome),
            _change(found, each, bold=False),
            _interval(each),
            plain(each.before_text()),
            plain(each.now_text()),
            str(launches) if launches else "",
        ]
    )


def _row(cells: Sequence[str]) -> str:
    return f"|{'|'.join(f' {cell} ' if cell else ' ' for cell in cells)}|"


def _weight(found: Finding) -> str:
    """Say in a word how bad, or that it is better; bold where it blocks."""
    if found.outcome is Outcome.REGRESSED:
        word = str(found.severity or words.direction([found], worse=True))
    elif found.over_budget:
        word = "over budget"
    else:
        word = "better"
    return f"**{word}**" if found.blocking else word


def _change(found: Finding, each: Figures, *, bold: bool = True) -> str:
    text = plain(typographic(each.change))
    if bold and text and found.blocking and found.outcome is Outcome.REGRESSED:
        text = f"**{text}**"
    return f"{text} {plain(each.meaning)}".strip()


def _now(found: Finding, each: Figures) -> str:
    text = plain(each.now_text())
    if not found.over_budget or found.budget is None:
        return text
    budget = scale_of(found.comparison.metric, found.budget).text(found.budget)
    return f"**{text}**, budget {plain(budget)}"


def _interval(each: Figures) -> str:
    if not each.low:
        return ""
    return plain(typographic(f"{each.low} … {each.high} {each.unit}").rstrip())


def _recent(evaluation: Evaluation, found: Finding) -> str:
    past = [item.value for item in recent(evaluation, found.comparison, _RUNS)]
    head = found.comparison.head
    return sparkline([*past, head.point]) if past and head else ""
