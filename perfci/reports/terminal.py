"""The table on the terminal: what changed, by how much, how sure, and the verdict last."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from perfci.model.comparison import Outcome
from perfci.model.evaluation import Evaluation
from perfci.model.revision import Mode
from perfci.model.text import inert
from perfci.model.verdict import Finding, Status
from perfci.reports import grid, measuring, words
from perfci.reports.accepting import accept_command
from perfci.reports.figures import metric_words, scale_of
from perfci.reports.grid import Cell, Style, paint
from perfci.reports.rows import BEFORE_OUTCOME, Row, rows
from perfci.reports.text import ascii_form, clean, columns, message, quoted, shorten, wrapped

_MOST_ROWS = 200
_MOST_RECORDED = 30
_MOST_NOTES = 5
"""Acceptances that do not hold, each on a line below the verdict."""
_LEAST_NAME = 20

_STATUS = {
    Status.PASS: Style.VERY_GOOD,
    Status.WARN: Style.VERY_DOUBTFUL,
    Status.FAIL: Style.VERY_BAD,
    Status.ERROR: Style.VERY_BAD,
}


def table(
    evaluation: Evaluation, *, width: int, colour: bool, ascii_only: bool, report: str = ""
) -> str:
    """Draw an evaluation for a terminal or a log.

    Args:
        evaluation: what came out.
        width: columns of the terminal; no line is longer, from 40 up.
        colour: False leaves every control sequence out.
        ascii_only: True where the output knows no other characters.
        report: path of the report, shown beside the verdict; empty where there is none.

    Returns:
        Lines, each with its line break.
    """
    screen = _Screen(width=max(width, 40), colour=colour, ascii_only=ascii_only)
    lines = [
        *screen.header(evaluation),
        *screen.body(evaluation, report),
        *screen.verdict(evaluation, report),
        *screen.warnings([*words.unkept(evaluation), *map(message, evaluation.warnings)]),
    ]
    return "".join(f"{inert(line)}\n" for line in lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Screen:
    width: int
    colour: bool
    ascii_only: bool

    def plain(self, text: str) -> str:
        return inert(ascii_form(text) if self.ascii_only else text)

    def paint(self, text: str, style: Style) -> str:
        return paint(text, style, colour=self.colour)

    def header(self, evaluation: Evaluation) -> list[str]:
        recording = evaluation.recording
        mode = "compare" if recording.mode is Mode.FILES else recording.mode.value
        who = self.plain(f"perfci {clean(recording.version)}   {mode}")
        sides, place = self.plain(_sides(evaluation)), self.plain(measuring.place(evaluation))
        start = f"{who}   {sides}"
        if columns(start) + 8 + columns(place) <= self.width:
            return [f"{start}{' ' * 8}{self.paint(place, Style.DIM)}".rstrip()]
        if columns(start) <= self.width:
            return [start, *wrapped(place, self.width, first="  ", rest="  ")]
        parts = (part for part in (sides, place) if part)
        below = (wrapped(part, self.width, first="  ", rest="    ") for part in parts)
        return [who, *(line for lines in below for line in lines)]

    def body(self, evaluation: Evaluation, report: str) -> list[str]:
        findings = evaluation.verdict.findings
        if words.first_run(evaluation):
            return self._recorded(findings)
        quiet = words.quiet(evaluation)
        shown = [found for found in findings if not _is_quiet(found)]
        lines, outcome = self._findings(rows(evaluation, shown[:_MOST_ROWS], self.plain))
        if shown[_MOST_ROWS:]:
            where = "see the report" if report else "--json has them all"
            lines.append(f"  {_told(shown[_MOST_ROWS:])}: {where}")
        if quiet:
            lines += self._folded(quiet, outcome, more=bool(shown))
        return lines

    def _folded(self, quiet: Sequence[Finding], outcome: int, *, more: bool) -> list[str]:
        number = f"  {len(quiet):,} more" if more else f"  {words.benchmarks(quiet)}"
        text = f"unchanged: anything above {words.seen(quiet)} would have been seen"
        start = number.ljust(outcome) if outcome > len(number) + 1 else f"{number}  "
        if columns(start) + columns(text) > self.width:
            start = f"{number}  "
        if columns(start) + columns(text) > self.width:
            return wrapped(text, self.width, first=f"{number} ", rest="    ")
        return [self.paint(start + text, Style.DIM)]

    def _findings(self, found: list[Row]) -> tuple[list[str], int]:
        """Return the lines and the column of the outcome; 0 where a finding has two lines."""
        if not found:
            return [], 0
        sizes = grid.widths([row.cells for row in found])
        room = self.width - 2 - (grid.total(sizes) - sizes[0])
        if room < min(sizes[0], _LEAST_NAME):
            return [line for row in found for line in self._stacked(row)], 0
        if room < sizes[0]:
            found = [_renamed(row, room) for row in found]
            sizes = grid.widths([row.cells for row in found])
        lines = [line for row in found for line in self._one_line(row, sizes)]
        return lines, 4 + grid.total(sizes[:BEFORE_OUTCOME])

    def _one_line(self, row: Row, sizes: Sequence[int]) -> list[str]:
        drawn = f"  {grid.line(row.cells, sizes, colour=self.colour)}"
        end = 2 + grid.total(sizes) + 2
        if not row.note:
            return [drawn, *quoted(row.output, self.width)]
        if end + columns(row.note) <= self.width:
            blank = end - 2 - columns(grid.line(row.cells, sizes, colour=False))
            return [f"{drawn}{' ' * blank}{row.note}", *quoted(row.output, self.width)]
        note = wrapped(row.note, self.width, first=" " * 6, rest=" " * 6)
        return [drawn, *note, *quoted(row.output, self.width)]

    def _stacked(self, row: Row) -> list[str]:
        """Return a finding in two lines: its name; below it what fits, chosen by importance."""
        metric = shorten(row.metric.text, self.width // 3)
        name = shorten(row.name.text, self.width - 3 - columns(metric))
        by_importance = (
            (0, row.change),
            (4, row.outcome),
            (5, row.severity),
            (3, row.values),
            (2, row.interval),
            (6, Cell(text=row.note)),
            (1, row.meaning),
        )
        kept, used = [], 2
        for place, cell in by_importance:
            text = " ".join(cell.text.split())
            if text and used + 2 + columns(text) <= self.width:
                kept.append((place, self.paint(text, cell.style)))
                used += 2 + columns(text)
        second = "".join(f"  {text}" for _, text in sorted(kept))
        lines = [f"  {name} {metric}", f"  {second}"]
        if row.outcome.text == Outcome.FAILED and row.note and 6 not in dict(kept):
            lines += wrapped(row.note, self.width, first=" " * 6, rest=" " * 6)
        return [*lines, *quoted(row.output, self.width)]

    def _recorded(self, findings: Sequence[Finding]) -> list[str]:
        titles = ("benchmark", "metric", "median", "launches", "clock")
        lines = [titles, *(_recorded_texts(found) for found in findings[:_MOST_RECORDED])]
        cells = [
            [
                Cell(
                    text=self.plain(text),
                    right=titles[column] in {"median", "launches"},
                    style=Style.DIM if number == 0 else Style.PLAIN,
                )
                for column, text in enumerate(texts)
            ]
            for number, texts in enumerate(lines)
        ]
        sizes = grid.widths(cells)
        while len(sizes) > 3 and grid.total(sizes[1:]) + _LEAST_NAME + 4 > self.width:
            cells = [row[:-1] for row in cells]
            sizes = sizes[:-1]
        room = max(self.width - 2 - (grid.total(sizes) - sizes[0]), 8)
        cells = [[replace(row[0], text=shorten(row[0].text, room)), *row[1:]] for row in cells]
        sizes = grid.widths(cells)
        drawn = [f"  {grid.line(row, sizes, colour=self.colour)}" for row in cells]
        hidden = len(findings) - _MOST_RECORDED
        return [*drawn, f"  {hidden:,} more"] if hidden > 0 else drawn

    def verdict(self, evaluation: Evaluation, report: str) -> list[str]:
        verdict = evaluation.verdict
        word = verdict.status.value.upper()
        said = verdict.message
        if words.first_run(evaluation) and not evaluation.recorded:
            # here it was not: another job may have done so, or nobody
            done = "measured " if said.startswith("recorded ") else ""
            said = f"{done}{said.removeprefix('recorded ')}; nothing to compare with yet"
        parts = [message(said), words.consequence(evaluation)]
        said = self.plain("; ".join(part for part in parts if part))
        rest = [self.plain(part) for part in (measuring.elapsed(evaluation), clean(report)) if part]
        style = _STATUS[verdict.status]
        text = (" " * 8).join([said, *rest])
        indent = " " * 7
        command, pooled = accept_command(evaluation), measuring.pooled(evaluation)
        notes = [f"{pooled}; {measuring.ANEW} measures anew"] if pooled else []
        notes += words.unaccepted(evaluation)[:_MOST_NOTES]
        notes += [f"to accept it: {command}"] if command else []
        notes += [f"kept in {message(evaluation.recorded)}"] if evaluation.recorded else []
        below = [
            line
            for note in notes
            for line in wrapped(self.plain(note), self.width, first=indent, rest=indent)
        ]
        if columns(word) + 3 + columns(text) <= self.width:
            return [f"{self.paint(word, style)}   {text}", *below]
        first, *others = wrapped(said, self.width, first=f"{word}   ", rest=indent)
        last = [f"{indent}{'        '.join(rest)}"] if rest else []
        if last and columns(last[0]) > self.width:
            last = [f"{indent}{shorten(part, self.width - len(indent))}" for part in rest]
        return [self.paint(word, style) + first[len(word) :], *others, *last, *below]

    def warnings(self, warnings: Sequence[str]) -> list[str]:
        return [
            line
            for warning in warnings
            for line in wrapped(self.plain(warning), self.width, first="warning: ", rest="  ")
        ]


def _is_quiet(found: Finding) -> bool:
    return found.outcome is Outcome.UNCHANGED and not found.over_budget


def _renamed(row: Row, room: int) -> Row:
    return replace(row, name=replace(row.name, text=shorten(row.name.text, room)))


def _sides(evaluation: Evaluation) -> str:
    head, base = clean(str(evaluation.recording.head)), measuring.against(evaluation)
    return f"{base}  ->  {head}" if base else head


def _told(findings: Sequence[Finding]) -> str:
    counts = Counter(found.outcome for found in findings)
    return ", ".join(f"{number:,} more {outcome}" for outcome, number in counts.items())


def _recorded_texts(found: Finding) -> tuple[str, ...]:
    item = found.comparison
    scale = scale_of(item.metric, item.head.point) if item.head else None
    return (
        clean(str(item.id)),
        metric_words(item.metric),
        scale.text(item.head.point) if scale and item.head else "",
        str(item.launches or (item.head.n if item.head else "")),
        str(item.clock or ""),
    )
