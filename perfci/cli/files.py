"""Stored files named on the command line."""

from collections.abc import Iterator
from contextlib import contextmanager

from perfci.errors import FormatError
from perfci.model.run import Recording
from perfci.readers.look import look
from perfci.readers.own import OWN
from perfci.readers.source import Source
from perfci.results.files import read_source


def read_bytes(path: str) -> bytes:
    """Read a file that the user named.

    Raises:
        FormatError: it is not there, cannot be read, or is larger than anything that is read.
    """
    return read_source(path).data


@contextmanager
def out_of_range(path: str) -> Iterator[None]:
    """Turn numbers that no machine can hold into an error that names their file."""
    try:
        yield
    except (OverflowError, RecursionError) as error:
        raise FormatError(f"{path} holds a value that is out of range: {error}") from error


def read_recording(path: str) -> Recording:
    """Read a run that perfci recorded, or that `perfci ingest` made of another tool's files.

    Raises:
        FormatError: it cannot be read, is damaged, or is no run of perfci.
    """
    with out_of_range(path):
        source = read_source(path).unpacked()
        if not OWN.fits(look(source)):
            raise _foreign(source)
        read = OWN.parse([source])
    assert isinstance(read, Recording)  # noqa: S101 - it is how this format is read
    return read


def _foreign(source: Source) -> FormatError:
    from perfci.readers.formats import detect  # all readers, for this sentence alone

    found = detect(source)
    return FormatError(
        f"{source.name} holds results of {found.name}, and here a run of perfci is needed",
        hint=f"make it one: `perfci ingest {source.name}` writes perfci-results/run.json",
    )
