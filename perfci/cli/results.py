"""Results of any tool that were named on the command line: files, folders, standard input."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from perfci.baselines.keys import run_id
from perfci.cli.progress import progress
from perfci.model.run import Recording
from perfci.readers.format import Format
from perfci.readers.formats import named
from perfci.readers.reading import Reading
from perfci.readers.recording import Import, recording_of
from perfci.results.reading import chosen
from perfci.wiring import process
from perfci.wiring.formats import known_formats

_ANY = "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What was named, read."""

    format: Format
    files: int
    read: Reading | Recording
    moment: datetime
    """Aware; when the newest file was written, now where that is not known."""

    def recording(self, suite: str = "default") -> Recording:
        """Return it as a run, whose id says when it was measured, and no more."""
        if isinstance(self.read, Recording):
            return self.read
        at = self.read.started_at or self.moment
        how = Import(
            suite=suite, tool=self.format.name, run_id=run_id(at, _ANY), moment=self.moment
        )
        return recording_of(self.read, how)


def read_results(names: Sequence[str], only: str | None) -> Results:
    """Read what is meant by one or more names as results of one tool.

    Args:
        names: files, folders, or `-` for standard input.
        only: the format's name; None finds out.

    Raises:
        ConfigurationError: there is no format of that name.
        FormatError: something cannot be read, is damaged, or is in another format than the rest.
    """
    known = known_formats()
    for warning in known.warnings:
        progress().warn(warning)
    wanted = named(only, known.formats) if only else None
    found = chosen(names, known.formats, wanted)
    return Results(
        format=found.format,
        files=len(found.sources),
        read=found.read(),
        moment=max((it.modified for it in found.sources if it.modified), default=None)
        or process.SystemClock().now(),
    )
