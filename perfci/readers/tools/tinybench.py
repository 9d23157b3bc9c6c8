"""tinybench: its tasks as a script wrote them, or the table that it printed of them.

tinybench writes no file. Scripts write `bench.tasks.map(t => ({name: t.name, ...t.result}))`, or
the results under `result`, as a list or within an object under `results`. Until version 2 the
statistics stand in the result itself, since 3 in its `latency`; since 6 samples are only kept with
`retainSamples`. All samples are of one process. Throughput is left out: it is derived from them.
"""

import re
from collections.abc import Iterator

from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.json_text import json_of
from perfci.readers.json_tree import Node
from perfci.readers.metrics import LATENCY, percentile
from perfci.readers.quantity import quantity
from perfci.readers.reading import Broken, Found, Machine, Reading
from perfci.readers.source import Source
from perfci.readers.text import lines, number_at
from perfci.readers.tools.distribution import Distribution
from perfci.readers.tools.single import single

_TIMES = Distribution(
    factor=1e-3,
    raw="samples",
    freedom="df",
    middle=("p50", "median", "mean"),
    tails={percentile(LATENCY, 99): "p99", percentile(LATENCY, 99.9): "p999"},
)
_TIME = re.compile(r"(?:Latency|Average Time)\b.*\((\w+)\)", re.IGNORECASE)
_MEDIAN = re.compile(r"\bmed(?:ian)?\b")


def read_json(source: Source) -> Reading:
    """Read tasks that a script wrote.

    Raises:
        FormatError: damaged, or no task in it.
    """
    root = json_of(source)
    found: list[Found] = []
    broken: list[Broken] = []
    interpreter = ""
    for task in root if type(root.value) is list else root.need("results"):
        name = task.need("name").text()
        result = task.get("result") or task
        interpreter = interpreter or _runtime(result)
        reason = _failed(result)
        series = () if reason else _TIMES.of(name, result.get("latency") or result)
        found += series
        if not series:
            why = reason or "it has no statistics"
            broken.append(Broken(name=name, reason=why, metrics=(LATENCY,)))
    if not found and not broken:
        raise nothing_in(source, "tasks")
    return Reading(
        found=tuple(found), broken=tuple(broken), machine=Machine(interpreter=interpreter)
    )


def _runtime(result: Node) -> str:
    return f"{result.get('runtime').text()} {result.get('runtimeVersion').text()}".strip()


def _failed(result: Node) -> str:
    state, error = result.get("state").text(), result.get("error")
    if error.value is not None or state in {"errored", "aborted"}:
        # an error of JavaScript leaves nothing but braces in JSON
        return error.get("message").text() or error.text() or "it threw an error or was aborted"
    return ""


def read_table(source: Source) -> Reading:
    """Read what `console.table(bench.table())` printed: medians, else means.

    Raises:
        FormatError: a row is damaged, or there is none.
    """
    found: list[Found] = []
    broken: list[Broken] = []
    heads: list[str] = []
    for line, cells in _rows(source):
        if "task name" in map(str.lower, cells):
            heads = cells
            continue
        row = dict(zip(heads, cells, strict=False))
        name = next((text for head, text in row.items() if head.lower() == "task name"), "")
        if not name:
            continue
        error = row.get("Error", "")
        if error:
            broken.append(Broken(name=name, reason=error, metrics=(LATENCY,)))
            continue
        found.append(_latency(source, line, name, row))
    if not found and not broken:
        raise nothing_in(source, "tasks")
    return Reading(found=tuple(found), broken=tuple(broken))


def _rows(source: Source) -> Iterator[tuple[int, list[str]]]:
    for line, text in lines(source):
        if text.lstrip().startswith("│"):
            inside = text.strip().strip("│").split("│")
            yield line, [cell.strip().strip("'") for cell in inside]


def _latency(source: Source, line: int, name: str, row: dict[str, str]) -> Found:
    heads = sorted(
        (head for head in row if _TIME.match(head)),
        key=lambda head: _MEDIAN.search(head) is None,
    )
    if not heads:
        raise nothing_in(source, "column of times")
    unit = _TIME.match(heads[0])
    factor = quantity(unit[1] if unit else "").factor
    value = number_at(source, line, row[heads[0]].partition("±")[0].strip())
    return single(name, LATENCY, value * factor)


FORMATS = (
    Format(
        name="tinybench",
        describes="tinybench: its tasks with their results, written as JSON by a script",
        proves=Proof.VALUES,
        marks=(
            r'"name"\s*:\s*"',
            r'"(?:hz|state|throughput)"\s*:',
            r'"period"\s*:\s*[\d.]',
            r'"(?:critical|aad)"\s*:',
        ),
        without=(r'"filepath"\s*:', r'"cycles"\s*:'),
        parse=each(read_json),
    ),
    Format(
        name="tinybench-table",
        describes="tinybench: console.table(bench.table())",
        proves=Proof.SUMMARY,
        marks=(r"^[ \t]*│ \(index\) +│ Task [Nn]ame +│", r"│ (?:Latency|Average Time)\b[^│]*\("),
        parse=each(read_table),
    ),
)
