"""The files that `perfci gate` is given, by name, glob or folder; no shell stands before an action.

A file that cannot be read does not take the others along: of shards it is one that is missing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from glob import glob, has_magic
from pathlib import Path

from perfci.cli.files import read_recording
from perfci.errors import FormatError
from perfci.model.run import Recording

_NAME = "run.json"
_HINT = (
    "look at where the results of the measuring jobs were downloaded to; each job writes its "
    "run.json into the folder of its --output"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """What was named and gave no recording."""

    name: str
    """As it was given, or found below what was given; hostile text."""
    error: FormatError


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What came of all names together, at least one of both."""

    recordings: tuple[Recording, ...]
    unread: tuple[Unread, ...]


def read_given(names: Sequence[str]) -> Given:
    """Read all that was named.

    Args:
        names: at least one; a folder stands for every `run.json` below it, a glob for what it
            matches. What exists under the very name is no glob.
    """
    recordings: list[Recording] = []
    unread: list[Unread] = []
    for path in (path for name in names for path in _files(name, unread)):
        try:
            recordings.append(read_recording(path))
        except FormatError as error:
            unread.append(Unread(name=path, error=error))
    return Given(recordings=tuple(recordings), unread=tuple(unread))


def _files(name: str, unread: list[Unread]) -> Iterator[str]:
    globbed = has_magic(name) and not Path(name).exists()
    # as a shell has it: pathlib's refuses some patterns, and takes hidden files along
    matches = sorted(glob(name, recursive=True)) if globbed else [name]  # noqa: PTH207
    if not matches:
        error = FormatError(f"no file matches {name}", hint=_HINT)
        unread.append(Unread(name=name, error=error))
    for match in matches:
        if not Path(match).is_dir():
            yield match
            continue
        below = sorted(str(path) for path in Path(match).rglob(_NAME) if path.is_file())
        if not below:
            error = FormatError(f"there is no {_NAME} in {match}, or below it", hint=_HINT)
            unread.append(Unread(name=match, error=error))
        yield from below
