"""The project's own preparation of each side: `setup: make release`."""

import shlex
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from perfci.errors import WorktreeError
from perfci.model.measurement import Side
from perfci.model.revision import Revision
from perfci.model.text import printable
from perfci.ports import Observer, Places
from perfci.programs.group import process_group
from perfci.programs.variables import program_environ
from perfci.units import duration

_SHOWN = 8000

_WHERE = {
    True: "it runs in a fresh checkout of each side, where only committed files and uncommitted"
    " edits are: try it in a new clone",
    False: "it runs in this folder: try it here",
}
"""What to do about it, with two sides and with one."""


def run_setup(  # noqa: PLR0913 - what, where and under which variables; the rest by name
    command: tuple[str, ...] | None,
    places: Places,
    environ: Mapping[str, str],
    *,
    timeout: float,
    observer: Observer,
    revisions: Mapping[Side, Revision] | None = None,
) -> WorktreeError | None:
    """Run the command once in each side's root; what it starts in the background lives on.

    Args:
        command: program and arguments; None does nothing.
        places: the sides.
        environ: the process's variables; what is perfci's alone is taken out.
        timeout: seconds for each side.
        observer: is told which side it is.
        revisions: the sides' commits, for messages.

    Returns:
        Why base cannot be measured, though head can; None where both are ready.

    Raises:
        WorktreeError: it failed on head, took too long, or could not be started.
    """
    broken = None
    if command is None:
        return broken
    variables = program_environ(environ)
    for side, root in places.roots.items():
        revision = (revisions or {}).get(side)
        commit = revision.commit[:7] if revision else ""
        label = f"{side.value} ({commit})" if commit else side.value
        observer.phase(f"setting up {label}")
        with tempfile.TemporaryFile() as output:
            trouble = _trouble(command, root, variables, timeout, output)
            if trouble:
                error = WorktreeError(
                    f"setup {trouble[0]} on {label}{trouble[1]}",
                    hint=f"setup is `{_shown(command)}`; {_WHERE[len(places.roots) > 1]}",
                    output=_end(output),
                )
                if side is not Side.BASE:
                    raise error
                broken = error
    return broken


def _trouble(
    command: tuple[str, ...],
    root: Path,
    environ: Mapping[str, str],
    timeout: float,
    output: IO[bytes],
) -> tuple[str, str] | None:
    """Run it; return what went wrong, the side's name to be put between the two parts."""
    try:
        with process_group(command, cwd=root, environ=environ, output=output) as process:
            code = process.wait(timeout=timeout)
    except subprocess.TimeoutExpired:
        return "did not end", f" within {duration(timeout)}"
    except (OSError, ValueError) as error:
        return "could not be started", f": {error}"
    if code < 0:
        name = signal.Signals(-code).name if -code in set(signal.Signals) else str(-code)
        return "was ended", f" by signal {name}" + (" (out of memory?)" if code == -9 else "")
    return ("failed", f" with exit code {code}") if code else None


def _shown(command: tuple[str, ...]) -> str:
    shell = command[:2] == ("/bin/sh", "-c") and len(command) == 3
    return printable(command[2] if shell else shlex.join(command), limit=200)


def _end(output: IO[bytes]) -> str:
    size = output.seek(0, 2)
    output.seek(max(0, size - _SHOWN))
    return printable(output.read().decode("utf-8", "replace"), lines=True)
