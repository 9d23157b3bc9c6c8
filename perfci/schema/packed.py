"""Bytes as they come from outside: plain or gzip, never more than they can rightly be.

What they become in memory is bounded with them: an empty object takes 3 bytes of JSON and 83 of
memory, and a file of 60 kB can unpack to 60 MB of them.
"""

import zlib

from perfci.errors import FormatError

LIMIT = 256 * 2**20
"""Bytes that a document may have, unpacked; more is refused before it fills the memory.

A run of 1,000 benchmarks with 52 launches each has 100 MB, an index of 1,000 series and 100 runs
20 MB.
"""
FREE = 8 * 2**20
"""Bytes that a document may have, however small it was packed."""
RATIO = 100
"""What is larger may be so many times its packed size beyond that.

Runs of equal counts reach 35; a thousand benchmarks that all fail with the same 8 kB reach 140, but
have 8 MB.
"""
CONTAINERS = 500_000
"""Objects and lists that a document may hold, however short it is."""
DENSITY = 24
"""A longer one may hold one more for so many bytes: of perfci's own each has 36 or more."""

_MAGIC = b"\x1f\x8b"
_GZIP = 31  # zlib's code for a gzip header with the largest window
_MEMBERS = 100
"""Gzip members: each costs a copy of all that follow, and a file can hold a million."""
_PART = 2**16
"""Bytes that are looked at at once: they stay in the processor's cache."""
_CHECK = "Check that it is the file you mean; large suites can be measured in shards."


def pack(data: bytes) -> bytes:
    """Return `data` as gzip, the same bytes each time (no stamp, no name)."""
    packer = zlib.compressobj(level=6, wbits=_GZIP)
    return packer.compress(data) + packer.flush()


def unpack(data: bytes, source: str, *, limit: int = LIMIT) -> bytes:
    """Return plain data as it is, and gzip data (one or more members) unpacked.

    Args:
        data: the file's bytes.
        source: the file's name, for messages.
        limit: the largest result in bytes.

    Raises:
        FormatError: larger than `limit`, or than so small a file can rightly be; more objects and
            lists than its length accounts for; or gzip that is damaged or ends too early.
    """
    if data.startswith(_MAGIC):
        data = _unpacked(data, source, limit)
    elif len(data) > limit:
        raise _too_large(source, limit)
    if _too_dense(data):
        message = f"{source} holds more objects and lists than any document of its length"
        raise FormatError(message, hint=_CHECK)
    return data


def _too_dense(data: bytes) -> bool:
    room = CONTAINERS + len(data) // DENSITY
    for start in range(0, len(data), _PART):
        part = data[start : start + _PART]
        for mark in (b"{", b"["):
            # `count` looks at every byte, `replace` leaps from mark to mark
            room -= len(part) - len(part.replace(mark, b""))
        if room < 0:
            return True
    return False


def _unpacked(data: bytes, source: str, limit: int) -> bytes:
    most = min(limit, FREE + RATIO * len(data))
    parts: list[bytes] = []
    room = most
    while data.startswith(_MAGIC) and len(parts) < _MEMBERS:
        member = zlib.decompressobj(wbits=_GZIP)
        try:
            part = member.decompress(data, room + 1)
        except zlib.error as error:
            message = f"{source} is damaged: it begins like gzip, but does not unpack"
            raise FormatError(f"{message} ({error})", hint="Copy or write it again.") from None
        room -= len(part)
        if room < 0:
            raise _too_large(source, limit) if most == limit else _too_tight(source)
        if not member.eof:
            message = f"{source} is damaged: its gzip data ends too early"
            raise FormatError(message, hint="Copy or write it again.")
        parts.append(part)
        data = member.unused_data
    if data.strip(b"\0"):
        raise FormatError(f"{source} is damaged: something else follows its gzip data")
    unpacked = b"".join(parts)
    if unpacked.startswith(_MAGIC):  # or what was small twice may be large
        raise FormatError(f"{source} is damaged: it is gzip within gzip", hint=_CHECK)
    return unpacked


def beginning(data: bytes, size: int = 4096) -> bytes:
    """Return the first bytes, unpacked as far as they unpack; never fails."""
    if not data.startswith(_MAGIC):
        return data[:size]
    try:
        return zlib.decompressobj(wbits=_GZIP).decompress(data, size)
    except zlib.error:
        return b""


def _too_large(source: str, limit: int) -> FormatError:
    return FormatError(
        f"{source} is larger than {limit // 2**20} MiB unpacked; perfci reads no more than that",
        hint=_CHECK,
    )


def _too_tight(source: str) -> FormatError:
    return FormatError(
        f"{source} unpacks to more than {RATIO} times its size and {FREE // 2**20} MiB; nothing "
        "that was measured does",
        hint=_CHECK,
    )
