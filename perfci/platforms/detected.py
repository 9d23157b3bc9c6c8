"""What looking for a CI system came to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from perfci.model.context import Context

Environ = Mapping[str, str]
ReadEvent = Callable[[str], Mapping[str, object]]
"""Reads the JSON object in a file; raises OSError or ValueError where it cannot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected:
    """The context, and what could not be found out about it."""

    context: Context
    problems: tuple[str, ...] = ()
    """Nothing fatal: sentences to warn with."""
