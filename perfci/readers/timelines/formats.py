"""Which kind of history a file is, and all files together as series."""

import re
from collections.abc import Sequence

from perfci.errors import FormatError
from perfci.readers.histories.formats import HISTORIES, read_histories
from perfci.readers.source import Source
from perfci.readers.timelines.drafts import Drafts, Timelines
from perfci.readers.timelines.records import read_records
from perfci.readers.timelines.runs import add_runs, past_runs
from perfci.readers.timelines.table import is_table, read_table
from perfci.schema.packed import beginning, unpack

_RECORDS = re.compile(rb'[\[{]\s*(?:\{\s*)?"[^\0]*"points"\s*:\s*\[')
_BOM = b"\xef\xbb\xbf"


def read_timelines(
    sources: Sequence[Source], *, branch: str | None = None, everywhere: bool = False
) -> Timelines:
    """Return the series of all files.

    Args:
        sources: files, of any known kinds.
        branch: whose runs count, where a file tells branches; None: there has to be one alone.
        everywhere: True for the runs of all environments, each with series of its own.

    Raises:
        FormatError: a file is of no known kind, or damaged.
    """
    drafts = Drafts()
    told: list[str] = []
    histories: list[Source] = []
    for source in sources:
        head = beginning(source.data).removeprefix(_BOM).lstrip()
        if not _RECORDS.match(head) and any(known.sniff(head) for known in HISTORIES):
            histories.append(source)
            continue
        text = _text(source)
        if head[:1] in {b"{", b"["}:
            read_records(text, source.name, drafts)
        elif head and is_table(text[:65536]):
            read_table(text, source.name, branch, drafts)
        else:
            raise _foreign(source.name, empty=not head)
    if histories:
        past = read_histories(histories)
        names = ", ".join(source.name for source in histories)[:200]
        sightings = tuple(past_runs(past.runs, names, branch))
        told += [*past.left, *add_runs(sightings, drafts, everywhere=everywhere)]
    made = drafts.finished()
    return Timelines(series=made.series, told=(*told, *made.told))


def _text(source: Source) -> str:
    """Return a file's text, all its lines ended by a line feed."""
    data = unpack(source.data, source.name)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FormatError(
            f"{source.name}, line {line}: byte {error.start} is no UTF-8",
            hint="Write the file as UTF-8 text, or packed by gzip.",
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _foreign(name: str, *, empty: bool) -> FormatError:
    known = "; ".join(f"{each.name} ({each.describes})" for each in HISTORIES)
    return FormatError(
        f"{name} is empty" if empty else f"{name} is no history that perfci knows",
        hint="known are: JSON Lines or an array of series with their points; CSV with columns "
        f"time, commit and metrics; {known}",
    )
