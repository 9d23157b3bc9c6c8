"""The process itself: variables, clocks, chance, and what its two outputs can show."""

import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path


def environ() -> Mapping[str, str]:
    """Return the environment's variables as they are now."""
    return dict(os.environ)


def folder() -> Path:
    """Return the folder in which perfci was started."""
    return Path.cwd()


class SystemClock:
    """The machine's own clocks."""

    def now(self) -> datetime:
        """Return the time of day, in UTC."""
        return datetime.now(UTC)

    def ticks(self) -> float:
        """Return seconds on the monotonic clock."""
        return time.monotonic()


def say(text: str) -> None:
    """Write to standard error; where nobody listens, the work goes on."""
    with suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(text)
        sys.stderr.flush()


def today() -> date:
    """Return the day, in UTC."""
    return datetime.now(UTC).date()


def fresh_seed() -> int:
    """Draw the seed of a run that was given none; it is printed in every report."""
    return secrets.randbits(32)


def pause(attempt: int) -> None:
    """Wait before another try at what others are writing, too: a random time, longer each time."""
    time.sleep(secrets.SystemRandom().uniform(0.2, 1.0) * min(0.1 * 1.5**attempt, 8.0))


def wait(seconds: float) -> None:
    """Wait for about so long: not all jobs of a pipeline are to come back at once."""
    time.sleep(seconds * secrets.SystemRandom().uniform(0.5, 1.5))


def token() -> str:
    """Return 32 hex digits that nobody can guess."""
    return secrets.token_hex(16)


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What standard output can show."""

    width: int
    colour: bool
    ascii_only: bool


def screen() -> Screen:
    """Look at standard output: colour only on a terminal, and never against `NO_COLOR`."""
    # None where the stream was closed before perfci began
    terminal = bool(sys.stdout) and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    encoding = (getattr(sys.stdout, "encoding", "") or "ascii").lower().replace("-", "")
    return Screen(
        width=shutil.get_terminal_size().columns if terminal else 120,
        colour=terminal and not os.environ.get("NO_COLOR"),
        ascii_only=not encoding.startswith("utf"),
    )


def live_width() -> int | None:
    """Return the width of the terminal behind standard error; None where it is a log."""
    terminal = bool(sys.stderr) and sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb"
    return shutil.get_terminal_size().columns if terminal and "CI" not in os.environ else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What `perfci doctor` asks of the system itself."""

    load: float
    """Runnable tasks, averaged over a minute."""
    delay_readable: bool
    git: str
    """Version of git; empty where it is not found."""


def machine() -> Machine:
    """Look at the system."""
    git = shutil.which("git")
    version = (
        subprocess.run([git, "--version"], capture_output=True, text=True, check=False, timeout=30)
        if git
        else None
    )
    try:
        fields = Path("/proc/self/schedstat").read_text().split()
    except OSError:
        fields = []
    return Machine(
        load=os.getloadavg()[0],
        delay_readable=len(fields) == 3,
        git=version.stdout.strip() if version else "",
    )
