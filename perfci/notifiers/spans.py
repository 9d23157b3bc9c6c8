"""Pieces of a line, each with what it looks like."""

from dataclasses import dataclass
from enum import Enum


class Look(Enum):
    """How a piece of text is set."""

    PLAIN = "plain"
    BOLD = "bold"
    CODE = "code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A piece of a line: harmless text without markup."""

    text: str
    look: Look


Line = tuple[Span, ...]


def plain(text: str) -> Span:
    """Return text as it is."""
    return Span(text=text, look=Look.PLAIN)


def bold(text: str) -> Span:
    """Return text that must not be overlooked."""
    return Span(text=text, look=Look.BOLD)


def code(text: str) -> Span:
    """Return a name."""
    return Span(text=text or "(no name)", look=Look.CODE)


def text_of(line: Line) -> str:
    """Return a line as plain text."""
    return "".join(span.text for span in line)
