"""A run that came to no verdict: perfci could not do its job."""

from dataclasses import dataclass

from perfci.errors import PerfciError
from perfci.model.context import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """What is told where there is nothing to judge; it always ends in exit code 2."""

    project: str
    """Name under which baselines are kept."""
    context: Context
    error: PerfciError
    """What stopped it, harmless: no secret is in it."""
    author: str = ""
    """Of the commit, as a person is called; hostile."""
