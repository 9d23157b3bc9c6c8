"""go test -bench: the lines it prints, or the events of `-json`, which split them.

A line is the mean of the executions of one process; with `-count` a benchmark has several, which
are repetitions. A package's import path is part of a benchmark's name, so that two packages can
have the same one; `k=v` parts of a sub-benchmark's name are its parameters. The ending `-8` is
GOMAXPROCS: it is a parameter, `procs`, only where a benchmark ran with several (`-cpu 1,8`).
What a file says of goos, goarch, cpu or note is a parameter where it says more than one thing.
MB/s says what ns/op says, and is only read where that is not there.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from perfci.model.metric import Assumption, Better, Metric
from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.json_text import json_lines
from perfci.readers.metrics import ALLOCATED, ALLOCATIONS, BANDWIDTH, LATENCY
from perfci.readers.quantity import Quantity, quantity
from perfci.readers.reading import Broken, Found, Level, Machine, Params, Reading, Single
from perfci.readers.source import Source
from perfci.readers.text import lines
from perfci.readers.tools.go_lines import Output, Result, full_name, parted

_KNOWN = {
    "ns/op": (1e-9, LATENCY),
    "sec/op": (1.0, LATENCY),
    "B/op": (1.0, ALLOCATED),
    "allocs/op": (1.0, ALLOCATIONS),
    "MB/s": (1e6, BANDWIDTH),
}
_Named = tuple[str, Params]


def read_text(source: Source) -> Reading:
    """Read what `go test -bench` prints.

    Raises:
        FormatError: no benchmark in it.
    """
    output = Output()
    for _, text in lines(source):
        output.take(text)
    return _reading(source, output)


def read_json(source: Source) -> Reading:
    """Read the events of `go test -bench -json`.

    Raises:
        FormatError: no benchmark in it.
    """
    printed: dict[str, list[str]] = {}
    for event in json_lines(source):
        if event.get("Action").text() == "output":
            printed.setdefault(event.get("Package").text(), []).append(event.get("Output").text())
    output = Output()
    for package, texts in printed.items():
        output.set("pkg", package)
        for text in "".join(texts).split("\n"):
            output.take(text)
        output.end()
    # what could not be built is told in plain text between the events
    for _, text in lines(source):
        if text.startswith("FAIL\t"):
            output.take(text)
    return _reading(source, output)


def _reading(source: Source, output: Output) -> Reading:
    output.end()
    found = tuple(_found(output))
    if not found and not output.broken:
        raise nothing_in(source, "benchmarks")
    skipped, settings = output.skipped, output.settings
    return Reading(
        found=found,
        broken=tuple(_broken(output)),
        machine=Machine(
            cpu=settings.get("cpu", ""),
            facts={key: settings[key] for key in ("goos", "goarch") if key in settings},
        ),
        left=(f"{len(skipped)} benchmarks were skipped, e.g. {skipped[0]}",) if skipped else (),
    )


def _found(output: Output) -> Iterator[Found]:
    quantities: dict[str, Quantity] = {}
    for (name, params), result in _named(output):
        for unit, values in result.values.items():
            if unit == "MB/s" and "ns/op" in result.values:
                continue
            if unit not in quantities:
                quantities[unit] = _quantity(unit, output.units.get(unit, {}))
            it = quantities[unit]
            yield Found(
                name=name,
                params=params,
                metric=it.metric,
                launches=Single(value * it.factor for value in values),
                level=Level.REPETITION if len(values) > 1 else Level.NONE,
                iterations=result.iterations,
            )


def _named(output: Output) -> Iterator[tuple[_Named, Result]]:
    """Yield the results with names and parameters that tell them apart."""
    settings = {item for here in output.results for item in here if item[0] != "pkg"}
    several = Counter(key for key, _ in settings)
    for here, results in output.results.items():
        package = dict(here).get("pkg", "")
        shared = tuple(item for item in here if several[item[0]] > 1)
        ran_with = Counter(parted(printed)[0] for printed in results)
        for printed, result in results.items():
            cut, procs = parted(printed)
            name, params = _params(full_name(package, cut))
            if ran_with[cut] > 1:
                params += (("procs", procs),)
            yield (name, params + shared), result


def _broken(output: Output) -> Iterator[Broken]:
    for full, reason in output.broken.items():
        name, params = _params(full)
        yield Broken(name=name, params=params, reason=reason)


def _params(full: str) -> tuple[str, Params]:
    """Part the name of a sub-benchmark from the parameters in it."""
    first, *rest = full.split("/")
    kept, params = [first], []
    for part in rest:
        key, _, value = part.partition("=")
        if key and value:
            params.append((key, value))
        else:
            kept.append(part)
    return "/".join(kept), tuple(params)


def _quantity(unit: str, said: dict[str, str]) -> Quantity:
    """Return what a unit is: of Go itself, or of `ReportMetric`, as in `p99-ns` or `hits/s`."""
    if unit in _KNOWN:
        factor, metric = _KNOWN[unit]
        return Quantity(factor=factor, metric=_as_said(metric, said))
    better = {"higher": Better.HIGHER, "lower": Better.LOWER}.get(said.get("better", ""))
    name = re.sub(r"[^\w.%-]+", "_", unit)[:60]
    found = quantity(unit.rpartition("-")[2], name=name, better=better)
    return replace(found, metric=_as_said(found.metric, said))


def _as_said(metric: Metric, said: dict[str, str]) -> Metric:
    exact = said.get("assume") == "exact"
    return replace(metric, assumption=Assumption.EXACT) if exact else metric


FORMATS = (
    Format(
        name="go",
        describes="go test -bench, best with -count=10",
        proves=Proof.REPETITIONS,
        marks=(r"^Benchmark(?![a-z])\S*[ \t]", r"^(Benchmark\S*[ \t]+)?\d+[ \t]+\d\S*[ \t]+\D"),
        parse=each(read_text),
    ),
    Format(
        name="go-json",
        describes="go test -bench -json",
        proves=Proof.REPETITIONS,
        marks=(
            r'^\{"Time":.*"Action":"output"',
            r'"Package":"',
            r'"Output":"Benchmark',
        ),
        parse=each(read_json),
    ),
)
