"""Bencher's history, as its programs print it in JSON: `bencher perf` and `bencher report list`.

A perf query has lines, each of one branch, testbed, benchmark and measure, with a metric a report;
a report has its branch and testbed, and every benchmark with its measures.
"""

from collections.abc import Iterator
from typing import Any

from perfci.errors import FormatError
from perfci.model.run import Environment
from perfci.readers.custom_metric import custom_quantity
from perfci.readers.histories.parsing import finite_number, named, parse_any, text_of, time_of
from perfci.readers.histories.past import SUITE, Leftovers, Past, PastRun, Value
from perfci.readers.naming import harmless, identity
from perfci.readers.source import Source

TOOL = "Bencher"

_NUMBER = "the metric is no finite number"
_Head = tuple[str, str, str, str]
"""Branch, testbed, commit and time of a report: what belongs to one run."""


def sniff(head: bytes) -> bool:
    """Say whether a file is an answer of Bencher's."""
    start = head.lstrip()
    perf = start.startswith(b"{") and b'"project"' in start and b'"results"' in start
    reports = start.startswith((b"[", b"{")) and b'"testbed"' in start and b'"adapter"' in start
    return perf or reports or (b'"testbed"' in start and b'"measure"' in start)


def read(sources: tuple[Source, ...]) -> Past:
    """Return all runs: one a report.

    Raises:
        FormatError: a file is damaged, or another kind of answer.
    """
    left = Leftovers()
    found: dict[_Head, dict[str, list[Value]]] = {}
    for source in sources:
        root = parse_any(source.data, source.name)
        for head, value in _metrics(root, source.name, left):
            key = value.id.series(value.metric.name)
            found.setdefault(head, {}).setdefault(key, []).append(value)
    runs = [run for head, series in found.items() if (run := _run(head, series, left)) is not None]
    return Past(runs=tuple(sorted(runs, key=lambda run: run.started_at)), left=left.sentences())


def _metrics(root: Any, source: str, left: Leftovers) -> Iterator[tuple[_Head, Value]]:
    reports = root if type(root) is list else [root]
    for item in reports:
        if type(item) is not dict or type(item.get("results")) is not list:
            raise FormatError(
                f"{source} is no history of Bencher's: it has no list of results",
                hint="Write one by `bencher perf` or `bencher report list`.",
            )
        if "branch" in item:
            yield from _of_report(item, left)
        else:
            yield from _of_perf(item, left)


def _of_perf(root: dict[str, Any], left: Leftovers) -> Iterator[tuple[_Head, Value]]:
    for line in root["results"]:
        measure = (line.get("measure") or root.get("metric_kind")) if type(line) is dict else None
        points = line.get("metrics") if type(line) is dict else None
        for point in points if type(points) is list else ():
            commit = text_of(point, "version", "hash") or text_of(point, "version_hash")
            head = (
                text_of(line, "branch", "name"),
                text_of(line, "testbed", "name"),
                commit,
                text_of(point, "start_time"),
            )
            value = _value(line.get("benchmark"), measure, point, left)
            if value is not None:
                yield head, value


def _of_report(report: dict[str, Any], left: Leftovers) -> Iterator[tuple[_Head, Value]]:
    branch = report.get("branch")
    commit = text_of(branch, "head", "version", "hash") or text_of(branch, "version", "hash")
    head = (
        text_of(report, "branch", "name"),
        text_of(report, "testbed", "name"),
        commit,
        text_of(report, "start_time"),
    )
    for iteration in report["results"]:
        for result in iteration if type(iteration) is list else ():
            measures = result.get("measures") if type(result) is dict else None
            for each in measures if type(measures) is list else ():
                measure = each.get("measure") if type(each) is dict else None
                value = _value(result.get("benchmark"), measure, each, left)
                if value is not None:
                    yield head, value


def _value(benchmark: Any, measure: Any, point: Any, left: Leftovers) -> Value | None:
    name = text_of(benchmark, "name")
    if not name:
        left.add("the metric has no benchmark", text_of(measure, "name") or "one of them")
        return None
    number = _number(point)
    if number is None:
        left.add(_NUMBER, name)
        return None
    slug = text_of(measure, "slug") or text_of(measure, "name")
    try:
        what = custom_quantity(slug.strip().lower(), text_of(measure, "units"), None)
    except ValueError as error:
        left.add(str(error), name)
        return None
    id_ = identity(SUITE, name)
    return Value(id=id_, metric=harmless(what.metric), value=number * what.factor)


def _number(point: Any) -> float | None:
    """Return a metric's value: newer answers have several by name, of which one is `value`."""
    if type(point) is not dict:
        return None
    metric, several = point.get("metric"), point.get("metrics")
    if type(metric) is not dict and type(several) is dict:
        metric = several.get("value")
    return finite_number(metric.get("value")) if type(metric) is dict else None


def _run(head: _Head, series: dict[str, list[Value]], left: Leftovers) -> PastRun | None:
    branch, testbed, commit, time = head
    started_at = time_of(time)
    if started_at is None:
        left.add("the report has no time", commit[:7] or branch)
        return None
    values = []
    for several in series.values():
        # one report may hold several iterations of a benchmark: the first stands for it
        values.append(several[0])
        for _ in several[1:]:
            left.add("it is a further iteration in one report", str(several[0].id))
    return PastRun(
        tool=TOOL,
        commit=named(commit) if commit else "",
        branch=branch,
        started_at=started_at,
        environment=Environment(
            cpu="not known",
            cores=1,
            kernel="system not known",
            runner=f"{TOOL} testbed {named(testbed)}",
        ),
        values=tuple(values),
    )
