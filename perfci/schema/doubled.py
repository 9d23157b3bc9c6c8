"""A name that stands twice in one object of a JSON text: decoders keep the last, and say nothing.

Other readers keep the first: so one file would be two.
"""

import json
from typing import Any

from perfci.model.text import printable


def doubled(text: bytes, decoded: Any) -> str:
    """Return the path of the first name that stands twice in its object; empty where none does.

    Args:
        text: JSON that is sound.
        decoded: what became of it.
    """
    # Each name is followed by a colon, and all other colons stand in texts: where as many came out
    # as went in, no name was lost; unless an escape became one. To look exactly is slow.
    escaped = b"\\" in text and (b"\\u003a" in text or b"\\u003A" in text)
    # `count` looks at every byte, `replace` leaps from mark to mark
    if not escaped and len(text) - len(text.replace(b":", b"")) == _colons_of(decoded):
        return ""
    exact = json.loads(text, object_pairs_hook=_Object, parse_int=float)
    return printable(_first(exact, ""), limit=300)


def _colons_of(decoded: Any) -> int:
    """Return how many colons the text had, if no name stood twice in one object."""
    names, waiting = 0, [decoded]
    texts: list[str] = []
    for held in waiting:
        inside = held
        if type(held) is dict:
            names += len(held)
            texts += held
            inside = held.values()
        for each in inside:
            kind = type(each)
            if kind is str:
                texts.append(each)
            elif kind is list:
                # values come by the million: an object behind them is only looked for
                if each and type(each[0]) is not float:
                    waiting.append(each)
            elif kind is dict:
                waiting.append(each)
    return names + "".join(texts).count(":")


class _Object(list[tuple[str, Any]]):
    """An object with all its names."""


def _first(inside: Any, path: str) -> str:
    if type(inside) is _Object:
        seen = set()
        for name, value in inside:
            shown = printable(name, limit=80) or '""'
            here = f"{path}.{shown}" if path else shown
            if name in seen:
                return here
            seen.add(name)
            if found := _first(value, here):
                return found
    elif type(inside) is list:
        for place, value in enumerate(inside):
            if type(value) in {list, _Object} and (found := _first(value, f"{path}[{place}]")):
                return found
    return ""
