"""A folder of results: which of its files are read, and in which format."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path

from perfci.errors import FormatError
from perfci.readers.format import Format
from perfci.readers.formats import detect
from perfci.readers.source import Source
from perfci.results.files import read_source
from perfci.schema.packed import LIMIT

_ENTRIES = 100_000
"""Files and folders that are looked at below one folder."""


def read_folder(
    folder: Path, formats: Mapping[str, Format], only: Format | None
) -> tuple[Format, tuple[Source, ...]]:
    """Read the files of results below a folder, named by their paths in it.

    Where some are recognised, the others that belong to the same format by their names come along.

    Args:
        folder: of a tool, as criterion's `target/criterion`.
        formats: that are known, by name.
        only: what they are in; None finds out.

    Raises:
        FormatError: there is none, there are several formats, or there is too much.
    """
    names = _names(folder)
    if only:
        wanted = [name for name in names if fnmatchcase(name, only.files)]
        if not wanted:
            raise FormatError(
                f"{folder} holds no file of {only.name}, which are called {only.files}",
                hint="name the folder that the tool writes into",
            )
        return only, tuple(_Reader(folder).read(name) for name in wanted)
    found: dict[str, list[Source]] = {}
    reader = _Reader(folder)
    unknown = []
    for name in names:
        source = reader.read(name)
        item = _format_of(source, formats)
        if item:
            found.setdefault(item.name, []).append(source)
        else:
            unknown.append(source)
    if not found:
        raise FormatError(
            f"{folder} holds nothing that perfci reads, in {len(names)} files",
            hint="`perfci formats` lists what is read; `--format` names it where it is not found",
        )
    found = {name: it for name, it in found.items() if formats[name].yields_to not in found}
    if len(found) > 1:
        several = ", ".join(f"{len(files)} of {name}" for name, files in sorted(found.items()))
        raise FormatError(
            f"{folder} holds files of several formats: {several}",
            hint=f"name one: `--format {min(found)}`",
        )
    (item,) = (formats[name] for name in found)
    beside = unknown if item.files != "*" else []
    sources = [*found[item.name], *(each for each in beside if fnmatchcase(each.name, item.files))]
    return item, tuple(sorted(sources, key=lambda source: source.name))


def _names(folder: Path) -> Sequence[str]:
    entries = list(islice(folder.rglob("*"), _ENTRIES + 1))
    if len(entries) > _ENTRIES:
        raise FormatError(
            f"{folder} holds more than {_ENTRIES:,} files and folders",
            hint="name the folder that the tool writes into, or files",
        )
    names = [path.relative_to(folder).as_posix() for path in sorted(entries) if path.is_file()]
    if not names:
        raise FormatError(f"{folder} is a folder without a file", hint="did the tool write here?")
    return names


def _format_of(source: Source, formats: Mapping[str, Format]) -> Format | None:
    try:
        item = detect(source, formats)
    except FormatError:
        return None
    return item if fnmatchcase(source.name, item.files) else None


class _Reader:
    """Reads files of one folder, together no more than one file may have."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._room = LIMIT

    def read(self, name: str) -> Source:
        source = read_source(str(self._folder / name), name).unpacked()
        self._room -= len(source.data)
        if self._room < 0:
            raise FormatError(
                f"the files of {self._folder} are larger than {LIMIT >> 20} MiB together",
                hint="name the folder that the tool writes into, or files",
            )
        return source
