"""github-action-benchmark's `data.js`: the runs behind its charts, a script that sets a variable.

`entries` has a list for each of its suites: a commit, a date in milliseconds, the tool, and one
number a benchmark, with a unit as the tool prints it. Of pytest that is a rate, 1 by the mean of
the rounds: it is taken as a latency, which is what perfci's reader takes.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from perfci.errors import FormatError
from perfci.model.run import Environment
from perfci.model.text import printable
from perfci.readers.histories.action_names import named_by
from perfci.readers.histories.parsing import finite_number, named, parse, table, text_of
from perfci.readers.histories.past import SUITE, Leftovers, Past, PastRun, Value
from perfci.readers.naming import harmless, identity
from perfci.readers.source import Source

TOOL = "github-action-benchmark"

_UNNAMED = "Benchmark"
"""What the action calls charts that nobody named."""
_START = re.compile(rb"\s*window\.BENCHMARK_DATA\s*=\s*")
_LATEST = datetime(9999, 1, 1, tzinfo=UTC).timestamp()


def sniff(head: bytes) -> bool:
    """Say whether a file is such a script."""
    return _START.match(head) is not None


def read(sources: tuple[Source, ...]) -> Past:
    """Return all runs; suites that were measured for one commit belong to one run.

    Raises:
        FormatError: a file is damaged.
    """
    left = Leftovers()
    runs: list[PastRun] = []
    for source in sources:
        entries = table(_document(source), "entries", source.name)
        for suite, found in entries.items():
            _join(runs, _runs(suite, found, source.name, left))
    return Past(runs=tuple(sorted(runs, key=lambda run: run.started_at)), left=left.sentences())


def _document(source: Source) -> dict[str, Any]:
    text = _START.sub(b"", source.data, count=1).rstrip().rstrip(b";")
    return parse(text, source.name)


def _runs(suite: str, entries: Any, source: str, left: Leftovers) -> Iterator[PastRun]:
    if type(entries) is not list:
        raise FormatError(f"{source}: entries of {suite[:60]!r} is not a list")
    for entry in entries:
        if type(entry) is not dict:
            left.add("the entry is no object", suite)
            continue
        commit = table(entry, "commit", source) if "commit" in entry else {}
        identity = commit.get("id")
        commit_id = printable(identity, limit=64) if type(identity) is str else ""
        moment = finite_number(entry.get("date"))
        if moment is None or not 0 <= moment / 1e3 < _LATEST:
            left.add("the entry has no date", f"{commit_id[:7]} of {suite}")
            continue
        tool = text_of(entry, "tool")
        values = tuple(_values(suite, entry.get("benches"), tool, commit_id, left))
        if values:
            yield PastRun(
                tool=TOOL,
                commit=commit_id,
                started_at=datetime.fromtimestamp(moment / 1e3, tz=UTC),
                environment=Environment(
                    cpu="not known", cores=1, kernel="system not known", runner=f"{TOOL} data"
                ),
                values=values,
            )


def _values(suite: str, benches: Any, tool: str, commit: str, left: Leftovers) -> Iterator[Value]:
    benches = benches if type(benches) is list else []
    names = {text_of(bench, "name") for bench in benches}
    seen: set[str] = set()
    for bench in benches:
        name = text_of(bench, "name")
        if not name:
            left.add("the value has no name", f"one of {commit[:7]}")
            continue
        of = named_by(tool, name, text_of(bench, "unit"), names)
        if of is None:
            continue
        number = finite_number(bench.get("value"))
        if number is None:
            left.add("the value is no finite number", f"{name} of {commit[:7]}")
            continue
        if of.inverse:
            number = finite_number(1 / number) if number else None
            if number is None:
                left.add("a rate of 0 has no latency", f"{name} of {commit[:7]}")
                continue
            left.change("taken as latency, 1 / rate of pytest", name)
        id_, metric = identity(_suite(suite), of.name, of.params), harmless(of.what.metric)
        key = id_.series(metric.name)
        if key in seen:
            left.add("the name occurs twice in one run", f"{name} of {commit[:7]}")
            continue
        seen.add(key)
        yield Value(id=id_, metric=metric, value=number * of.what.factor)


def _suite(chart: str) -> str:
    return SUITE if chart == _UNNAMED else named(chart, part=True)


def _join(runs: list[PastRun], more: Iterator[PastRun]) -> None:
    """Add runs of a suite; a run of the same commit that lacks the suite takes it in."""
    lacking: dict[str, list[int]] = {}
    for place, run in enumerate(runs):
        lacking.setdefault(run.commit, []).append(place)
    for run in more:
        places = lacking.get(run.commit) if run.commit else None
        if places:
            place = places.pop(0)
            joined = (*runs[place].values, *run.values)
            runs[place] = replace(runs[place], values=joined)
        else:
            runs.append(run)
