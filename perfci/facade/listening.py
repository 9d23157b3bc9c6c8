"""What the line says while it measures: kept for the answer, and written to the log."""

import logging

LOG = logging.getLogger("perfci")


class Listener:
    """Hears of one test.

    Attributes:
        warnings: in the order in which they came, each once.
    """

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def phase(self, text: str) -> None:
        """Log what begins."""
        LOG.debug(text)

    def launched(self, benchmark: str, *, done: int, doubtful: int, left: float | None) -> None:
        """Log a value that was taken."""
        del doubtful, left
        LOG.debug("%s: %s values", benchmark, done)

    def warn(self, text: str) -> None:
        """Keep a warning."""
        if text not in self.warnings:
            self.warnings.append(text)
