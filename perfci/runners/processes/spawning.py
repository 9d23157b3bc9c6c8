"""Perfci's end of the spawner: start a program, learn how it went, end it whatever happens."""

import marshal
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

from perfci.errors import MeasurementError

PROGRAM = Path(__file__).with_name("spawner.py")
OPTIONS = ("-I", "-S", "-E", "-X", "utf8")
"""Of the interpreter that runs it: nothing is imported that is not needed."""
_PATIENCE = 8.0
"""Seconds that the spawner gets to end everything; it gives up by itself a little earlier."""
_OVERTIME = 10.0
"""Seconds after a program's own time in which the spawner must have answered."""
_LONGEST_REPLY = 65536
"""Bytes; a reply has some hundred."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A program to run."""

    executable: Path | str
    """A path, seen from `cwd` where it is relative; a bare name is looked for in the `PATH` of
    `environ`."""
    argv: Sequence[str]
    cwd: Path
    environ: Mapping[str, str]
    output: Path
    """File that both its outputs are written to, from its beginning; of more than 16 MiB only the
    end is kept."""
    input: Path | None = None
    """File that is its standard input; None for an empty one."""
    timeout: float | None = None
    """Seconds after which it is ended with all its descendants."""
    tree: bool = False
    """Whether the whole process tree is watched: its memory, and its waiting for a processor."""
    checksum: str | None = None
    """Beginning of the lines of its standard output of which a checksum is made; empty for all of
    it, None for none."""
    memory: bool = False
    """Whether the kernel is asked, too, for the most memory; where it can tell."""

    @property
    def printed(self) -> Path:
        """Return the file that holds its standard output, where a checksum is asked for."""
        return printed_beside(self.output)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a program went."""

    error: str = ""
    """Why it could not be started; nothing else but `at` is true then."""
    at: str = ""
    """What the error is about: `program`, `input`, `cwd`, `output`."""
    wall: float = 0.0
    """Seconds from its start to its end."""
    cpu: float = 0.0
    """User plus system seconds of it and all its descendants."""
    delay: float | None = None
    """Seconds that it waited for a processor; None where the kernel does not say."""
    whole: bool = False
    """Whether `delay` is that of all that ran: no thread and no child escaped."""
    peak: int = 0
    """Bytes resident at most; of the largest process, or of the tree where it was watched, or by
    the kernel's own account."""
    floor: int = 0
    """Bytes below which `peak` tells nothing: what the starter itself had resident."""
    status: int = 0
    """As `wait` gives it."""
    checksum: str = ""
    """Of what it has printed, in hexadecimal; empty where nothing of it counts."""
    reason: str = ""
    """`timeout` or `stopped` where it did not end by itself; `output` where it has printed more
    than is kept for a checksum."""
    clean: bool = True
    """False where some descendant could not be ended."""

    @property
    def code(self) -> int:
        """Return the exit code; the negative signal number where a signal ended it."""
        return os.waitstatus_to_exitcode(self.status)


def printed_beside(output: Path) -> Path:
    """Return where standard output alone is kept, beside the file of both outputs."""
    return output.with_name(f"{output.name}-printed")


class Channel(Protocol):
    """A running spawner process, here or elsewhere."""

    @property
    def stdin(self) -> IO[bytes]:
        """Return its standard input; writing raises BrokenPipeError where it is gone."""
        ...

    @property
    def stdout(self) -> IO[bytes]:
        """Return its standard output, which has a file number that can be polled.

        What is read ahead into a buffer cannot be seen by a poll, but no reply comes unasked.
        """
        ...

    def close(self) -> None:
        """End it and everything that it has started; safe to call twice."""
        ...


