"""Text in which each run of a tool is a block: from one kind of line to the next of its kind."""

import re
from collections.abc import Iterator

from perfci.readers.source import Source
from perfci.readers.text import lines, number_at
from perfci.readers.tools.durations import duration_at

_HEADING = re.compile(r"={2,} (?!end )(\S.*?) ={2,}")
_TIME = re.compile(r"\d{4}-\d\d|\d:\d\d")
"""In a heading that tells when something ran, and names nothing that would be found again."""


def heading_of(text: str) -> str:
    """Return what a line names, without blanks around; empty where it is no heading."""
    found = _HEADING.fullmatch(text)
    return found[1] if found and not _TIME.search(text) else ""


class Block:
    """What one run printed.

    Args:
        source: the file.
        heading: what a script printed last before it: `parse small` of `=== parse small ===`;
            empty where it printed none. Tools that do not name what they measure need it.
        start: the match of the first line.
    """

    __slots__ = ("heading", "lines", "source", "start")

    def __init__(self, source: Source, heading: str, start: re.Match[str]) -> None:
        self.source = source
        self.heading = heading
        self.start = start
        self.lines: list[tuple[int, str]] = []

    def all(self, pattern: re.Pattern[str]) -> Iterator[tuple[int, re.Match[str]]]:
        """Yield the whole lines, without blanks around, that a pattern fits."""
        for line, text in self.lines:
            if found := pattern.fullmatch(text):
                yield line, found

    def text(self, pattern: re.Pattern[str]) -> str | None:
        """Return the first group of the first line that a pattern fits; None where none does."""
        return next((found[1] for _, found in self.all(pattern)), None)

    def number(self, pattern: re.Pattern[str]) -> float | None:
        """Return what `text` does, as a number.

        Raises:
            FormatError: it is none; names the line.
        """
        for line, found in self.all(pattern):
            return number_at(self.source, line, found[1])
        return None

    def duration(self, pattern: re.Pattern[str]) -> float | None:
        """Return what `text` does, as seconds of `12.5ms`.

        Raises:
            FormatError: it is no duration; names the line.
        """
        for line, found in self.all(pattern):
            return duration_at(self.source, line, found[1])
        return None


def blocks(source: Source, start: re.Pattern[str]) -> Iterator[Block]:
    """Yield the blocks of a file.

    Args:
        source: unpacked.
        start: fits the whole first line of a block, without blanks around.
    """
    heading, block = "", None
    for line, text in lines(source):
        text = text.strip()  # noqa: PLW2901
        if found := start.fullmatch(text):
            if block:
                yield block
            block = Block(source, heading, found)
        elif named := heading_of(text):
            heading = named
            continue
        if block:
            block.lines.append((line, text))
    if block:
        yield block
