"""asv: a file of results, `results/MACHINE/COMMIT-ENVIRONMENT.json`, best with `benchmarks.json`.

With `--record-samples` the file has all times of a benchmark. They may come from several processes,
but it does not say which from which, so that they make one launch; else there is the median. A
folder may hold the results of one commit; those of several are a history. `benchmarks.json` gives
units and the names of parameters, and says which version of a benchmark is today's: results of
another one are left out, as asv itself does.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from perfci.errors import FormatError
from perfci.readers.asv_results import columns, combinations, what_of
from perfci.readers.counts import count_of
from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.histories.past import Leftovers
from perfci.readers.joining import distinct, joined
from perfci.readers.json_text import json_of
from perfci.readers.json_tree import Node
from perfci.readers.quantity import Quantity
from perfci.readers.reading import Broken, Found, Level, Machine, Params, Reading
from perfci.readers.source import Source
from perfci.readers.timelines.moments import since_1970


def read(sources: Sequence[Source]) -> Reading:
    """Read results, and `benchmarks.json` where it is among the files.

    Raises:
        FormatError: damaged, of several commits, or no result in them.
    """
    documents = [json_of(source) for source in sources]
    results = [document for document in documents if document.get("results").value is not None]
    if not results:
        raise nothing_in(sources[0], "results")
    commits = {document.get("commit_hash").text() for document in results}
    if len(commits) > 1:
        raise FormatError(
            f"{results[0].source} and {len(results) - 1} more hold results of {len(commits)} "
            "commits",
            hint="Name the files of one commit; `perfci baseline import` takes a whole history.",
        )
    known: dict[str, Any] = {}
    for document in documents:
        if document.get("results").value is None and type(document.value) is dict:
            known |= {name: it for name, it in document.value.items() if type(it) is dict}
    setups = [_setup(document) for document in results]
    differing = [name for name in setups[0] if len({setup[name] for setup in setups}) > 1]
    return joined(
        [
            distinct(_reading(document, known, tuple((name, setup[name]) for name in differing)))
            for document, setup in zip(results, setups, strict=True)
        ]
    )


def _reading(document: Node, known: Mapping[str, Any], beside: Params) -> Reading:
    found: list[Found] = []
    broken: list[Broken] = []
    left = Leftovers()
    times: list[Any] = []
    for name, node in document.get("results").items():
        result, benchmark = columns(document.value, node.value), known.get(name, {})
        times.append(result.get("started_at"))
        version = document.get("benchmark_version").get(name).text() or result.get("version")
        if version and benchmark.get("version", version) != version:
            left.add("it is of another version of its benchmark", name)
            continue
        what = what_of(name, benchmark)
        for params, value, raw, count in _values(node, result, benchmark):
            whole = (*params, *beside)
            if value is None:
                reason = "asv could not measure it"
                broken.append(
                    Broken(name=name, params=whole, reason=reason, metrics=(what.metric,))
                )
            elif math.isnan(value):
                left.add("the benchmark was skipped", name)
            else:
                found.append(_found(name, whole, what, raw or (value,), count))
    if not found and not broken:
        raise FormatError(
            f"{document.source} holds no result that counts",
            hint="; ".join(left.sentences()) or "Was anything selected when asv ran?",
        )
    return Reading(
        found=tuple(found),
        broken=tuple(broken),
        machine=_machine(document.get("params"), _setup(document)["environment"]),
        commit=document.get("commit_hash").text(),
        started_at=_started(times),
        left=left.sentences(),
    )


_Values = tuple[Params, float | None, tuple[float, ...], Any]
"""Parameters, value, samples and executions in each sample."""


def _values(node: Node, result: Mapping[str, Any], benchmark: Any) -> Iterator[_Values]:
    numbers = result.get("result")
    if numbers is not None and type(numbers) is not list:
        numbers = [numbers]
    for at, params in enumerate(combinations(result, benchmark)):
        if numbers is not None and at >= len(numbers):
            raise node.wrong("a result with a value for each combination of its parameters")
        value = Node(
            None if numbers is None else numbers[at], node.source, f"{node.place}[0][{at}]"
        )
        samples = Node(_at(result.get("samples"), at), node.source, f"{node.place}.samples[{at}]")
        yield (
            params,
            None if value.value is None else value.number(),
            samples.numbers(),
            Node(_at(result.get("stats_number"), at), node.source, f"{node.place}.number[{at}]"),
        )


def _at(several: Any, at: int) -> Any:
    return several[at] if type(several) is list and at < len(several) else None


def _found(
    name: str, params: Params, what: Quantity, values: tuple[float, ...], count: Any
) -> Found:
    return Found(
        name=name,
        params=params,
        metric=what.metric,
        launches=(tuple(value * what.factor for value in values),),
        level=Level.ITERATION if len(values) > 1 else Level.NONE,
        iterations=count_of(count) or 1,
    )


def _started(times: list[Any]) -> datetime | None:
    known = [time for time in times if type(time) is int and 0 < time < 2**53]
    return since_1970(min(known), 1e3) if known else None


def _setup(document: Node) -> dict[str, str]:
    """Return what may differ between the files of one commit."""
    environment = document.get("env_name").text() or document.get("python").text()
    return {"machine": document.get("params").get("machine").text(), "environment": environment}


def _machine(params: Node, environment: str) -> Machine:
    cores = params.get("num_cpu").maybe() or 0.0
    return Machine(
        cpu=params.get("cpu").text(),
        cores=int(cores) if 0 < cores < 2**20 else 0,
        kernel=params.get("os").text(),
        interpreter=environment,
        facts={name: text for name in ("machine", "ram") if (text := params.get(name).text())},
    )


FORMATS = (
    Format(
        name="asv",
        describes="asv run: results/MACHINE/*.json of one commit, with results/benchmarks.json",
        proves=Proof.VALUES,
        marks=(
            r'"commit_hash"\s*:\s*"',
            r'"results"\s*:\s*\{',
            r'"(result_columns|requirements|env_name)"\s*:',
        ),
        files="*.json",
        parse=read,
    ),
)
