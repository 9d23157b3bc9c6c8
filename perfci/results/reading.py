"""What was named, read: files and folders of one tool to one reading."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from perfci.errors import FormatError
from perfci.model.run import Recording
from perfci.readers.format import Format
from perfci.readers.formats import detect
from perfci.readers.reading import Reading
from perfci.readers.source import Source
from perfci.results.files import read_source
from perfci.results.folder import read_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What was named, recognised."""

    format: Format
    sources: tuple[Source, ...]
    """Unpacked."""

    def reading(self) -> Reading:
        """Return what another tool has measured.

        Raises:
            FormatError: it is damaged, holds nothing, or is a run of perfci itself.
        """
        found = self.read()
        if isinstance(found, Recording):
            raise FormatError(
                f"{self.sources[0].name} is a run of perfci itself",
                hint="`perfci gate` takes runs that are recorded",
            )
        return found

    def read(self) -> Reading | Recording:
        """Return what is in it, a run of perfci as it is.

        Raises:
            FormatError: it is damaged, or holds nothing.
        """
        try:
            return self.format.parse(self.sources)
        except (OverflowError, RecursionError) as error:
            name = self.sources[0].name
            raise FormatError(f"{name} holds a value that is out of range: {error}") from error


def chosen(
    paths: Sequence[str | Path], formats: Mapping[str, Format], only: Format | None
) -> Chosen:
    """Find out what is meant by one or more paths as results of one tool.

    Args:
        paths: files, folders, or `-` for standard input; at least one.
        formats: that are known, by name.
        only: what they are in; None finds out.

    Raises:
        FormatError: something cannot be read, or is in another format than the rest.
    """
    found: dict[str, tuple[Format, str]] = {}
    sources: list[Source] = []
    for path in paths:
        item, files = _of(str(path), formats, only)
        found.setdefault(item.name, (item, str(path)))
        sources += files
    if len(found) > 1:
        told = " and ".join(f"{name} is of {item.name}" for item, name in found.values())
        raise FormatError(
            f"these are results of several tools: {told}",
            hint="`perfci ingest` each tool's by themselves, with an --output of its own; "
            "`perfci gate` takes the runs together",
        )
    ((item, _),) = found.values()
    return Chosen(format=item, sources=tuple(sources))


def _of(
    path: str, formats: Mapping[str, Format], only: Format | None
) -> tuple[Format, tuple[Source, ...]]:
    if _is_folder(path):
        return read_folder(Path(path), formats, only)
    source = read_source(path).unpacked()
    return only or detect(source, formats), (source,)


def _is_folder(path: str) -> bool:
    try:
        return Path(path).is_dir()
    except (OSError, ValueError):  # no possible name: whoever reads it says so
        return False
