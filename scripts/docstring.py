"""Docstrings in Google's style, taken apart and written as Markdown."""

import re
from dataclasses import dataclass, field
from inspect import cleandoc

_HEAD = re.compile(r"^(Args|Attributes|Returns|Yields|Raises):$", re.MULTILINE)
_ITEM = re.compile(r"^(\w+): ", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Docstring:
    """One docstring."""

    about: str = ""
    """Paragraphs before the first section; the first is a sentence."""
    sections: dict[str, str] = field(default_factory=dict)
    """Text by heading: `Args`, `Attributes`, `Returns`, `Raises`."""

    def items(self, section: str) -> list[tuple[str, str]]:
        """Return name and text of each entry of a section, in its order."""
        parts = _ITEM.split(self.sections.get(section, ""))[1:]
        pairs = zip(parts[::2], parts[1::2], strict=True)
        return [(name, flat(text)) for name, text in pairs]


def parse(text: str | None) -> Docstring:
    """Take a docstring apart."""
    about, *parts = _HEAD.split(cleandoc(text or ""))
    sections = {
        name: cleandoc(f"\n{body}") for name, body in zip(parts[::2], parts[1::2], strict=True)
    }
    return Docstring(about=about.strip(), sections=sections)


def flat(text: str) -> str:
    """Return a text in one line, as a cell of a table or an entry of a list."""
    return " ".join(text.split())


def paragraphs(text: str) -> str:
    """Return a text with one line a paragraph."""
    return "\n\n".join(flat(part) for part in re.split(r"\n\s*\n", text) if part.strip())
