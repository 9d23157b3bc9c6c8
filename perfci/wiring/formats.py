"""The formats of result files: perfci's own list, and those of installed packages."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import EntryPoint, entry_points

from perfci.errors import FormatError
from perfci.model.run import Recording
from perfci.model.text import printable
from perfci.readers.format import Format
from perfci.readers.formats import FORMATS
from perfci.readers.reading import Reading
from perfci.readers.source import Source

GROUP = "perfci.readers"
"""Entry points of this group name a `Format` each."""
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,60}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What can be read here."""

    formats: Mapping[str, Format]
    """By name."""
    warnings: tuple[str, ...] = ()
    """A sentence for each reader of another package that cannot be used."""


def known_formats() -> Known:
    """Return every format; a package whose reader is broken is told of, and left out."""
    formats = dict(FORMATS)
    warnings = []
    for entry in entry_points(group=GROUP):
        try:
            item = _loaded(entry)
        except _UnfitError as unfit:
            warnings.append(f"{_who(entry)} is not used: {unfit}")
            continue
        if item.name in formats:
            warnings.append(f"{_who(entry)} is not used: {item.name} is known already")
            continue
        formats[item.name] = item
    return Known(formats=formats, warnings=tuple(warnings))


class _UnfitError(Exception):
    """An entry point gives no reader; says why."""


def _who(entry: EntryPoint) -> str:
    package = entry.dist.name if entry.dist else "a package"
    return printable(f"the reader {entry.name} of {package}", limit=200)


def _loaded(entry: EntryPoint) -> Format:
    try:
        item = entry.load()
    # another's code: whatever it raises, the rest is read all the same
    except (Exception, SystemExit) as error:
        raise _UnfitError(f"{type(error).__name__}: {printable(str(error), limit=200)}") from error
    if not isinstance(item, Format):
        raise _UnfitError(f"{printable(entry.value, limit=100)} is no perfci.readers.format.Format")
    if not _NAME.fullmatch(str(item.name)):
        raise _UnfitError("its name is not of small letters, digits, dots and hyphens")
    try:
        item.fits("")
    # its marks are another's: no pattern, no list, nothing that can be looped over
    except Exception as error:
        raise _UnfitError(
            f"its marks cannot be used: {printable(str(error), limit=100)}"
        ) from error
    return replace(item, parse=_told(item.parse, _who(entry)))


def _told(
    parse: Callable[[Sequence[Source]], Reading | Recording], who: str
) -> Callable[[Sequence[Source]], Reading | Recording]:
    """Return a reader whose crash is an error that names its package."""

    def parse_or_tell(sources: Sequence[Source]) -> Reading | Recording:
        try:
            return parse(sources)
        except FormatError:
            raise
        # another's code: its crash is a file that cannot be read, and names whose it is
        except Exception as error:
            what = printable(f"{type(error).__name__}: {error}", limit=200)
            raise FormatError(
                f"{who} cannot read {sources[0].name}: {what}",
                hint="This is a bug in that package, or the file is damaged.",
            ) from error

    return parse_or_tell
