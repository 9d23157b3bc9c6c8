"""Durations as tools written in Go and C print them: `1m2.5s`, `363.63us`, `0s`."""

import re

from perfci.errors import FormatError
from perfci.readers.quantity import quantity
from perfci.readers.source import Source
from perfci.readers.text import number

_PART = re.compile(r"([\d.,]+)(ns|us|µs|μs|ms|s|m|h)")
_LONGEST = 60
_LONG = {"m": 60.0, "h": 3600.0}


def duration_at(source: Source, line: int, text: str) -> float:
    """Return seconds.

    Raises:
        FormatError: it is no duration; names the line.
    """
    parts = _PART.findall(text) if len(text) <= _LONGEST else []
    if parts and "".join(map("".join, parts)) == text:
        try:
            return sum(
                number(amount) * (_LONG.get(unit) or quantity(unit).factor)
                for amount, unit in parts
            )
        except ValueError:
            pass
    raise FormatError(
        f"{source.name}, line {line}: {text[:60]!r} is no duration",
        hint="The line is cut off or damaged; let the tool write the file again.",
    )
