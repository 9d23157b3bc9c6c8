"""benchmark.js: the lines that it prints of each benchmark, or its objects as JSON.

The text has operations a second and nothing else. As JSON (`JSON.stringify` of a suite, or a list
of benchmarks that a script put together, alone or under `results`) a benchmark has all its samples,
of one process, or where a script has copied only its statistics, their mean.
"""

import re

from perfci.readers.counts import count_of
from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.json_text import json_of
from perfci.readers.json_tree import Node
from perfci.readers.metrics import LATENCY, THROUGHPUT
from perfci.readers.reading import Broken, Found, Level, Reading
from perfci.readers.source import Source
from perfci.readers.text import lines, number_at
from perfci.readers.tools.single import single

_RESULT = re.compile(r"\s*(\S.*) x (\S+) ops/sec(?:\s|$)")
_FAILED = re.compile(r"(\S.*): $")
"""Of a benchmark that threw: benchmark.js prints no more of most errors than nothing."""


def read_text(source: Source) -> Reading:
    """Read what `String(benchmark)` printed.

    Raises:
        FormatError: a line is damaged, or there is none.
    """
    found: list[Found] = []
    broken: list[Broken] = []
    for line, text in lines(source):
        result = _RESULT.match(text)
        if result is not None:
            value = number_at(source, line, result[2])
            found.append(single(result[1], THROUGHPUT, value))
        elif failed := _FAILED.fullmatch(text):
            why = "it has no result, as of one that threw an error"
            broken.append(Broken(name=failed[1], reason=why, metrics=(THROUGHPUT,)))
    if not found:
        raise nothing_in(source, "results of benchmark.js")
    return Reading(found=tuple(found), broken=tuple(broken))


def read_json(source: Source) -> Reading:
    """Read benchmarks as objects.

    Raises:
        FormatError: damaged, or no benchmark in it.
    """
    found: list[Found] = []
    broken: list[Broken] = []
    for benchmark in _benchmarks(json_of(source)):
        name = benchmark.need("name").text()
        error = benchmark.get("error")
        if error.value is not None or benchmark.get("aborted"):
            why = error.get("message").text() or error.text() or "it threw an error or was aborted"
            broken.append(Broken(name=name, reason=why, metrics=(LATENCY,)))
            continue
        stats = benchmark if benchmark.get("stats").value is None else benchmark.get("stats")
        raw = stats.get("sample").numbers()
        count = count_of(benchmark.get("count")) or 1
        found.append(
            Found(
                name=name,
                metric=LATENCY,
                launches=(raw or (stats.need("mean").number(),),),
                level=Level.ITERATION if raw else Level.NONE,
                iterations=count if raw else 1,
            )
        )
    if not found and not broken:
        raise nothing_in(source, "benchmarks")
    return Reading(found=tuple(found), broken=tuple(broken))


def _benchmarks(root: Node) -> list[Node]:
    if type(root.value) is list:
        return list(root)
    if root.get("0"):  # a suite, which is an object with numbers for names and a length
        return [node for key, node in root.items() if key.isdecimal()]
    return list(root.need("results"))


FORMATS = (
    Format(
        name="benchmark-js",
        describes="benchmark.js: String(benchmark), printed on every cycle",
        proves=Proof.SUMMARY,
        marks=(
            r" ops/sec (?:±|\+-|\ufffd+)[\d.]+% \(\d+ runs? sampled\)",
            r"^.+ x [\d.,]+ ops/sec",
        ),
        parse=each(read_text),
    ),
    Format(
        name="benchmark-js-json",
        describes="benchmark.js: JSON.stringify of a suite or of its benchmarks",
        proves=Proof.VALUES,
        marks=(
            r'"cycles"\s*:\s*\d',
            r'"(?:hz|aborted)"\s*:',
            r'"moe"\s*:',
            r'"rme"\s*:',
        ),
        parse=each(read_json),
    ),
)
