"""What a format is: how it is recognised, how it is read, what it can prove."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from perfci.errors import FormatError
from perfci.model.run import Recording
from perfci.readers.reading import Reading
from perfci.readers.source import Source


class Proof(StrEnum):
    """The most that a format's files can hold of a series: what a verdict can stand on."""

    LAUNCHES = "launches"
    """Values by fresh process."""
    REPETITIONS = "repetitions"
    """Values by repetition within one process."""
    VALUES = "values"
    """Rounds or iterations of one process."""
    SUMMARY = "summary"
    """One number: only history and ratios can gate it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One format of result files."""

    name: str
    """As in `read:` and `--format`: `pytest-benchmark`."""
    describes: str
    """For `perfci formats`: what writes such files, and with which options."""
    proves: Proof
    marks: tuple[str, ...]
    """Regular expressions, `^` at any line: a file is in this format where all are found in its
    look (see `look`). At least two, so that files that are nearly so can be told; first the one
    that takes least to be missed in a file of another format."""
    without: tuple[str, ...] = ()
    """Regular expressions none of which may be found there."""
    files: str = "*"
    """Of a folder, the files to read: a glob over paths with forward slashes, `*` crosses them."""
    yields_to: str = ""
    """The format in which the same run is written beside it: of a folder with both, that is read.
    Empty for none."""
    parse: Callable[[Sequence[Source]], Reading | Recording]
    """Takes unpacked files of this format, at least one; raises FormatError."""

    def fits(self, look: str) -> bool:
        """Return whether a file that looks like this is in the format, without a guess."""
        # the first that is missing ends it: to compile all marks of all formats takes longer
        return all(re.search(mark, look, re.MULTILINE) for mark in self.marks) and not any(
            re.search(mark, look, re.MULTILINE) for mark in self.without
        )


def nothing_in(source: Source, what: str) -> FormatError:
    """Return the error for a sound file without a single result.

    Args:
        source: the file.
        what: that it has none of: `benchmarks`.
    """
    return FormatError(
        f"{source.name} holds no {what}",
        hint="Was anything selected when the tool ran? Nothing measured is never a pass.",
    )
