"""Stored files named on the command line."""

from pathlib import Path

from perfci.errors import FormatError
from perfci.model.run import Recording
from perfci.readers.formats import detect


def read_bytes(path: str) -> bytes:
    """Read a file that the user named.

    Raises:
        FormatError: it is not there, or cannot be read.
    """
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise FormatError(
            f"{path} cannot be read: {error.strerror}",
            hint="check the path; `perfci run` writes perfci-results/run.json",
        ) from error


def read_recording(path: str) -> Recording:
    """Read a file of results in any known format."""
    data = read_bytes(path)
    return detect(data, path).parse(data, path)
