"""Elements of a hostile XML document that know their place: every complaint names a line.

Documents with a DOCTYPE are refused: nothing in one is ever expanded or fetched.
"""

import re
from collections.abc import Iterator
from xml.parsers import expat

from perfci.errors import FormatError
from perfci.model.text import printable
from perfci.readers.source import Source
from perfci.readers.text import decoded, number

_HINT = "Is it the file that the tool wrote, whole and unedited? `--format` names another format."
_STARTS = (re.compile(r"<\?xml\s"), re.compile(r"^[ \t]*<(?:[A-Za-z_]|!DOCTYPE)", re.MULTILINE))
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_DEEPEST = 200


class Element:
    """One element.

    Args:
        source: the file's name.
        tag: with its prefix, where it has one.
        line: in the file, from 1.
        attributes: by name.
    """

    __slots__ = ("attributes", "children", "line", "source", "tag", "text")

    def __init__(self, source: str, tag: str, line: int, attributes: dict[str, str]) -> None:
        self.source = source
        self.tag = tag
        self.line = line
        self.attributes = attributes
        self.children: list[Element] = []
        self.text = ""
        """All that stands directly in it, its children's text not."""

    def __iter__(self) -> Iterator["Element"]:
        """Yield its children."""
        return iter(self.children)

    def first(self, tag: str) -> "Element | None":
        """Return the first child of a name; None where there is none."""
        return next((child for child in self.children if child.tag == tag), None)

    def get(self, name: str) -> str:
        """Return an attribute; empty where it has none."""
        return self.attributes.get(name, "")

    def number(self, name: str) -> float:
        """Return an attribute that is a number; NaN and infinities are numbers here.

        Raises:
            FormatError: there is none, or it is something else.
        """
        text = self.attributes.get(name)
        if text is None:
            raise self.wrong(f"has no {name}")
        try:
            return number(text)
        except ValueError:
            shown = printable(text, limit=60)
            raise self.wrong(f"has the {name} {shown!r}, which is no number") from None

    def wrong(self, what: str) -> FormatError:
        """Return the error for what is wrong with it: `has no mean`."""
        tag = printable(self.tag, limit=60)
        return FormatError(f"{self.source}, line {self.line}: <{tag}> {what}", hint=_HINT)


def xml_of(source: Source) -> Element:
    """Return the root of a file's document; what a tool printed around it is let pass.

    Args:
        source: unpacked.

    Raises:
        FormatError: it is no XML, cut off, too deep, or has a DOCTYPE; says where.
    """
    text = decoded(source.data)
    start = next((found for start in _STARTS if (found := start.search(text))), None)
    if start is None:
        raise FormatError(f"{source.name} holds no XML", hint=_HINT)
    # what is no character of XML comes from what was measured, which printed into the file
    above, document = text[: start.start()], _CONTROL.sub("\ufffd", text[start.start() :].lstrip())
    return _Building(source.name, above.count("\n")).build(document.encode("utf-8", "replace"))


class _Building:
    def __init__(self, source: str, above: int) -> None:
        self.source = source
        self.above = above
        self.open: list[tuple[Element, list[str]]] = []
        self.root: Element | None = None
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.begin
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.say
        self.parser.StartDoctypeDeclHandler = self.refuse

    def build(self, document: bytes) -> Element:
        trouble = self.read(document)
        # once the root is whole, what follows is another program's
        if self.root is None or self.open:
            raise FormatError(
                f"{self.source} is not valid XML {trouble}",
                hint="The file is cut off or damaged; let the tool write it again.",
            )
        return self.root

    def read(self, document: bytes) -> str:
        try:
            self.parser.Parse(document, True)  # noqa: FBT003
        except expat.ExpatError as error:
            what = expat.errors.messages.get(error.code, "it is damaged")
            return f"at line {error.lineno + self.above}: {what}"
        return ""

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        element = Element(self.source, tag, self.line, attributes)
        if len(self.open) >= _DEEPEST:
            raise element.wrong(f"is more than {_DEEPEST} levels deep")
        if self.open:
            self.open[-1][0].children.append(element)
        else:
            self.root = element
        self.open.append((element, []))

    def end(self, _tag: str) -> None:
        element, texts = self.open.pop()
        element.text = "".join(texts)

    def say(self, text: str) -> None:
        if self.open:
            self.open[-1][1].append(text)

    def refuse(self, *_: object) -> None:
        raise FormatError(
            f"{self.source}, line {self.line}: it has a DOCTYPE, which may expand to anything",
            hint="No benchmark tool writes one: remove it, if you trust the file.",
        )

    @property
    def line(self) -> int:
        return self.parser.CurrentLineNumber + self.above
