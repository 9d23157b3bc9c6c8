"""Plain tables on standard output, for the verbs that list things."""

import json
import sys
import unicodedata
from collections.abc import Mapping, Sequence

from perfci.model.text import inert_json, printable


def print_json(document: object) -> None:
    """Print a document for programs."""
    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
    sys.stdout.write(inert_json(text) + "\n")


def print_rows(rows: Sequence[Mapping[str, str]]) -> None:
    """Print rows under their column names, columns aligned; all rows have the same keys."""
    if not rows:
        return
    cells = [list(rows[0]), *([printable(v) for v in row.values()] for row in rows)]
    widths = [max(_width(line[column]) for line in cells) for column in range(len(cells[0]))]
    for line in cells:
        padded = (
            cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)
        )
        sys.stdout.write("  ".join(padded).rstrip() + "\n")


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
