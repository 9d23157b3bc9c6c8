"""Which code is compared with which, and in what way."""

from dataclasses import dataclass
from enum import StrEnum


class Mode(StrEnum):
    """What head is compared with."""

    PAIRED = "paired"
    """Base, measured side by side with head."""
    HISTORY = "history"
    """Stored runs of the branch in an equal environment."""
    RECORD = "record"
    """Nothing yet: the run is kept for later."""
    FILES = "files"
    """Two files, as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One side's code."""

    commit: str = ""
    """Full hash; empty where it is not known."""
    ref: str = ""
    """As a person named it: `main`, `HEAD~1`, a file's name."""
    dirty: bool = False
    """True where uncommitted changes are part of it."""

    def __str__(self) -> str:
        """Return the short form: `a1b2c3d (main)`, with a + for uncommitted changes."""
        short = self.commit[:7] + ("+" if self.dirty and self.commit else "")
        if short and self.ref and not self.commit.startswith(self.ref):
            return f"{short} ({self.ref})"
        return short or self.ref or "working tree"
