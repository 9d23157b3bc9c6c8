"""What a format is recognised by."""

import re

from perfci.readers.source import Source
from perfci.readers.text import UTF16, decoded

_HEAD, _TAIL = 65536, 8192
_EMPTY = re.compile(r"\n(?:[ \t]*\n)+")
_BLANK = 64
_BLANKS = re.compile(rf"[^\S\n]{{{_BLANK},}}")


def look(source: Source) -> str:
    """Return what a format is recognised by: the beginning and the end of an unpacked file.

    Empty lines are left out of it, and long runs of blanks are cut short.
    """
    data = source.data
    text = decoded(data[:_HEAD])
    if len(data) > _HEAD:
        mark = data[:2] if data[:2] in UTF16 else b""
        text = f"{text}\n{decoded(mark + data[-_TAIL:])}"
    # a mark may begin with blanks: a page of them would be tried from each
    return _BLANKS.sub(lambda found: found[0][:_BLANK], _EMPTY.sub("\n", text))
