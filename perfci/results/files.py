"""One file, read as it is on disk, and never more than is ever read."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from stat import S_ISREG

from perfci.errors import FormatError
from perfci.readers.source import Source
from perfci.schema.packed import LIMIT

STANDARD_INPUT = "-"
_INPUT = "standard input"


def read_source(path: str, name: str = "") -> Source:
    """Read a file, as it is on disk; `-` is standard input.

    Args:
        path: of the file.
        name: for messages, where it is not the path.

    Raises:
        FormatError: it is not there, cannot be read, or is larger than anything that is read.
    """
    if path == STANDARD_INPUT:
        return Source(name=_INPUT, data=_bounded(sys.stdin.buffer.read(LIMIT + 1), _INPUT))
    try:
        found = Path(path).stat()
        if found.st_size > LIMIT:
            raise _too_large(path)
        with Path(path).open("rb") as file:
            # room for what it has is had sooner than for the largest
            data = file.read(found.st_size + 1)
            if len(data) > found.st_size:  # a device or a pipe says that it is empty
                data += file.read(LIMIT + 1 - len(data))
    except (OSError, ValueError) as error:
        raise FormatError(
            f"{path} cannot be read: {getattr(error, 'strerror', None) or error}",
            hint="check the path; `perfci run` writes perfci-results/run.json",
        ) from error
    regular = S_ISREG(found.st_mode)
    return Source(
        name=name or path,
        data=_bounded(data, path),
        modified=datetime.fromtimestamp(found.st_mtime, UTC) if regular else None,
    )


def _bounded(data: bytes, name: str) -> bytes:
    if len(data) > LIMIT:
        raise _too_large(name)
    return data


def _too_large(name: str) -> FormatError:
    return FormatError(
        f"{name} is larger than {LIMIT >> 20} MiB; perfci reads no more than that",
        hint="split it, or leave out what is not compared",
    )
