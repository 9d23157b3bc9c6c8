"""Cells in columns for a terminal: padded by what they show, painted after that."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from perfci.reports.text import columns


class Style(StrEnum):
    """How a cell is painted, as the terminal's own parameters."""

    PLAIN = ""
    BOLD = "1"
    DIM = "2"
    BAD = "31"
    VERY_BAD = "1;31"
    GOOD = "32"
    VERY_GOOD = "1;32"
    DOUBT = "33"
    VERY_DOUBTFUL = "1;33"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One text and where it stands in its column."""

    text: str = ""
    right: bool = False
    style: Style = Style.PLAIN


def paint(text: str, style: Style, *, colour: bool) -> str:
    """Return the text in a style; untouched without colour."""
    return f"\x1b[{style.value}m{text}\x1b[0m" if colour and style.value and text else text


def widths(rows: Sequence[Sequence[Cell]]) -> list[int]:
    """Return the width of every column, 0 for one that is empty throughout."""
    return [max(columns(cell.text) for cell in column) for column in zip(*rows, strict=True)]


def line(cells: Sequence[Cell], sizes: Sequence[int], *, colour: bool, gap: str = "  ") -> str:
    """Return one row, its empty columns left out and nothing but blanks for its empty cells."""
    shown = []
    for cell, size in zip(cells, sizes, strict=True):
        if size:
            blank = " " * (size - columns(cell.text))
            text = paint(cell.text, cell.style, colour=colour)
            shown.append(blank + text if cell.right else text + blank)
    return gap.join(shown).rstrip()


def total(sizes: Sequence[int], gap: int = 2) -> int:
    """Return the width of a whole row."""
    shown = [size for size in sizes if size]
    return sum(shown) + gap * max(len(shown) - 1, 0)
