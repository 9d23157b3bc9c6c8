"""Tables of hostile CSV whose rows know their lines."""

import csv
from collections.abc import Iterator

from perfci.errors import FormatError
from perfci.readers.source import Source

Row = dict[str, str]
"""Cells by the names of their columns; those that a short line lacks are not in it."""


def csv_table(
    source: Source, text: str, *, above: int = 0, strict: bool = False
) -> tuple[list[str], Iterator[tuple[int, Row]]]:
    """Return the names of a table's columns, and its rows with their lines.

    Args:
        source: the file.
        text: of the table, which begins with the names.
        above: lines of the file before that.
        strict: whether a line with more cells than there are names is refused; else they are let
            pass, as tools write them.

    Raises:
        FormatError: a line is no CSV, or too long; rows raise it as they are taken.
    """
    records = _records(source, text, above)
    _, names = next(records, (0, []))
    return names, (
        (
            line,
            _row(source, line, names, cells) if strict else dict(zip(names, cells, strict=False)),
        )
        for line, cells in records
    )


def _row(source: Source, line: int, names: list[str], cells: list[str]) -> Row:
    if any(cells[len(names) :]):
        raise FormatError(
            f"{source.name}, line {line}: {len(cells)} cells for {len(names)} columns",
            hint="Are there decimal commas? They need quotes, or points in their place.",
        )
    return dict(zip(names, cells, strict=False))


def _records(source: Source, text: str, above: int) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(f"{line}\n" for line in text.split("\n"))
    try:
        for cells in reader:
            if cells:
                yield above + reader.line_num, cells
    except csv.Error as error:
        raise FormatError(
            f"{source.name}, line {above + reader.line_num}: {error}",
            hint="The line is cut off or damaged; let the tool write the file again.",
        ) from None
