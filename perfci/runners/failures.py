"""What to say of a program that gave no measurement."""

import errno
import os
import re
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from perfci.errors import MeasurementError
from perfci.model.benchmark import Benchmark
from perfci.model.measurement import Side
from perfci.model.text import printable
from perfci.model.work import Command
from perfci.runners.processes.spawning import Ended

_BYTES = 4096
_LINES = 20
_BUILD = "build it with `setup:`, which runs once in each side before measuring"
_STARTS = {
    os.strerror(errno.ENOEXEC): "it has no #! line, or it is built for another processor",
    os.strerror(errno.ENOENT): "the interpreter that its #! line names does not exist",
    os.strerror(errno.E2BIG): "arguments and environment together are too long",
}
_NO_TERMINAL = re.compile(
    r"not a (?:tty|terminal)|/dev/tty|inappropriate ioctl for device|TERM environment variable"
    r"|(?:needs|requires|no) an? (?:interactive )?(?:tty|terminal)",
    re.IGNORECASE,
)
_SHELL = {
    126: "the shell could not execute a program in it: chmod +x, or another processor's build",
    127: f"the shell did not find a program in it; if it is your own, {_BUILD}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom an error is about."""

    benchmark: Benchmark
    side: Side
    paired: bool
    step: str = ""
    """What beside the work itself failed: `prepare`, `cleanup`; empty for the work."""

    def error(
        self,
        what: str,
        *,
        after: str = "",
        hint: str = "",
        output: str = "",
        absent: bool = False,
    ) -> MeasurementError:
        """Return `codec/parse {what} on base{after}`, with the side left out where there is one."""
        where = f" on {self.side}" if self.paired else ""
        who = printable(str(self.benchmark.id)) + (f": {self.step}" if self.step else "")
        message = f"{who} {what}{where}{after}"
        return MeasurementError(message, hint=hint, output=output, side=self.side, absent=absent)


def tail(path: Path) -> str:
    """Return the last lines that a program printed, made harmless; empty where there are none."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _BYTES))
            return clean(file.read(_BYTES).decode(errors="replace"))
    except OSError:
        return ""


def clean(text: str) -> str:
    """Return the last lines of a text, at most 20 and 4 kB, without control characters."""
    # a progress bar overwrites its line
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = printable(text[-_BYTES:], lines=True).strip("\n").split("\n")
    return "\n".join(line.rstrip() for line in lines[-_LINES:])


def failure(
    ended: Ended,
    subject: Subject,
    read_output: Callable[[], str],
    expected: Sequence[int] = (0,),
) -> MeasurementError | None:
    """Return the error for a program that did not end well; None for one that did.

    Args:
        ended: how it went.
        subject: whom the error is about.
        read_output: returns the end of what it printed.
        expected: exit codes that mean success.
    """
    if ended.error:
        return subject.error(
            "cannot be started", after=f": {ended.error}", hint=_STARTS.get(ended.error, "")
        )
    if ended.clean and not ended.reason and ended.code in expected:
        return None
    said = read_output()
    if not ended.clean:
        return subject.error(
            "left processes behind that cannot be ended",
            hint="they run as another user, or hang in the kernel",
            output=said,
        )
    if ended.reason == "timeout":
        return subject.error(
            f"did not end within {subject.benchmark.timeout:g} s",
            after="; its process group was ended",
            hint="raise measure.timeout, or give it less to do",
            output=said,
        )
    usual = tuple(expected) == (0,)
    return subject.error(
        how(ended),
        after="" if usual else f", not with {' or '.join(map(str, expected))}",
        hint=_hint(ended, subject, said),
        output=said,
    )


def _hint(ended: Ended, subject: Subject, said: str) -> str:
    if ended.code == -signal.SIGKILL:
        return "was there too little memory? the kernel ends programs that way"
    if _NO_TERMINAL.search(said):
        return "no terminal is there: give it its option for scripts (--no-tty, --batch, --yes)"
    work = subject.benchmark.work
    shell = isinstance(work, Command) and work.shell
    if shell and ended.code in _SHELL:
        return _SHELL[ended.code]
    if isinstance(work, Command) and ended.code > 0 and not subject.step:
        codes = ", ".join(map(str, (*work.exit_codes, ended.code)))
        return f"if that is no failure, say so: `exit_codes: [{codes}]`"
    return ""


def how(ended: Ended) -> str:
    """Return how a program ended, as the rest of a sentence: `exited with 3`."""
    if ended.code >= 0:
        return f"exited with {ended.code}"
    try:
        return f"was ended by {signal.Signals(-ended.code).name}"
    except ValueError:  # a real-time signal has no name of its own
        return f"was ended by signal {-ended.code}"
