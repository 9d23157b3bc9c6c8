"""Hostile text made harmless for a terminal or a log."""

import re
import unicodedata

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")


def printable(text: str, *, lines: bool = False, limit: int = 8192) -> str:
    """Strip escape sequences, control and direction characters; bound the length.

    Args:
        text: anything a benchmark, a branch or a file may be called or print.
        lines: keep line breaks; else they become spaces.
        limit: characters kept; the middle is cut out beyond it.
    """
    if len(text) > limit:
        text = f"{text[: limit // 2]} ... {text[-limit // 2 :]}"
    if not lines and text.isascii() and text.isprintable():
        return " ".join(text.split())  # as nearly all are, and a file may hold a million
    text = _ESCAPES.sub("", text)
    if not lines:
        text = " ".join(text.split())
    return "".join(char for char in text if _harmless(char, lines=lines))


def _harmless(char: str, *, lines: bool) -> bool:
    if char in "\n\t":
        return lines
    # Cc control, Cf format (bidi marks, zero width), Cs lone surrogates, Zl and Zp separators
    return unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def inert(line: str) -> str:
    """Return a line that no CI system takes for a command to itself.

    GitHub obeys `::error::` at the start of a line and `##[error]` anywhere, Azure `##vso[`,
    TeamCity `##teamcity[`.
    """
    line = re.sub(r"##(?=\w*\[)", "## ", line)
    return re.sub(r"^(\s*)::", r"\1: :", line)


def inert_json(text: str) -> str:
    """Return a JSON document that no CI system takes for commands to itself; it means the same.

    Its lines begin with blanks and quotes or brackets; only `##[` is looked for anywhere in one.
    """
    return text.replace("##", "#\\u0023")
