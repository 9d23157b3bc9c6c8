"""Events of `go test -json`: what each package printed, and which of them are damaged.

A line of a benchmark is often split over two events, its name in the first and its numbers in the
second: where one of them is lost, what is left must not be joined with the next.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import from_json

from perfci.readers.source import Source
from perfci.readers.text import lines
from perfci.readers.tools.go_words import is_name, result_of

_KEYS = {"Action", "Package", "Output"}
_STARTS = ('{"Time":', '{"Action":', '{"ImportPath":')
_PART = re.compile(r'\{"(?:Time|Action|ImportPath)"\s*:|\{.*"(?:Package|Output)"\s*:')
_PACKAGE = re.compile(r'"Package"\s*:\s*"([^"\\]*)"')
_NAME = re.compile(r'"Output"\s*:\s*"(Benchmark(?![a-z])[^\s"\\]*)(?: |\\t)')
_TEST = re.compile(r'"Test"\s*:\s*"(Benchmark(?![a-z])[^"\\]*)"')
_NO_RESULT = re.compile(
    r'"Action"\s*:\s*"(?!output")[a-z-]+"|"Output"\s*:\s*"(?:=== |Benchmark[^\s"\\]*\\n")'
)


@dataclass(slots=True, kw_only=True)
class Piece:
    """What a package printed up to a damaged event, or to its end."""

    texts: list[str] = field(default_factory=list)
    lost: int = 0
    """How many damaged events, of packages that they do not tell, came before its last text."""
    damaged: int = 0
    """The line of the event that is damaged; 0 at the end."""
    names: list[str] = field(default_factory=list)
    """The benchmarks of which the damaged event tells."""

    def parted(self) -> tuple[str, str]:
        """Return the text, and apart from it the start of a line whose end is damaged."""
        text = "".join(self.texts)
        if not self.damaged:
            return text, ""
        whole, newline, cut = text.rpartition("\n")
        return whole + newline, cut


@dataclass(slots=True, kw_only=True)
class Events:
    """All events of a file."""

    printed: dict[str, list[Piece]] = field(default_factory=lambda: defaultdict(lambda: [Piece()]))
    """By package; where none is named, it is empty."""
    damaged: list[int] = field(default_factory=list)
    """The lines that are no sound events, although they were to be."""
    beside: list[str] = field(default_factory=list)
    """What was printed between the events, of packages that failed."""
    _lost: list[int] = field(default_factory=list)
    """Of the damaged lines, those that do not tell their package."""

    def take(self, number: int, line: str) -> None:
        """Take one line."""
        event = _object(line)
        if event is None:
            if _is_part(line):
                self._take_damaged(number, line)
            elif line.startswith("FAIL\t"):
                self.beside.append(line)
            return
        action = event.get("Action")
        package, text = event.get("Package", ""), event.get("Output", "")
        if action == "output" and type(package) is str and type(text) is str:
            piece = self.printed[package][-1]
            if piece.lost < len(self._lost):
                piece = self._settled(package, text)
            piece.texts.append(text)
        elif action == "output" or (type(action) is not str and len(_KEYS & event.keys()) > 1):
            self._take_damaged(number, line)

    def _take_damaged(self, number: int, line: str) -> None:
        self.damaged.append(number)
        packages = _PACKAGE.findall(line)
        # an event whose end is lost may have another behind it
        single = line.count('{"') < 2
        if single and _NO_RESULT.search(line):
            return
        if not single or not packages:
            self._lost.append(number)
        for package in packages:
            self._end(package, number)
        if packages:
            names = _NAME.findall(line) or _TEST.findall(line)
            self.printed[packages[-1]][-2].names = names

    def _settled(self, package: str, text: str) -> Piece:
        """Return the piece that a text belongs to, as damaged lines may have been before it."""
        piece = self.printed[package][-1]
        if piece.lost < len(self._lost) - 1 or not _is_one(piece.texts[-1:], text):
            self._end(package, self._lost[-1])
            piece = self.printed[package][-1]
        piece.lost = len(self._lost)
        return piece

    def _end(self, package: str, number: int) -> None:
        pieces = self.printed[package]
        pieces[-1].damaged = number
        pieces.append(Piece(lost=len(self._lost)))


def events_of(source: Source) -> Events:
    """Return the events of a file; what others printed between them is let pass."""
    events = Events()
    for number, line in lines(source):
        events.take(number, line)
    return events


def _is_one(before: list[str], text: str) -> bool:
    """Return whether a text goes on with all numbers of the name that is the text before it."""
    if not before or not is_name(before[0]) or not text.endswith("\n"):
        return False
    # a name alone on a line begins none that numbers may go on with
    alone = len(before[0].split()) == 1 and before[0].endswith((" ", "\t"))
    return alone and result_of(text.split()) is not None


def _is_part(line: str) -> bool:
    """Return whether a line that holds no JSON is an event whose end or start is lost."""
    if line[:1] == "{":
        is_start = len(line) > 1 and any(start.startswith(line) for start in _STARTS)
        return is_start or _PART.match(line) is not None
    return line.endswith('"}') and "{" not in line


def _object(line: str) -> dict[str, Any] | None:
    if line[:1] != "{" and line.lstrip()[:1] != "{":
        return None
    try:
        found = from_json(line, cache_strings="keys")
    except ValueError:
        return None
    return found if type(found) is dict else None
