"""One file that a person has named: a regular one whole or not at all, a device or a pipe as it is.

A folder that perfci fills is its own, and links in it are not followed; here they are.
"""

from collections.abc import Iterable
from pathlib import Path
from stat import S_ISREG

from perfci.errors import PerfciError
from perfci.platforms.folder import give, owner_of, replace_file

STANDARD_OUTPUT = "-"


def is_one_of(place: Path, inputs: Iterable[Path]) -> bool:
    """Tell whether a file that is there is one of others, or lies in a folder among them."""
    return any(_is(place, each) for each in inputs)


def _is(place: Path, other: Path) -> bool:
    try:
        within = other.is_dir() and place.resolve().is_relative_to(other.resolve())
        return within or place.samefile(other)
    except (OSError, RuntimeError):  # nothing is there, or links in a ring
        return False


def insist_on_file(named: str, inputs: Iterable[Path] = ()) -> Path:
    """Return the place that is named, where a file can be written and no input is lost.

    Args:
        named: by a person; nothing need be there yet.
        inputs: files that are read, and folders.

    Raises:
        PerfciError: it is a folder, or one of the inputs.
    """
    place = Path(named)
    if named.endswith("/") or place.is_dir():
        raise PerfciError(f"{named} is a folder", hint="name a file")
    if is_one_of(place, inputs):
        raise PerfciError(
            f"{named} is one of the files that are read, and would be written over",
            hint="name another file",
        )
    return place


def write_file(place: Path, content: bytes) -> None:
    """Write a file where a person has named it.

    Links are followed. What is there and is no regular file, or is open already, is written to.

    Raises:
        PerfciError: it could not be written; an older regular file is as it was.
    """
    try:
        regular = _is_regular(place)
        if regular and not _is_open(place):
            _replace(place.resolve(), content)
            return
        # at the end: what an open file holds already is not to be lost
        with place.open("ab") as file:
            file.write(content)
    except OSError as error:
        raise PerfciError(
            f"{place} could not be written: {error.strerror or error}",
            hint="free some space or name another file",
        ) from error


def _is_regular(place: Path) -> bool:
    """Tell whether a regular file is there, or nothing yet."""
    try:
        return S_ISREG(place.stat().st_mode)
    except FileNotFoundError:
        return True


def _is_open(place: Path) -> bool:
    """Tell whether a path is the name of an open file: `/dev/stdout`, `/dev/fd/3`.

    To replace the file behind it would leave whoever has it open with one that is gone.
    """
    while place.is_symlink():
        folder = place.parent.resolve()
        if folder.is_relative_to("/proc"):
            return True
        place = folder / place.readlink()
    return False


def _replace(place: Path, content: bytes) -> None:
    around = next(each for each in place.parents if each.exists())
    owner = owner_of(around)
    place.parent.mkdir(parents=True, exist_ok=True)
    for folder in place.parents[: len(place.parent.relative_to(around).parts)]:
        give(folder, owner)
    replace_file(place, content, owner)
