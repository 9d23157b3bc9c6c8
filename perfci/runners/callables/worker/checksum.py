"""The checksum of what a call returns: equal values have equal ones, in every process and Python.

Only what has the same text everywhere is taken: no object by its `repr`, which may hold an address.
Lists and tuples count alike, and so do the kinds of bytes and of sets; neither the order of a dict
nor that of a set counts, and NaN is equal to NaN.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from .refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

_MOST = 10_000_000
"""Values in all, those within lists too: some ten seconds."""
_DEEPEST = 100
"""Lists within lists."""
_CONSTANTS = {None: b"n", True: b"t", False: b"f"}


class Checksum:
    """The checksum of one value, or of a stream of them."""

    def __init__(self) -> None:
        self._made = hashlib.sha256()
        self._count = 0

    def text(self) -> str:
        """Return the checksum of all that was added, in hexadecimal."""
        return self._made.hexdigest()

    def add(self, value: Any) -> None:
        """Add a value.

        Raises:
            Refused: nothing can be made of it.
        """
        self._add(self._made, value, 0)

    def add_all(self, values: Iterable[Any]) -> None:
        """Add what a stream yields, one by one: it need not fit in memory."""
        for value in values:
            self.add(value)

    def _add(self, made: Any, value: Any, depth: int) -> None:
        self._count += 1
        if self._count > _MOST:
            raise refused("holds or yields more than 10 million values")
        if depth > _DEEPEST:
            raise refused("holds lists within lists, more than 100 deep or without end")
        if isinstance(value, (list, tuple)):
            made.update(b"[")
            for item in value:
                self._add(made, item, depth + 1)
            made.update(b"]")
        elif isinstance(value, (set, frozenset)):
            self._add_unordered(made, b"S", ((item,) for item in value), depth)
        elif isinstance(value, dict):
            self._add_unordered(made, b"D", value.items(), depth)
        else:
            made.update(_simple(value))

    def _add_unordered(self, made: Any, mark: bytes, rows: Iterable[Any], depth: int) -> None:
        """Add the rows of a set or a dict, in the order of their own checksums."""
        digests = []
        for row in rows:
            own = hashlib.sha256()
            for item in row:
                self._add(own, item, depth + 1)
            digests.append(own.digest())
        made.update(_marked(mark, b"".join(sorted(digests))))


def refused(why: str) -> Refused:
    """Return what to raise: why there is no checksum, as the rest of a sentence."""
    return Refused("checksum", why)


def _simple(value: Any) -> bytes:
    """Return the bytes of a value that holds no others, after their kind and length.

    Raises:
        Refused: it is of another kind.
    """
    if value is None or value is True or value is False:
        return _CONSTANTS[value]
    if isinstance(value, int):
        return _marked(b"i", b"%x" % int(value))
    if isinstance(value, float):
        return _marked(b"r", float.__repr__(value).encode())
    if isinstance(value, str):
        return _marked(b"s", str.encode(value, "utf-8", "surrogatepass"))
    if isinstance(value, (bytes, bytearray, memoryview)):
        return _marked(b"b", bytes(value))
    kind = type(value)
    name = f"{kind.__module__}.{kind.__qualname__}".replace("builtins.", "", 1)
    raise refused(f"is or holds a value of type {name}")


def _marked(mark: bytes, data: bytes) -> bytes:
    """Return bytes after their kind and length, so that no two values look alike."""
    return b"%c%d:%s" % (mark, len(data), data)
