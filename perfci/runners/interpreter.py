"""Which Python runs a project's callables."""

import sys
from collections.abc import Mapping
from pathlib import Path

from perfci.model.text import printable
from perfci.runners.executables import find


def interpreter(
    setting: str | None, root: Path, environ: Mapping[str, str]
) -> tuple[Path | None, str]:
    """Choose the interpreter of one side.

    Args:
        setting: as the user wrote it: a path (relative ones lie inside the side) or a name on
            `PATH`; None for the side's own virtual environment, else Python on `PATH`, else the
            one that runs perfci.
        root: of the side.
        environ: variables; `PATH` counts.

    Returns:
        The file, not resolved (a virtual environment's is a link), or None where the setting
        names nothing that runs; and what was tried, in words.
    """
    if setting is not None:
        return find(setting, root, environ), f"interpreter: {printable(setting)}"
    names = (".venv/bin/python", "python3", "python")
    for name in names:
        found = find(name, root, environ)
        if found:
            return found, name
    return Path(sys.executable), "the Python that runs perfci"
