"""The text of a file that a terminal, Windows or an editor may have had a hand in."""

import re
from collections.abc import Iterator
from typing import AnyStr

from perfci.errors import FormatError
from perfci.readers.source import Source

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
UTF16 = (b"\xff\xfe", b"\xfe\xff")
"""How text in UTF-16 begins."""
_STAMP = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z ", re.MULTILINE)
"""Before each line of a log that was downloaded from GitHub Actions."""
_AT_ONCE = 1 << 16
"""Characters that are parted into lines together: each line costs more than its text."""
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[,'\u00a0\u202f]\d{3})+(?:\.\d+)?")


def decoded(data: bytes) -> str:
    """Return text without its byte order mark, its colours, carriage returns and a log's stamps.

    What is no UTF-8 (or UTF-16 with a mark, as PowerShell writes it) becomes U+FFFD.
    """
    if data[:2] in UTF16:
        text = data.decode("utf-16", "replace")
    else:
        text = data.decode("utf-8-sig", "replace")
    if "\x1b" in text:
        text = _ESCAPES.sub("", text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _STAMP.sub("", text) if _is_stamped(text) else text


def lines(source: Source) -> Iterator[tuple[int, str]]:
    """Yield the lines of a file with their numbers from 1, without their ends."""
    number = 0
    for part in parts(source):
        for line in part.split("\n"):
            number += 1
            yield number, line


def parts(source: Source) -> Iterator[str]:
    """Yield the text of a file in parts of whole lines; the end of a part's last is left out."""
    data = source.data
    if not data.isascii() or b"\r" in data or b"\x1b" in data or _is_stamped(_ascii(data[:1000])):
        yield from blocks(decoded(data))
    else:
        # most are plain: they need not be in memory twice
        yield from map(_ascii, _cut(data, b"\n"))


def blocks(text: str) -> Iterator[str]:
    """Yield a text in parts of whole lines; the end of a part's last line is left out."""
    return _cut(text, "\n")


def _cut(text: AnyStr, newline: AnyStr) -> Iterator[AnyStr]:
    start = 0
    while start <= len(text):
        end = text.find(newline, start + _AT_ONCE)
        end = len(text) if end < 0 else end
        yield text[start:end]
        start = end + 1


def _ascii(data: bytes) -> str:
    return data.decode("ascii")


def _is_stamped(text: str) -> bool:
    return _STAMP.search(text, 0, 1000) is not None


def matching(source: Source, pattern: re.Pattern[str]) -> Iterator[tuple[int, re.Match[str]]]:
    """Yield the whole lines, without blanks around, that a pattern fits, with their numbers."""
    for line, text in lines(source):
        if found := pattern.fullmatch(text.strip()):
            yield line, found


def number(text: str) -> float:
    """Return a number as a tool prints it: `3,161`, `1e+06`, `12.5`, `NaN`.

    Commas, apostrophes and narrow blanks are taken for separators of thousands only where they
    part groups of three digits.

    Raises:
        ValueError: it is none.
    """
    text = text.strip()
    if _GROUPED.fullmatch(text):
        text = re.sub(r"[,'\u00a0\u202f]", "", text)
    return plain_number(text)


def plain_number(text: str) -> float:
    """Return a number that has no separators: `1e+06`, `12.5`, `NaN`.

    Raises:
        ValueError: it is none.
    """
    if "_" in text or not text.isascii():  # Python itself takes 1_5, and digits of any script
        message = f"{text!r} is no number"
        raise ValueError(message)
    return float(text)


def number_at(source: Source, line: int, text: str) -> float:
    """Return a number, as `number` does.

    Raises:
        FormatError: it is none; names the line.
    """
    try:
        return number(text)
    except ValueError:
        raise FormatError(
            f"{source.name}, line {line}: {text[:60]!r} is no number",
            hint="The line is cut off or damaged; let the tool write the file again.",
        ) from None
