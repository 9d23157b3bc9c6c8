"""Errors on standard error: what happened, what a program printed last, what to do next."""

import sys

from perfci.errors import PerfciError
from perfci.model.text import printable


def say_error(error: PerfciError) -> None:
    """Print what happened, the end of a program's output, and the next step."""
    lines = [f"perfci: {printable(error.message, lines=True)}"]
    if error.output:
        lines += [f"  | {line}" for line in printable(error.output, lines=True).splitlines()]
    if error.hint:
        lines.append(f"  next: {printable(error.hint, lines=True)}")
    sys.stderr.write("\n".join(lines) + "\n")
