"""BenchmarkDotNet: JSON of its full and brief exporters.

A launch is a fresh process; its values are the workload's results of the iterations, overhead
taken off, or where there are none what was measured. The brief exporter tells values but not
launches: they are taken for those of one. Allocated bytes are read where they were measured;
garbage collections are left out. Where a benchmark ran in several jobs, the job is a parameter.
A benchmark without statistics failed.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.json_text import json_of
from perfci.readers.json_tree import Node
from perfci.readers.metrics import ALLOCATED, LATENCY
from perfci.readers.reading import Broken, Found, Level, Machine, Params, Reading
from perfci.readers.source import Source

_PLAIN = {int, float}
_SAFE = 2**62
"""Below it, dividing cannot overflow."""
_STAGES = ("Result", "Actual")


def read_json(source: Source) -> Reading:
    """Read a report of the full or the brief exporter.

    Raises:
        FormatError: damaged, or no benchmark in it.
    """
    root = json_of(source, "Benchmarks")
    benchmarks = list(root.need("Benchmarks"))
    named = [(_name(benchmark), _params(benchmark)) for benchmark in benchmarks]
    times = Counter(named)
    found: list[Found] = []
    broken: list[Broken] = []
    for benchmark, (name, params) in zip(benchmarks, named, strict=True):
        job = _job(benchmark)
        inside = (*params, ("job", job)) if job and times[name, params] > 1 else params
        if not benchmark.get("Statistics"):
            reason = "it has no statistics: it did not run to its end"
            broken.append(Broken(name=name, params=inside, reason=reason, metrics=(LATENCY,)))
            continue
        found.append(_latency(benchmark, name, inside))
        found += _allocated(benchmark, name, inside)
    if not found and not broken:
        raise nothing_in(source, "benchmarks")
    host = root.get("HostEnvironmentInfo")
    return Reading(found=tuple(found), broken=tuple(broken), machine=_machine(host))


def _name(benchmark: Node) -> str:
    parts = (benchmark.get(part).text() for part in ("Namespace", "Type"))
    return ".".join((*filter(None, parts), benchmark.need("Method").text()))


def _params(benchmark: Node) -> Params:
    """Return the parameters: `Size=10&Kind=x`."""
    pairs = (part.partition("=") for part in benchmark.get("Parameters").text().split("&"))
    return tuple((key, value) for key, _, value in pairs if key)


def _job(benchmark: Node) -> str:
    """Return what stands between `Type.Method: ` and ` [parameters]`."""
    _, _, job = benchmark.get("DisplayInfo").text().partition(": ")
    return job.partition(" [")[0]


def _latency(benchmark: Node, name: str, params: Params) -> Found:
    statistics = benchmark.get("Statistics")
    launches = _launches(benchmark)
    level = Level.PROCESS
    if not launches and (values := statistics.get("OriginalValues").numbers()):
        launches, level = [values], Level.ITERATION
    if not launches:
        middle = statistics.get("Median")
        one = statistics.need("Mean") if middle.value is None else middle
        launches, level = [(one.number(),)], Level.NONE
    return Found(
        name=name,
        params=params,
        metric=LATENCY,
        launches=tuple(tuple(value * 1e-9 for value in launch) for launch in launches),
        level=level,
    )


def _launches(benchmark: Node) -> list[tuple[float, ...]]:
    """Return the nanoseconds of an operation, by launch and iteration."""
    measured = benchmark.get("Measurements")
    if type(measured.value) is not list:
        return []
    for stage in _STAGES:
        launches: dict[object, list[float]] = {}
        for at, one in enumerate(measured.value):
            if (
                type(one) is dict
                and one.get("IterationStage") == stage
                and one.get("IterationMode") == "Workload"
            ):
                index = one.get("LaunchIndex")
                launch = launches.setdefault(index if type(index) is int else 0, [])
                launch.append(_nanoseconds(measured, at, one))
        if launches:
            return [tuple(values) for values in launches.values()]
    return []


def _nanoseconds(measured: Node, at: int, one: dict[str, Any]) -> float:
    took: Any = one.get("Nanoseconds")
    operations: Any = one.get("Operations")
    # the bulk of a file: only what is wrong needs to know where it stands
    plain = type(took) in _PLAIN and type(operations) is int
    if plain and -_SAFE < took < _SAFE and 0 < operations < _SAFE:
        return float(took / operations)
    node = Node(one, measured.source, f"{measured.place}[{at}]")
    count = node.need("Operations").number()
    if not 0 < count < _SAFE:
        raise node.get("Operations").wrong("a possible number of operations")
    return node.need("Nanoseconds").number() / count


def _allocated(benchmark: Node, name: str, params: Params) -> Iterator[Found]:
    value = benchmark.get("Memory").get("BytesAllocatedPerOperation").maybe()
    if value is not None and value >= 0:  # -1 where the runtime could not tell
        yield Found(
            name=name, params=params, metric=ALLOCATED, launches=((value,),), level=Level.NONE
        )


def _machine(host: Node) -> Machine:
    cores = host.get("LogicalCoreCount").maybe()
    names = ("BenchmarkDotNetVersion", "OsVersion", "RuntimeVersion", "Architecture")
    return Machine(
        cpu=host.get("ProcessorName").text(),
        cores=int(cores) if cores and 0 < cores < 1e6 else 0,
        interpreter=host.get("RuntimeVersion").text(),
        facts={name: host.get(name).text() for name in names if host.get(name)},
    )


FORMATS = (
    Format(
        name="benchmarkdotnet",
        describes="BenchmarkDotNet --exporters json, best as JsonExporter.Full",
        proves=Proof.LAUNCHES,
        marks=(r'"Benchmarks"\s*:\s*\[', r'"HostEnvironmentInfo"\s*:', r'"Method"\s*:'),
        files="*-report*.json",
        parse=each(read_json),
    ),
)
