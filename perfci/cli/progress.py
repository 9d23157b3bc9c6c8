"""Progress on standard error: one live line on a terminal, plain lines in a log."""

import sys

from perfci.model.text import printable
from perfci.units import duration
from perfci.wiring import process


class LiveProgress:
    """One line on a terminal, rewritten as the measuring goes on."""

    def __init__(self, width: int) -> None:
        """Take the terminal's width in columns."""
        self._width = width

    def phase(self, text: str) -> None:
        """Show what begins."""
        self._show(text)

    def launched(self, benchmark: str, *, done: int, doubtful: int, left: float | None) -> None:
        """Show the benchmark, launches so far, what is in doubt, and the time left."""
        time = f", at most {duration(max(left, 0.0))} left" if left is not None else ""
        self._show(f"{benchmark}  {done} launches, {doubtful} in doubt{time}")

    def warn(self, text: str) -> None:
        """Print a warning on a line of its own."""
        self.clear()
        sys.stderr.write(f"perfci: warning: {printable(text)}\n")

    def clear(self) -> None:
        """Remove the line."""
        sys.stderr.write("\r\x1b[2K")
        sys.stderr.flush()

    def _show(self, text: str) -> None:
        sys.stderr.write(f"\r\x1b[2K{printable(text)[: self._width - 1]}")
        sys.stderr.flush()


class PlainProgress:
    """Plain lines, for logs: each phase, and the measuring every so many launches."""

    def phase(self, text: str) -> None:
        """Print what begins."""
        sys.stderr.write(f"perfci: {printable(text)}\n")
        sys.stderr.flush()

    def launched(self, benchmark: str, *, done: int, doubtful: int, left: float | None) -> None:
        """Print a line at 1, 2, 4, 8 ... launches, so that a log shows life and stays short."""
        if done & (done - 1) == 0:
            time = f", at most {duration(max(left, 0.0))} left" if left is not None else ""
            self.phase(f"{done} launches, {doubtful} in doubt{time} ({benchmark})")

    def warn(self, text: str) -> None:
        """Print a warning."""
        sys.stderr.write(f"perfci: warning: {printable(text)}\n")

    def clear(self) -> None:
        """Do nothing: lines stay."""


def progress() -> LiveProgress | PlainProgress:
    """Choose how progress is shown: one live line on a terminal, plain lines in a log."""
    width = process.live_width()
    return PlainProgress() if width is None else LiveProgress(width)
