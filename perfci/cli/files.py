"""Stored files named on the command line."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from perfci.errors import FormatError
from perfci.model.run import Recording
from perfci.readers.formats import detect

LARGEST = 512 << 20
"""Bytes of a file that are read at most."""


def read_bytes(path: str) -> bytes:
    """Read a file that the user named.

    Raises:
        FormatError: it is not there, or cannot be read.
    """
    try:
        if Path(path).stat().st_size > LARGEST:
            raise FormatError(
                f"{path} is larger than {LARGEST >> 20} MB",
                hint="split it, or leave out what is not compared",
            )
        with Path(path).open("rb") as file:
            data = file.read(LARGEST + 1)  # a device says that it is empty, and never ends
    except OSError as error:
        raise FormatError(
            f"{path} cannot be read: {error.strerror}",
            hint="check the path; `perfci run` writes perfci-results/run.json",
        ) from error
    if len(data) > LARGEST:
        raise FormatError(f"{path} does not end within {LARGEST >> 20} MB", hint="name a file")
    return data


@contextmanager
def out_of_range(path: str) -> Iterator[None]:
    """Turn numbers that no machine can hold into an error that names their file."""
    try:
        yield
    except (OverflowError, RecursionError) as error:
        raise FormatError(f"{path} holds a value that is out of range: {error}") from error


def read_recording(path: str) -> Recording:
    """Read a file of results in any known format."""
    data = read_bytes(path)
    with out_of_range(path):
        return detect(data, path).parse(data, path)
