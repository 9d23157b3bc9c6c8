"""How perfci says that it could not do its job: what happened, where, and what to do next."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What the process answers; nothing else is ever returned."""

    PASS = 0
    GATE_FAILED = 1
    ERROR = 2


class PerfciError(Exception):
    """Anything that stops perfci from deciding; always ends in exit code 2.

    Attributes:
        message: what happened and where the value came from, one or two sentences.
        hint: the next step for the reader; empty where there is none.
        output: the end of what a measured program printed; hostile text, shown quoted.
    """

    def __init__(self, message: str, *, hint: str = "", output: str = "") -> None:
        """Keep the three parts apart, so that each surface can lay them out its own way."""
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.output = output

    @property
    def line(self) -> str:
        """Return what happened and what to do next, where there is one line for both."""
        return f"{self.message} ({self.hint.rstrip('.')})" if self.hint else self.message


class ConfigurationError(PerfciError):
    """The settings contradict themselves, name something unknown, or select nothing."""


class MeasurementError(PerfciError):
    """A benchmark did not yield a measurement: it crashed, hung, or could not be started.

    Attributes:
        side: `base` or `head`, where it is known which of the two.
        absent: True where what should be measured is not there at all, rather than broken.
    """

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        output: str = "",
        side: str = "head",
        absent: bool = False,
    ) -> None:
        """Keep the facts beside the three parts of every error."""
        super().__init__(message, hint=hint, output=output)
        self.side = side
        self.absent = absent


class WorktreeError(PerfciError):
    """Git could not bring base and head side by side, or the two sides are not two."""


class StoreError(PerfciError):
    """A store could not be read or written, or holds something that is not ours."""


class DeliveryError(PerfciError):
    """A comment, a check or a message could not be delivered; the verdict stands."""


class FormatError(PerfciError):
    """A file is damaged, foreign, or written by a newer perfci."""


class BusyError(PerfciError):
    """Another perfci is measuring on this machine."""
