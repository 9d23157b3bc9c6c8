"""Perfci's end of the spawner: start a program, learn how it went, end it whatever happens."""

import marshal
import os
import select
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from perfci.errors import MeasurementError

_PROGRAM = Path(__file__).with_name("spawner.py")
_PATIENCE = 8.0
"""Seconds that the spawner gets to end everything; it gives up by itself a little earlier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A program to run."""

    executable: Path
    argv: Sequence[str]
    cwd: Path
    environ: Mapping[str, str]
    output: Path
    """File that both its outputs are written to, from its beginning."""
    timeout: float | None = None
    """Seconds after which it is ended with all its descendants."""
    tree: bool = False
    """Whether the memory of the whole process tree is watched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a program went."""

    error: str = ""
    """Why it could not be started; nothing else is true then."""
    wall: float = 0.0
    """Seconds from its start to its end."""
    cpu: float = 0.0
    """User plus system seconds of it and all its descendants."""
    delay: float | None = None
    """Seconds that it waited for a processor; None where the kernel does not say."""
    whole: bool = False
    """Whether `delay` is that of all that ran: no thread, no child beside it."""
    peak: int = 0
    """Bytes resident at most; of the largest process, or of the tree where it was watched."""
    floor: int = 0
    """Bytes below which `peak` tells nothing: what the starter itself had resident."""
    status: int = 0
    """As `wait` gives it."""
    reason: str = ""
    """`timeout` or `stopped` where it did not end by itself."""
    clean: bool = True
    """False where some descendant could not be ended."""

    @property
    def code(self) -> int:
        """Return the exit code; the negative signal number where a signal ended it."""
        return os.waitstatus_to_exitcode(self.status)


class Spawner:
    """One program at a time; the process behind it starts when it is first needed."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def run(self, start: Start) -> Ended:
        """Run a program to its end.

        Raises:
            MeasurementError: the spawner itself is gone.
        """
        try:
            self.begin(start)
            return self.wait()
        except BaseException:
            self.close()
            raise

    def begin(self, start: Start) -> None:
        """Start a program and return at once."""
        self._send(
            {
                "executable": os.fsencode(start.executable),
                "argv": [os.fsencode(part) for part in start.argv],
                "cwd": os.fspath(start.cwd),
                "environ": {
                    os.fsencode(name): os.fsencode(value) for name, value in start.environ.items()
                },
                "output": os.fspath(start.output),
                "timeout": start.timeout,
                "tree": start.tree,
            }
        )

    def wait(self) -> Ended:
        """Wait for the end of what was begun."""
        process = self._ready()
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        try:
            told = marshal.load(process.stdout)  # noqa: S302 - our own program wrote it
        except (EOFError, ValueError, TypeError) as error:
            self.close()
            raise MeasurementError(
                "the process that starts programs for perfci has ended unexpectedly",
                hint="did the benchmark end its parent, or was there too little memory?",
            ) from error
        return Ended(**told)

    def stop(self) -> Ended:
        """End what was begun with all its descendants, and say how it went."""
        self._send("stop")
        return self.wait()

    def fileno(self) -> int:
        """Return what becomes readable when the program has ended."""
        process = self._ready()
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        return process.stdout.fileno()

    def ended_within(self, seconds: float) -> bool:
        """Return whether the program ends within some seconds; then `wait` does not block."""
        poller = select.poll()
        poller.register(self.fileno(), select.POLLIN)
        return bool(poller.poll(seconds * 1000))

    def close(self) -> None:
        """End everything; safe to call twice."""
        process, self._process = self._process, None
        if process is None:
            return
        with process:
            assert process.stdin is not None  # noqa: S101 - it is a pipe
            with suppress(OSError):
                process.stdin.close()
            try:
                process.wait(timeout=_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()

    def _send(self, message: Any) -> None:
        process = self._ready()
        assert process.stdin is not None  # noqa: S101 - it is a pipe
        with suppress(BrokenPipeError):  # `wait` tells
            marshal.dump(message, process.stdin)
            process.stdin.flush()

    def _ready(self) -> "subprocess.Popen[bytes]":
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", "-E", "-X", "utf8", str(_PROGRAM)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                # Ctrl-C goes to perfci alone, which then ends what it has started
                start_new_session=True,
            )
        return self._process
