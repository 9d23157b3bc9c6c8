"""JSON documents in files that may hold other things too: logs before and after, one a line."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from pydantic_core import from_json

from perfci.errors import FormatError
from perfci.readers.json_tree import Node
from perfci.readers.source import Source
from perfci.readers.text import UTF16, decoded
from perfci.schema.doubled import doubled

_MOST = 50
"""Places at which a document is looked for: each costs a look at what follows."""
_START = re.compile(rb"^[ \t]*[{\[]", re.MULTILINE)
_TRAILING = re.compile(r"trailing characters at line (\d+) column (\d+)")
_BOM = b"\xef\xbb\xbf"


def json_of(source: Source, *names: str) -> Node:
    """Return the document of a file; what a tool printed around it is let pass.

    Args:
        source: unpacked.
        names: that the document's root has, where there may be several; without any, the first
            object or list is taken.

    Raises:
        FormatError: there is none; says where the file stops being JSON.
    """
    return _document(source, names)[0]


def unambiguous_json_of(source: Source, *names: str) -> Node:
    """Return the document of a file, as `json_of` does, in which each name stands once.

    Raises:
        FormatError: there is none, or one of its objects has a name twice; says which.
    """
    node, data = _document(source, names)
    if twice := doubled(data, node.value):
        raise FormatError(
            f"{source.name}: {twice} stands there twice",
            hint="Which of the two holds? Leave one out: readers of JSON differ in what they take.",
        )
    return node


def _document(source: Source, names: tuple[str, ...]) -> tuple[Node, bytes]:
    data = _plain(source.data)
    whole, trouble = _whole(data)
    if trouble is None:
        node = Node(whole, source.name)
        if _fits(whole, names):
            return node, data
        lacking = type(whole) is dict or (whole == [] and not names)
        raise _lacks(node, names) if lacking else node.wrong(_wanted(names))
    for start, found, end in _documents(data):
        if _fits(found, names):
            for again, other, _ in _documents(data, end):
                if _fits(other, names) and _alike(found, other, names):
                    raise _two(source, data.count(b"\n", 0, again) + 1)
            return Node(found, source.name), data[start:end]
    raise FormatError(
        f"{source.name} is not valid JSON: {trouble}",
        hint="The file is cut off or damaged; let the tool write it again.",
    )


def _documents(data: bytes, begin: int = 0) -> Iterator[tuple[int, Any, int]]:
    """Yield what is JSON among other lines, each with where it starts and ends."""
    rest = data[begin:]
    for start in islice(_START.finditer(rest), _MOST):
        found, length = _first(rest[start.start() :])
        if found is not None:
            at = begin + start.start()
            yield at, found, at + length


def _alike(one: Any, other: Any, names: tuple[str, ...]) -> bool:
    """Return whether two documents that fit are of one tool, and none of them a line of a log."""
    if names:
        return all(type(one[name]) is type(other[name]) for name in names)
    if type(one) is list and type(other) is list:
        return _alike(one[0], other[0], ()) if one and other else one == other
    if type(one) is dict and type(other) is dict:
        # where names are those of benchmarks, there are objects under them
        return one.keys() == other.keys() or {*map(type, one.values())} == {dict} == {
            *map(type, other.values())
        }
    return False


def _two(source: Source, line: int) -> FormatError:
    return FormatError(
        f"{source.name}, line {line}: here a second document of results begins",
        hint="Give each in a file of its own: several files are taken for several launches.",
    )


def json_lines(source: Source) -> Iterator[Node]:
    """Yield the JSON object of every line that is one; other lines are let pass.

    A place is `line 12: metric.name`.
    """
    for number, line in enumerate(_plain(source.data).splitlines(), start=1):
        if line.lstrip()[:1] == b"{":
            found, trouble = _whole(line)
            if trouble is None and type(found) is dict:
                yield Node(found, f"{source.name}, line {number}")


def _plain(data: bytes) -> bytes:
    """Return UTF-8 without a mark, also of the UTF-16 that PowerShell writes."""
    return decoded(data).encode() if data[:2] in UTF16 else data.removeprefix(_BOM)


def _whole(data: bytes) -> tuple[Any, str | None]:
    try:
        return from_json(data, cache_strings="keys"), None
    except ValueError as error:
        return None, str(error)[:160]


def _first(data: bytes) -> tuple[Any, int]:
    """Return the first document of some data, and its length; None where there is none."""
    found, trouble = _whole(data)
    if trouble is None:
        return found, len(data)
    more = _TRAILING.search(trouble)
    if more is None:
        return None, 0
    line, column = int(more[1]), int(more[2])
    at = 0
    for _ in range(line - 1):
        at = data.index(b"\n", at) + 1
    end = at + column - 1
    return _whole(data[:end])[0], end


def _fits(found: Any, names: tuple[str, ...]) -> bool:
    if names:
        return type(found) is dict and all(name in found for name in names)
    return type(found) in {dict, list} and bool(found)


def _wanted(names: tuple[str, ...]) -> str:
    return f"an object with {' and '.join(names)}" if names else "an object or a list"


def _lacks(node: Node, names: tuple[str, ...]) -> FormatError:
    for name in names:
        node.need(name)
    return FormatError(f"{node.source} is an empty document", hint="Was anything measured?")
