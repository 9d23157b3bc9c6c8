"""Names and messages as the reports show them: harmless, bounded, measured in columns."""

import unicodedata
from collections.abc import Sequence

from perfci.model.text import printable

NAME = 160
"""Characters of a name that any report shows."""


def clean(text: str, limit: int = NAME) -> str:
    """Return one line without escape sequences, control and direction characters.

    Args:
        text: hostile, of any length.
        limit: characters kept; the middle is cut out beyond it.
    """
    if len(text) <= limit and text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    short = printable(text[: limit * 4], limit=limit * 4)
    if len(text) > limit * 4:
        short = f"{short}{printable(text[-limit:], limit=limit)}"
    # what was stripped may have stood between two blanks
    short = " ".join("".join(char for char in short if not _nobody(char)).split())
    if len(short) <= limit:
        return short
    half = (limit - 1) // 2
    return f"{short[:half]}…{short[-half:]}"


def _nobody(char: str) -> bool:
    """Tell whether this is none of Unicode's characters for ever: XML forbids two of them."""
    return ord(char) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(char) <= 0xFDEF


def message(text: str) -> str:
    """Return a sentence in one harmless line; longer than a name may be."""
    return clean(text, 400)


def tail(text: str, *, lines: int = 20, limit: int = 2000) -> tuple[str, ...]:
    """Return the last lines of what a program printed, harmless, without empty ones at the end."""
    safe = printable(text[-limit * 4 :], lines=True, limit=limit * 4).rstrip()
    known = "".join(char for char in safe[-limit:] if not _nobody(char))
    kept = [line.expandtabs(4).rstrip() for line in known.split("\n")]
    return tuple(kept[-lines:]) if safe else ()


def columns(text: str) -> int:
    """Return how many columns of a terminal the text takes."""
    return len(text) if text.isascii() else sum(map(_columns_of, text))


def _columns_of(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def shorten(text: str, width: int) -> str:
    """Return the text in at most `width` columns, its middle cut out where it is longer."""
    if columns(text) <= width:
        return text
    room = max(width - 2, 2)
    return f"{_start(text, room // 2)}..{_end(text, room - room // 2)}"


def _start(text: str, width: int) -> str:
    taken = 0
    for index, char in enumerate(text):
        taken += _columns_of(char)
        if taken > width:
            return text[:index]
    return text


def _end(text: str, width: int) -> str:
    return _start(text[::-1], width)[::-1]


def wrapped(text: str, width: int, *, first: str = "", rest: str = "") -> list[str]:
    """Break a text into lines of at most `width` columns.

    Args:
        text: one line.
        width: columns, indentation included.
        first: what the first line begins with.
        rest: what the others begin with.
    """
    lines: list[str] = []
    line, empty = first, True
    for word in text.split():
        left = word
        while left:
            room = width - columns(line) - (0 if empty else 1)
            if columns(left) <= room:
                line, empty, left = f"{line}{'' if empty else ' '}{left}", False, ""
            elif empty:
                piece = _start(left, max(room, 2)) or left[0]
                lines.append(line + piece)
                line, left = rest, left[len(piece) :]
            else:
                lines.append(line)
                line, empty = rest, True
    return lines if empty and lines else [*lines, line]


def quoted(lines: Sequence[str], width: int) -> list[str]:
    """Return a program's output behind a bar, its blanks kept and long lines broken."""
    bar = "      | "
    found = []
    for line in lines:
        left = line
        while columns(left) > width - len(bar):
            piece = _start(left, width - len(bar))
            found.append(bar + piece)
            left = left[len(piece) :]
        found.append((bar + left).rstrip())
    return found


def ascii_form(text: str) -> str:
    """Return the text for an output that knows no other characters."""
    for special, plain in (("µ", "u"), ("…", ".."), ("\N{MINUS SIGN}", "-"), ("→", "->")):
        text = text.replace(special, plain)
    return text.encode("ascii", "backslashreplace").decode()
