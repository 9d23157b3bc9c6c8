"""Bytes as they come from outside: plain or gzip, never larger than a bound."""

import zlib

from perfci.errors import FormatError

LIMIT = 512 * 2**20
"""Bytes that a document may have, unpacked; more is refused before it fills the memory."""

_MAGIC = b"\x1f\x8b"
_GZIP = 31  # zlib's code for a gzip header with the largest window


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
        FormatError: larger than `limit`, or gzip that is damaged or ends too early.
    """
    if not data.startswith(_MAGIC):
        if len(data) > limit:
            raise _too_large(source, limit)
        return data
    parts = []
    room = limit
    while data.startswith(_MAGIC):
        member = zlib.decompressobj(wbits=_GZIP)
        try:
            part = member.decompress(data, room + 1)
        except zlib.error as error:
            message = f"{source} is damaged: it begins like gzip, but does not unpack"
            raise FormatError(f"{message} ({error})", hint="Copy or write it again.") from None
        room -= len(part)
        if room < 0:
            raise _too_large(source, limit)
        if not member.eof:
            message = f"{source} is damaged: its gzip data ends too early"
            raise FormatError(message, hint="Copy or write it again.")
        parts.append(part)
        data = member.unused_data
    if data.strip(b"\0"):
        raise FormatError(f"{source} is damaged: something else follows its gzip data")
    return b"".join(parts)


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
        hint="Check that it is the file you mean; large suites can be measured in shards.",
    )
