"""Text made safe for Markdown as GitHub and GitLab read it."""

import re
from collections.abc import Sequence

from perfci.reports.text import clean

_BREAK = "\N{ZERO WIDTH SPACE}"


def _literal(text: str) -> str:
    """Break what some platform minds even within a code span: mentions, issues and tags."""
    text = re.sub(r"@(?=\w)|#(?=\d)", lambda found: f"{found[0]}{_BREAK}", text)
    return re.sub(r"<(?=[A-Za-z/!?])", f"<{_BREAK}", text)


def _broken(text: str) -> str:
    """Break what the platforms turn into mentions, references, tags and links."""
    text = re.sub(r"([#!~%$&^])(?=[\w\"])", rf"\1{_BREAK}", _literal(text))
    text = re.sub(r"(?i)\b(gh)-(?=\d)", rf"\1{_BREAK}-", text)
    text = re.sub(r"(?i)(?<=[a-z])(?=://)", _BREAK, text)
    return re.sub(r"(?i)\bwww(?=\.)", f"www{_BREAK}", text)


def code(text: str, *, in_table: bool = False) -> str:
    """Return a name as a code span, whatever it holds.

    Args:
        text: hostile.
        in_table: True inside a table, where `|` would end the cell.
    """
    safe = _literal(clean(text)).strip() or "(no name)"
    if in_table:
        # a backslash of the name's own would undo the one that protects the bar
        safe = re.sub(r"(?<=\\)(?=\|)", _BREAK, safe).replace("|", "\\|")
    fence = "`" * (_longest_run(safe) + 1)
    blank = " " if safe.startswith("`") or safe.endswith("`") else ""
    return f"{fence}{blank}{safe}{blank}{fence}"


def plain(text: str) -> str:
    """Return a sentence (already in one harmless line) that shows as it is written."""
    escaped = re.sub(r"([\\`*_~\[\]|])", r"\\\1", _broken(text))
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def fenced(lines: Sequence[str]) -> list[str]:
    """Return a program's output as a block that nothing inside can end."""
    fence = "`" * max(3, max(map(_longest_run, lines), default=0) + 1)
    # a line that begins with a slash would be a command to GitLab
    return [f"{fence}text", *(f" {line}" if line[:1] == "/" else line for line in lines), fence]


def comment_value(text: str) -> str:
    """Return a text that may stand inside an HTML comment."""
    return re.sub(r"[^\w./+ -]|-(?=-)|-$", "_", clean(text))


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)
