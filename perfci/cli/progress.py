"""Progress on standard error: one live line on a terminal, plain lines in a log."""

from perfci.model.text import inert, printable
from perfci.units import duration
from perfci.wiring import process

_LONGEST = 2_000
"""Characters of a warning: a name in it may be of any length."""


class LiveProgress:
    """One line on a terminal, rewritten as the measuring goes on."""

    def __init__(self, width: int) -> None:
        """Take the terminal's width in columns."""
        self._width = width

    def phase(self, text: str) -> None:
        """Show what begins."""
        self._show(text)

    def launched(self, benchmark: str, *, done: int, doubtful: int, left: float | None) -> None:
        """Show the benchmark, launches so far, benchmarks unfinished, and the time left."""
        time = f", at most {duration(max(left, 0.0))} left" if left is not None else ""
        self._show(f"{benchmark}  {_launches(done)}, {doubtful} unfinished{time}")

    def warn(self, text: str) -> None:
        """Print a warning on a line of its own."""
        self.clear()
        process.say(f"perfci: warning: {inert(printable(text, limit=_LONGEST))}\n")

    def clear(self) -> None:
        """Remove the line."""
        process.say("\r\x1b[2K")

    def _show(self, text: str) -> None:
        process.say(f"\r\x1b[2K{inert(printable(text))[: self._width - 1]}")


class PlainProgress:
    """Plain lines, for logs: each phase, and the measuring every so many launches."""

    def phase(self, text: str) -> None:
        """Print what begins."""
        process.say(f"perfci: {inert(printable(text))}\n")

    def launched(self, benchmark: str, *, done: int, doubtful: int, left: float | None) -> None:
        """Print a line at 1, 2, 4, 8 ... launches, so that a log shows life and stays short."""
        if done & (done - 1) == 0:
            time = f", at most {duration(max(left, 0.0))} left" if left is not None else ""
            self.phase(f"{_launches(done)}, {doubtful} unfinished{time} ({benchmark})")

    def warn(self, text: str) -> None:
        """Print a warning."""
        process.say(f"perfci: warning: {inert(printable(text, limit=_LONGEST))}\n")

    def clear(self) -> None:
        """Do nothing: lines stay."""


def _launches(number: int) -> str:
    return f"{number} launch" if number == 1 else f"{number} launches"


Progress = LiveProgress | PlainProgress


def progress() -> Progress:
    """Choose how progress is shown: one live line on a terminal, plain lines in a log."""
    width = process.live_width()
    return PlainProgress() if width is None else LiveProgress(width)
