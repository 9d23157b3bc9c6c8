"""The zip that carries blobs where a forge keeps only whole archives: strange until it is read."""

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO

from perfci.errors import StoreError

LEFT = "perfci-store"
"""Folder on disk, and so in an archive that others made of it, below which blobs lie by name."""
_WANTED = re.compile(rf"(?:(?:.*/)?{LEFT}/)?(v1/[^\0\\]+)", re.DOTALL)
_ENTRY = b"PK\x01\x02"
_MOST = 20_000
_LARGEST = 256 << 20
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_STAMP = (1980, 1, 1, 0, 0, 0)
_DAMAGES = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,  # encrypted, or packed by a method that zipfile does not know
    ValueError,
)
_HINT = "remove it on the server's own pages: the next run makes a new one"


def pack(blobs: Mapping[str, bytes]) -> bytes:
    """Return an archive of some blobs; equal blobs give equal bytes."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(blobs):
            entry = zipfile.ZipInfo(name, _STAMP)
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            packed = name.endswith(".gz")
            entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            archive.writestr(entry, blobs[name])
    return buffer.getvalue()


def unpack(data: bytes, where: str, *also: str) -> dict[str, bytes]:
    """Return the blobs of an archive; nothing of it touches a disk.

    What is no blob (other files, links, names that lead elsewhere) is passed over.

    Args:
        data: the archive.
        where: what it is, for messages.
        also: names that are taken though they are none of a blob.

    Raises:
        StoreError: it is damaged, or would unfold to more than perfci ever packed.
    """
    if data.count(_ENTRY) > _MOST:
        raise StoreError(f"{where} holds more than {_MOST:,} files", hint=_HINT)
    found: dict[str, bytes] = {}
    room = _LARGEST
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            for entry in archive.infolist():
                name = entry.filename if entry.filename in also else _name(entry)
                if name is None:
                    continue
                content = _content(archive, entry, room)
                room -= len(content)
                if room < 0:
                    unfolded = f"{_LARGEST >> 20} MB"
                    raise StoreError(f"{where} unfolds to more than {unfolded}", hint=_HINT)
                if found.setdefault(name, content) != content:
                    message = f"{where} holds {name[:200]!r} twice, and not alike"
                    raise StoreError(message, hint=_HINT)
    except _DAMAGES as error:
        raise StoreError(f"{where} is no archive that can be read: {error}", hint=_HINT) from error
    return found


def _name(entry: zipfile.ZipInfo) -> str | None:
    """Return the blob's name; None where an entry holds none."""
    kind = stat.S_IFMT(entry.external_attr >> 16)
    wanted = _WANTED.fullmatch(entry.filename)
    if wanted is None or entry.is_dir() or kind not in {0, stat.S_IFREG}:
        return None
    parts = wanted[1].split("/")
    return None if any(not part or part.startswith(".") for part in parts) else wanted[1]


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> bytes:
    """Return at most one byte more than there is room for, whatever the entry says of its size."""
    if entry.compress_type not in _METHODS:
        raise zipfile.BadZipFile(f"packed by method {entry.compress_type}")
    with archive.open(entry) as file:
        return file.read(room + 1)
