"""Errors in words: what happened, what a program printed last, what to do next."""

from perfci.errors import PerfciError
from perfci.model.text import inert, printable


def error_text(error: PerfciError) -> str:
    """Return the lines for standard error."""
    lines = [f"perfci: {printable(error.message, lines=True)}"]
    if error.output:
        lines += [f"  | {line}" for line in printable(error.output, lines=True).splitlines()]
    if error.hint:
        lines.append(f"  next: {printable(error.hint, lines=True)}")
    return "".join(f"{inert(line)}\n" for text in lines for line in text.split("\n"))
