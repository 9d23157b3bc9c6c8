"""CSV with a time, a commit and one column a metric, under names that say which is which."""

import csv
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from perfci.errors import FormatError
from perfci.model.text import printable
from perfci.readers.histories.parsing import finite_number
from perfci.readers.timelines.drafts import LIMIT, Drafts
from perfci.readers.timelines.moments import per_second, since_1970, spelled

_TIMES = {
    "time",
    "timestamp",
    "date",
    "datetime",
    "when",
    "started_at",
    "commit_time",
    "created_at",
}
_COMMITS = {"commit", "sha", "hash", "revision", "rev", "commit_hash", "git_commit", "commit_sha"}
_UNIT = re.compile(r"(.*\S)\s*[(\[]([^()\[\]]*)[)\]]\s*")
_LONGEST = 300
_DELIMITERS = ",;\t"
EXPECTED = (
    "expected are columns parted by a comma, semicolon or tab, under names: time, commit, and one "
    "a metric, e.g. `time,commit,latency (ms)`"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    names: tuple[str, ...]
    time: int | None
    commit: int | None
    branch: int | None

    @property
    def metrics(self) -> tuple[int, ...]:
        return tuple(
            place
            for place, name in enumerate(self.names)
            if place not in {self.time, self.commit, self.branch} and name
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    line: int
    cells: Sequence[str]


def is_table(head: str) -> bool:
    """Say whether a text begins with a line of column names."""
    first = head.lstrip("\ufeff").partition("\n")[0]
    try:
        names = next(csv.reader([first], delimiter=_delimiter(first)), [])
    except csv.Error:
        return False
    return _header(names) is not None


def read_table(text: str, source: str, branch: str | None, drafts: Drafts) -> None:
    """Add a series for each column of numbers.

    Args:
        text: the file, its lines ended by line feeds.
        source: its name, for messages.
        branch: whose rows count, where a column names branches; None: there has to be one alone.
        drafts: what they are added to.

    Raises:
        FormatError: it is no such table, or a row is damaged.
    """
    rows = _rows(text, source)
    first = next(rows, None)
    header = _header(first.cells) if first else None
    if header is None:
        raise FormatError(f"{source}, line 1: no column is called time or commit", hint=EXPECTED)
    found = _of_branch(list(rows), header, source, branch)
    if len(found) * len(header.metrics) > LIMIT:
        raise FormatError(
            f"{source} holds more than {LIMIT:,} values; perfci looks at no more at a time",
            hint="split it by columns",
        )
    times = _times(found, header, source)
    added = False
    for place in header.metrics:
        cells = [_cell(row.cells[place]) for row in found]
        numbers = [finite_number(cell) for cell in cells]
        if not any(number is not None for number in numbers):
            if any(cells):
                drafts.left.add("the column holds no numbers", header.names[place])
            continue
        added = True
        unit = _UNIT.fullmatch(header.names[place])
        draft = drafts.begin(
            unit[1] if unit else header.names[place], unit[2] if unit else "", None
        )
        for row, cell, number, time in zip(found, cells, numbers, times, strict=True):
            if number is not None and math.isfinite(number * draft.factor):
                commit = row.cells[header.commit] if header.commit is not None else ""
                drafts.add(draft, commit.strip(), time, number)
            elif cell:
                drafts.left.add("the value is no finite number", f"{draft.name}, line {row.line}")
    if not added:
        raise FormatError(f"{source} has no column of numbers", hint=EXPECTED)


def _rows(text: str, source: str) -> Iterator[_Row]:
    """Yield every row that is not empty; all have as many cells as the first."""
    first = text.partition("\n")[0]
    # what else Python takes for the end of a line may stand in a cell
    lines = (f"{line}\n" for line in text.split("\n"))
    reader = csv.reader(lines, delimiter=_delimiter(first), strict=True)
    width = 0
    try:
        for cells in reader:
            if not any(cells):
                continue
            width = width or len(cells)
            if len(cells) != width:
                raise FormatError(
                    f"{source}, line {reader.line_num}: {len(cells)} cells, where the first line "
                    f"has {width}",
                    hint=f"Nothing of the file is used; {EXPECTED}",
                )
            yield _Row(line=reader.line_num, cells=cells)
    except csv.Error as error:
        raise FormatError(
            f"{source}, line {reader.line_num}: no valid CSV: {error}",
            hint=f"Nothing of the file is used; {EXPECTED}",
        ) from None


def _delimiter(line: str) -> str:
    return max(_DELIMITERS, key=line.count)


def _header(names: Sequence[str]) -> _Header | None:
    """Return what the columns are; None where none is a time or a commit."""
    plain = [re.sub(r"\W+", "_", name.strip().lower()).strip("_") for name in names]
    time = next((place for place, name in enumerate(plain) if name in _TIMES), None)
    commit = next((place for place, name in enumerate(plain) if name in _COMMITS), None)
    if time is None and commit is None:
        return None
    branch = plain.index("branch") if "branch" in plain else None
    return _Header(
        names=tuple(name.strip() for name in names), time=time, commit=commit, branch=branch
    )


def _of_branch(rows: list[_Row], header: _Header, source: str, branch: str | None) -> list[_Row]:
    place = header.branch
    if place is None:
        return rows
    names = dict.fromkeys(row.cells[place].strip() for row in rows)
    if branch is None and len(names) > 1:
        shown = ", ".join(printable(name)[:40] for name in list(names)[:6])
        raise FormatError(
            f"{source} holds rows of {len(names)} branches: {shown}",
            hint="name the one to look at: --branch main",
        )
    return [row for row in rows if branch in {None, row.cells[place].strip()}]


def _named(column: str) -> tuple[str, str]:
    """Return name and unit from the name of a column: `latency (ms)`."""
    parts = _UNIT.fullmatch(column) if len(column) < _LONGEST else None
    return (parts[1], parts[2]) if parts else (column, "")


def _cell(text: str) -> str:
    """Return what a cell holds, a decimal comma as a point."""
    text = text.strip()
    return text.replace(",", ".") if text.count(",") == 1 and "." not in text else text


def _times(rows: Sequence[_Row], header: _Header, source: str) -> list[datetime | None]:
    place = header.time
    if place is None:
        return [None] * len(rows)
    texts = [_cell(row.cells[place]) for row in rows]
    numbers = [finite_number(text) for text in texts]
    known = [abs(number) for number in numbers if number is not None]
    unit = per_second(max(known, default=0.0))
    found: list[datetime | None] = []
    for row, text, number in zip(rows, texts, numbers, strict=True):
        time = spelled(row.cells[place]) if number is None else since_1970(number, unit)
        if time is None and text:
            raise FormatError(
                f"{source}, line {row.line}: {printable(text)[:60]!r} is no time; expected is ISO "
                "8601, or seconds or milliseconds since 1970 (before the year 9999)",
                hint="Nothing of the file is used; mend or leave out that line",
            )
        found.append(time)
    return found
