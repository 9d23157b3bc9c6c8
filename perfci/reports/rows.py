"""Findings as rows of the terminal's table."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from perfci.model.comparison import Outcome
from perfci.model.evaluation import Evaluation
from perfci.model.measurement import Failure
from perfci.model.verdict import Finding
from perfci.reports import words
from perfci.reports.beside import wall_time
from perfci.reports.failing import what_failed
from perfci.reports.figures import Figures, figures, metric_words, scale_of
from perfci.reports.grid import Cell, Style
from perfci.reports.text import clean, tail

_STYLES = {
    Outcome.REGRESSED: Style.BAD,
    Outcome.IMPROVED: Style.GOOD,
    Outcome.INCONCLUSIVE: Style.DOUBT,
    Outcome.MISSING: Style.DOUBT,
    Outcome.FAILED: Style.BAD,
}
_MOVED = {Outcome.REGRESSED, Outcome.IMPROVED, Outcome.INCONCLUSIVE}
"""Outcomes beside which the wall time is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One finding, cell by cell."""

    name: Cell
    metric: Cell
    change: Cell
    meaning: Cell
    interval: Cell
    values: Cell
    outcome: Cell
    severity: Cell
    note: str
    """The launches behind the answer, and what else there is to say."""
    output: tuple[str, ...] = ()
    """The end of what a failed benchmark printed."""

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Return the columns in their order."""
        return (
            self.name,
            self.metric,
            self.change,
            self.meaning,
            self.interval,
            self.values,
            self.outcome,
            self.severity,
        )


BEFORE_OUTCOME = 6
"""Columns left of the outcome."""


def rows(
    evaluation: Evaluation, findings: Sequence[Finding], plain: Callable[[str], str]
) -> list[Row]:
    """Draw findings; the numbers of one column line up.

    Args:
        evaluation: for the output of what failed.
        findings: in the order of the verdict.
        plain: brings a text into the characters that the terminal knows.
    """
    written = [figures(found.comparison) for found in findings]
    low, high = _width(each.low for each in written), _width(each.high for each in written)
    before = _width(each.before for each in written)
    outputs = {str(each.id): each for each in evaluation.recording.run.failures}
    drawn = []
    counted = False
    doubts = words.would_show_each(findings)
    for found, each, doubt in zip(findings, written, doubts, strict=True):
        interval = f"{each.low.rjust(low)} .. {each.high.rjust(high)}" if each.low else ""
        note = _note(found, doubt, unit=not counted)
        wall = wall_time(evaluation, found.comparison)
        note += f", wall {wall.joined('->')}" if wall and found.outcome in _MOVED else ""
        counted = counted or bool(found.comparison.launches)
        style = _STYLES.get(found.outcome, Style.PLAIN)
        drawn.append(
            Row(
                name=Cell(text=plain(clean(str(found.comparison.id)))),
                metric=Cell(text=plain(metric_words(found.comparison.metric))),
                change=Cell(text=plain(each.change), right=True, style=style),
                meaning=Cell(text=plain(each.meaning)),
                interval=Cell(text=plain(interval)),
                values=Cell(text=plain(_values(each, before))),
                outcome=Cell(text=_outcome(found), style=style),
                severity=Cell(
                    text=found.severity or "", style=style if found.blocking else Style.PLAIN
                ),
                note=plain(note),
                output=tuple(map(plain, _output(found, outputs))),
            )
        )
    return drawn


def _width(texts: Iterable[str]) -> int:
    return max(map(len, texts), default=0)


def _values(each: Figures, before: int) -> str:
    if not each.now and not each.before:
        return ""
    if not each.before:
        return " " * (before + 4 if before else 0) + each.now_text()
    if not each.now:
        return each.before_text().rjust(before)
    return f"{each.before.rjust(before)} -> {each.now_text()}"


def _outcome(found: Finding) -> str:
    return "over budget" if found.over_budget and not found.severity else str(found.outcome)


def _note(found: Finding, doubt: str, *, unit: bool) -> str:
    item = found.comparison
    number = words.count(item.launches, "launch", "launches") if unit else str(item.launches)
    parts = [number] if item.launches else []
    if found.outcome is Outcome.INCONCLUSIVE:
        parts.append(doubt)
    elif found.outcome is Outcome.FAILED:
        parts.append(what_failed(found).removeprefix(" failed").lstrip(" :"))
    elif found.outcome is Outcome.NEW:
        parts.append("nothing to compare with yet")
    elif found.outcome is Outcome.MISSING:
        parts.append("not measured in head")
    elif item.weak:
        parts.append("weak evidence")
    if found.over_budget and found.budget is not None:
        scale = scale_of(item.metric, found.budget)
        parts.append(f"its budget is {scale.text(found.budget)}")
    parts.append(words.below_limit(found))
    return ", ".join(part for part in parts if part)


def _output(found: Finding, outputs: dict[str, Failure]) -> tuple[str, ...]:
    """Return what the benchmark printed, once for all its metrics."""
    if found.outcome is not Outcome.FAILED:
        return ()
    failure = outputs.pop(str(found.comparison.id), None)
    return tail(failure.output) if failure else ()
