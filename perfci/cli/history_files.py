"""The series of files that were named, or of all files below a folder."""

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from perfci.cli.files import out_of_range, read_bytes
from perfci.errors import FormatError
from perfci.readers.source import Source
from perfci.readers.timelines.drafts import Timelines
from perfci.readers.timelines.formats import read_timelines

_ENDINGS = {".json", ".jsonl", ".ndjson", ".js", ".csv", ".tsv", ".gz"}


def timelines_of_files(options: Namespace) -> Timelines:
    """Return the series of all files together.

    Raises:
        FormatError: a file cannot be read, is damaged, or is no history.
    """
    paths = [path for named in options.files for path in _paths(named)]
    with out_of_range(", ".join(options.files)[:200]):
        return read_timelines(
            [Source(name=path, data=read_bytes(path)) for path in paths],
            branch=options.branch,
            everywhere=options.all_environments,
        )


def _paths(named: str) -> Iterator[str]:
    folder = Path(named)
    if not folder.is_dir():
        yield named
        return
    inside = [path for path in sorted(folder.rglob("*")) if path.suffix in _ENDINGS]
    found = [str(path) for path in inside if path.is_file()]
    if not found:
        raise FormatError(
            f"{named} is a folder without a file that could be read",
            hint="name asv's folder of results, or a file that ends in "
            + ", ".join(sorted(_ENDINGS)),
        )
    yield from found
