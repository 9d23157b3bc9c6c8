"""Errors in words: what happened, what a program printed last, what to do next."""

from perfci.errors import PerfciError
from perfci.model.text import inert, printable

_LONGEST = 4_000
"""Characters of a message: a name in it may be of any length."""


def error_text(error: PerfciError) -> str:
    """Return the lines for standard error."""
    lines = [f"perfci: {printable(error.message, lines=True, limit=_LONGEST)}"]
    if error.output:
        lines += [f"  | {line}" for line in printable(error.output, lines=True).splitlines()]
    if error.hint:
        lines.append(f"  next: {printable(error.hint, lines=True, limit=_LONGEST)}")
    return "".join(f"{inert(line)}\n" for text in lines for line in text.split("\n"))
