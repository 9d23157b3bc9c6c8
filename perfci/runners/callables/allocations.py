"""Which lines of a callable ask for the memory that it holds at most."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from perfci.model.text import printable
from perfci.units import scale_for

_SITES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A line, and what it has asked for."""

    file: str
    """Relative where it belongs to the side; made harmless."""
    line: int
    size: int
    """Bytes held when the call held most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocations:
    """What Python itself had handed out when a call held most of it.

    This is less than the peak resident set: what libraries map by themselves is not seen.
    """

    peak: int
    """Bytes held at most in one call."""
    seen: int
    """Bytes held when the lines were looked at; near `peak`, unless one step of C makes it."""
    sites: tuple[Site, ...]
    """At most 5, the largest first."""

    def told(self) -> tuple[str, ...]:
        """Return a sentence a line: `codec.py:14 holds 32.0 MB of the peak`."""
        return tuple(
            f"{it.file}:{it.line} holds {scale_for('B', it.size).text(it.size)} of the peak"
            for it in self.sites
        )


def allocations(answer: Mapping[str, Any], roots: tuple[Path, ...]) -> Allocations:
    """Return what the worker has found.

    Args:
        answer: the worker's.
        roots: trees, as the worker sees them, whose files are told by their relative names.

    Raises:
        ValueError: it is no such answer.
    """
    found = tuple(
        Site(file=_relative(str(file), roots), line=int(line), size=int(size))
        for file, line, size in answer["sites"][:_SITES]
    )
    return Allocations(peak=int(answer["peak"]), seen=int(answer["seen"]), sites=found)


def _relative(file: str, roots: tuple[Path, ...]) -> str:
    for root in roots:
        start = f"{os.fspath(root)}/"
        if file.startswith(start):
            return printable(file.removeprefix(start))
    return printable(file)
