"""The histories that perfci imports, and which of them a file belongs to."""

from collections.abc import Sequence

from perfci.errors import FormatError
from perfci.readers.histories import asv, bencher, benchmark_action
from perfci.readers.histories.past import HistoryFormat, Past, PastRun
from perfci.readers.source import Source
from perfci.schema.packed import beginning

HISTORIES = (
    HistoryFormat(
        name="github-action-benchmark",
        describes="data.js of its charts' branch",
        sniff=benchmark_action.sniff,
        read=benchmark_action.read,
    ),
    HistoryFormat(
        name="asv",
        describes="results/MACHINE/*.json and results/benchmarks.json",
        sniff=asv.sniff,
        read=asv.read,
    ),
    HistoryFormat(
        name="bencher",
        describes="what `bencher perf` or `bencher report list` printed",
        sniff=bencher.sniff,
        read=bencher.read,
    ),
)
"""Every history, in the order in which they are tried."""


def read_histories(sources: Sequence[Source], *, only: str = "") -> Past:
    """Return what all files hold together.

    Args:
        sources: files of any of the known histories.
        only: name of the one format they are all in; empty: it is found out.

    Raises:
        FormatError: a file is in none of them, or damaged.
    """
    by_format: dict[str, list[Source]] = {}
    for source in sources:
        by_format.setdefault(only or _format(source), []).append(source)
    runs: list[PastRun] = []
    left: list[str] = []
    for known in HISTORIES:
        if known.name in by_format:
            past = known.read(tuple(by_format[known.name]))
            runs += past.runs
            left += past.left
    return Past(runs=tuple(sorted(runs, key=lambda run: run.started_at)), left=tuple(left))


def _format(source: Source) -> str:
    head = beginning(source.data)
    for known in HISTORIES:
        if known.sniff(head):
            return known.name
    names = "; ".join(f"{known.name} ({known.describes})" for known in HISTORIES)
    raise FormatError(
        f"{source.name} is no history that perfci can import",
        hint=f"known are: {names}. A run.json is taken by `perfci baseline promote`",
    )
