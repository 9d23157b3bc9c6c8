"""Why a benchmark cannot run in a container, with the next step."""

from perfci.errors import MeasurementError
from perfci.model.text import printable

_WORDS = (
    ("no space left", "free disk space where the engine keeps its data: docker system df"),
    ("pull access denied", "docker login"),
    ("unauthorized", "docker login"),
    ("denied", "docker login"),
    ("manifest unknown", "is the tag right?"),
    ("not found", "is its name right?"),
    ("no such image", "is its name right?"),
    ("toomanyrequests", "the registry's limit for anonymous pulls: docker login"),
)
"""What an engine or registry says, and what helps."""


class ContainerError(MeasurementError):
    """The engine is not there, refuses, or a container did not do what it should.

    Attributes:
        status: HTTP status of the engine's answer; 0 where it gave none.
    """

    def __init__(self, message: str, *, hint: str = "", output: str = "", status: int = 0) -> None:
        """Keep the engine's status beside the parts of every error."""
        super().__init__(message, hint=hint, output=output)
        self.status = status


def refused(doing: str, words: str, status: int = 0) -> ContainerError:
    """Return the error for what an engine has refused.

    Args:
        doing: what was asked of it: `start a container of node:20`.
        words: its own, hostile text.
        status: HTTP status of its answer.
    """
    said = printable(words, limit=500) or f"status {status}"
    return ContainerError(
        f"the Docker engine could not {doing}: {said}", hint=advice(said), status=status
    )


def advice(words: str) -> str:
    """Return what helps against an engine's words; empty where nothing is known."""
    lower = words.lower()
    return next((hint for sign, hint in _WORDS if sign in lower), "")
