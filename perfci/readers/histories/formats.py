"""The histories that perfci imports, and which of them a file belongs to."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from perfci.errors import FormatError
from perfci.readers.histories import asv, bencher, benchmark_action
from perfci.readers.histories.past import HistoryFormat, Leftovers, Past, PastRun, Value
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


def read_histories(sources: Sequence[Source], *, only: str = "", suite: str | None = None) -> Past:
    """Return what all files hold together.

    Args:
        sources: files of any of the known histories.
        only: name of the one format they are all in; empty: it is found out.
        suite: of all their benchmarks; None: as each history has it.

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
    runs.sort(key=lambda run: run.started_at)
    met = Leftovers()
    runs = [replace(run, values=tuple(_placed(run.values, suite, met))) for run in runs]
    return Past(runs=tuple(runs), left=(*left, *met.sentences()))


def _placed(values: Iterable[Value], suite: str | None, met: Leftovers) -> Iterator[Value]:
    """Yield values with their benchmarks in a suite; of those that meet there, the first."""
    seen: set[str] = set()
    for value in values:
        placed = value if suite is None else replace(value, id=replace(value.id, suite=suite))
        key = placed.id.series(placed.metric.name)
        if key in seen:
            met.add("the name occurs twice in one run", key)
        else:
            seen.add(key)
            yield placed


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