class LocalChannel:
    """A spawner process on this machine, started at once.

    Args:
        program: what it is.
    """

    def __init__(self, program: Path = PROGRAM) -> None:
        self._process = subprocess.Popen(
            [sys.executable, *OPTIONS, str(program)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # Ctrl-C goes to perfci alone, which then ends what it has started
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        """Return the number of the process."""
        return self._process.pid

    @property
    def stdin(self) -> IO[bytes]:
        """Return its standard input."""
        assert self._process.stdin is not None  # noqa: S101 - it is a pipe
        return self._process.stdin

    @property
    def stdout(self) -> IO[bytes]:
        """Return its standard output."""
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe
        return self._process.stdout

    def close(self) -> None:
        """End it and everything that it has started; safe to call twice."""
        with self._process as process:
            # whatever was measured may have stopped it
            with suppress(OSError):
                process.send_signal(signal.SIGCONT)
            with suppress(OSError):
                self.stdin.close()
            try:
                process.wait(timeout=_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()


class Spawner:
    """One program at a time; the process behind it starts when it is first needed.

    Args:
        open_channel: starts a spawner process.
    """

    def __init__(self, open_channel: Callable[[], Channel] = LocalChannel) -> None:
        self._open = open_channel
        self._channel: Channel | None = None
        self._timeout: float | None = None

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
        self._timeout = start.timeout
        output = os.fspath(start.output)
        self._send(
            {
                "executable": os.fsencode(start.executable),
                "argv": [os.fsencode(part) for part in start.argv],
                "cwd": os.fspath(start.cwd),
                "input": os.fspath(start.input or ""),
                "environ": {
                    os.fsencode(name): os.fsencode(value) for name, value in start.environ.items()
                },
                "output": output,
                "printed": "" if start.checksum is None else os.fspath(start.printed),
                "beginning": os.fsencode(start.checksum or ""),
                "timeout": start.timeout,
                "tree": start.tree,
                "memory": start.memory,
            }
        )

    def wait(self) -> Ended:
        """Wait for the end of what was begun.

        Raises:
            MeasurementError: what starts programs is gone, silent long after the program's time,
                or says what it never says.
        """
        return self._answer(None if self._timeout is None else self._timeout + _OVERTIME)

    def _answer(self, limit: float | None) -> Ended:
        if limit is not None and not self.ended_within(limit):
            raise self._lost()
        try:
            data = b""
            stdout = self._ready().stdout.fileno()
            # read as it comes: whoever writes half a reply must not be waited for
            while part := os.read(stdout, _LONGEST_REPLY):
                data += part
                with suppress(EOFError):
                    return Ended(**marshal.loads(data))  # noqa: S302 - our own program wrote it
                if len(data) > _LONGEST_REPLY or not self.ended_within(_PATIENCE):
                    break
            self._ready().stdout.read(0 if data else 1)  # a container's says why it ended
        except (ValueError, TypeError) as error:
            raise self._lost() from error
        raise self._lost()

    def _lost(self) -> MeasurementError:
        self.close()
        return MeasurementError(
            "the process that starts programs for perfci has ended, or no longer answers as it"
            " should",
            hint="did the benchmark end, stop or write to its parent, or was there too little"
            " memory?",
        )

    def stop(self) -> Ended:
        """End what was begun with all its descendants, and say how it went; see `wait`."""
        self._send("stop")
        return self._answer(_OVERTIME)

    def fileno(self) -> int:
        """Return what becomes readable when the program has ended."""
        return self._ready().stdout.fileno()

    def ended_within(self, seconds: float) -> bool:
        """Return whether the program ends within some seconds; then `wait` does not block."""
        poller = select.poll()
        poller.register(self.fileno(), select.POLLIN)
        return bool(poller.poll(seconds * 1000))

    def close(self) -> None:
        """End everything; safe to call twice."""
        channel, self._channel = self._channel, None
        if channel is not None:
            channel.close()

    def _send(self, message: Any) -> None:
        stdin = self._ready().stdin
        data = marshal.dumps(message)
        with suppress(BrokenPipeError):  # `wait` tells
            stdin.write(len(data).to_bytes(8, "little") + data)
            stdin.flush()

    def _ready(self) -> Channel:
        if self._channel is None:
            self._channel = self._open()
        return self._channel
