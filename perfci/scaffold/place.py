"""Where a project lies in its repository."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a project lies in its repository, and what it is called there."""

    folder: str = ""
    """Relative to the repository's root; empty: there."""
    branch: str = "main"
    """That others are merged into."""
    project: str = ""
    """Name under which its baselines are kept; empty: the repository's."""

    @property
    def ending(self) -> str:
        """Return how the names of its files and jobs end: `-services-api`; empty at the root."""
        return "-" + re.sub(r"\W+", "-", self.folder) if self.folder else ""

    def of(self, name: str) -> str:
        """Return what people read of it: `performance (services/api)`; at the root the name."""
        return f"{name} ({self.folder})" if self.folder else name
