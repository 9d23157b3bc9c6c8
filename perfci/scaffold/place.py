"""Where a project lies in its repository."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a project lies in its repository."""

    folder: str = ""
    """Relative to the repository's root; empty: there."""
    branch: str = "main"
    """That others are merged into."""
