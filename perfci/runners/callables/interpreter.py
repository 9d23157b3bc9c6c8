"""Which Python runs a project's callables."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from perfci.model.text import printable
from perfci.runners.executables import find, why_not_found

USUAL = (".venv/bin/python", "python3", "python")
"""What is looked for, in this order, where the user names none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpreter:
    """A Python, or why there is none."""

    path: Path | None
    """Not resolved: a virtual environment's is a link."""
    tried: str
    """What was looked for, in words: `interpreter: .venv/bin/python`."""
    reason: str = ""
    """Why there is none."""
    hint: str = ""
    """What to do about it."""

    def __str__(self) -> str:
        """Return the file and how it was found: `/usr/bin/python3 (python3)`."""
        return f"{printable(str(self.path))} ({self.tried})"


def interpreter(setting: str | None, root: Path, environ: Mapping[str, str]) -> Interpreter:
    """Choose the interpreter of one side.

    Args:
        setting: as the user wrote it: a path (relative ones lie inside the side) or a name on
            `PATH`; None for the side's own virtual environment, else Python on `PATH`, else the
            one that runs perfci.
        root: of the side.
        environ: variables; `PATH` counts.
    """
    if setting is not None:
        tried, found = f"interpreter: {printable(setting)}", find(setting, root, environ)
        reason, hint = ("", "") if found else why_not_found(setting, root, environ)
        return Interpreter(path=found, tried=tried, reason=reason, hint=hint)
    for name in USUAL:
        found = find(name, root, environ)
        if found:
            return Interpreter(path=found, tried=name)
    return Interpreter(path=Path(sys.executable), tried="the Python that runs perfci")
