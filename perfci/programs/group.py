"""Start a program in a group of its own, and leave nothing of it behind."""

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

_GRACE = 5.0
"""Seconds between asking and killing: git removes its lock files when it is asked."""


@contextmanager
def process_group(
    argv: Sequence[str],
    *,
    cwd: Path,
    environ: Mapping[str, str],
    output: IO[bytes] | None = None,
    fed: bool = False,
) -> Iterator["subprocess.Popen[bytes]"]:
    """Start a program without a terminal; end its whole group when the body raises.

    Args:
        argv: program and arguments.
        cwd: folder it starts in.
        environ: all its variables.
        output: file for both its outputs; without one, both are pipes.
        fed: whether its standard input is a pipe; else there is nothing to read.

    Raises:
        OSError: it could not be started.
    """
    process = subprocess.Popen(
        argv,
        cwd=cwd,
        env=dict(environ),
        stdin=subprocess.PIPE if fed else subprocess.DEVNULL,
        stdout=output or subprocess.PIPE,
        stderr=subprocess.STDOUT if output else subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield process
    except BaseException:
        _signal(process, signal.SIGTERM)
        try:
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=_GRACE)
        finally:
            # the program itself, or children that outlived it
            _signal(process, signal.SIGKILL)
            process.wait()
        raise
    finally:
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe:
                with suppress(BrokenPipeError):
                    pipe.close()


def _signal(process: "subprocess.Popen[bytes]", number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
