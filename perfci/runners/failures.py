"""What to say of a program that gave no measurement."""

import os
import signal
from pathlib import Path

from perfci.errors import MeasurementError
from perfci.model.text import printable
from perfci.runners.spawning import Ended

_BYTES = 4096
_LINES = 20


def tail(path: Path) -> str:
    """Return the last lines that a program printed, made harmless; empty where there are none."""
    try:
        with path.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - _BYTES))
            return clean(file.read().decode(errors="replace"))
    except OSError:
        return ""


def clean(text: str) -> str:
    """Return the last lines of a text, at most 20 and 4 kB, without control characters."""
    # a progress bar overwrites its line
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = printable(text[-_BYTES:], lines=True).strip("\n").split("\n")
    return "\n".join(line.rstrip() for line in lines[-_LINES:]).strip("\n")


def failure(
    ended: Ended, *, what: str, side: str, timeout: float, output: Path
) -> MeasurementError | None:
    """Return the error for a program that did not end well; None for one that did.

    Args:
        ended: how it went.
        what: the benchmark, and ` on base` or ` on head` in paired mode: see `named`.
        side: `base` or `head`.
        timeout: seconds that it had.
        output: what it printed.
    """
    message, hint = _sentence(ended, timeout)
    if not message:
        return None
    message = f"{what[0]} {message}{what[1]}" if isinstance(what, tuple) else message
    return MeasurementError(message, hint=hint, output=tail(output), side=side)
