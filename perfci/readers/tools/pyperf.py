"""pyperf: JSON of `-o` or `--append`, plain or gzip, also as pyperformance writes it.

Each run of a benchmark is a fresh process, and so a launch; its values are the times of one loop
each. Runs that only calibrate and warm-ups are left out. What a process had resident at most is
taken as its memory. Dates are in the time of the machine; without an offset they count as UTC.
"""

from collections.abc import Iterator

from perfci.model.metric import Better, Metric
from perfci.readers.counts import count_of
from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.json_text import json_of
from perfci.readers.json_tree import Node
from perfci.readers.metrics import LATENCY, MEMORY
from perfci.readers.reading import Broken, Found, Level, Machine, Reading
from perfci.readers.source import Source
from perfci.readers.timelines.moments import spelled

_METRICS = {
    "second": LATENCY,
    "byte": MEMORY,
    "integer": Metric(name="value", unit="count", better=Better.LOWER),
}


def read(source: Source) -> Reading:
    """Read one file.

    Raises:
        FormatError: damaged, or no benchmark in it.
    """
    root = json_of(source, "benchmarks")
    found: list[Found] = []
    broken: list[Broken] = []
    common = root.get("metadata")
    date = ""
    for benchmark in root.need("benchmarks"):
        about = (benchmark.get("metadata"), common)
        name = _of(about, "name").text("unnamed")
        unit = _of(about, "unit").text("second")
        metric = _METRICS.get(unit)
        if metric is None:
            raise _of(about, "unit").wrong("second, byte or integer")
        runs = list(benchmark.need("runs"))
        date = date or next((text for run in runs if (text := _date(run))), "")
        series = list(_series(name, metric, runs, about))
        found += series
        if not series:
            broken.append(Broken(name=name, reason="no run has values", metrics=(metric,)))
    if not found and not broken:
        raise nothing_in(source, "benchmarks")
    return Reading(
        found=tuple(found),
        broken=tuple(broken),
        machine=_machine(common),
        commit=common.get("commit_id").text(),
        branch=common.get("commit_branch").text(),
        started_at=spelled(date or common.get("date").text()),
    )


def _series(
    name: str, metric: Metric, runs: list[Node], about: tuple[Node, Node]
) -> Iterator[Found]:
    measured = [(run, values) for run in runs if (values := run.get("values"))]
    if not measured:
        return
    yield Found(
        name=name,
        metric=metric,
        launches=tuple(values.numbers() for _, values in measured),
        level=Level.PROCESS,
        iterations=_times(about, "loops") * _times(about, "inner_loops"),
    )
    # what is the same in all runs stands above them
    shared = _of(about, "mem_max_rss").maybe()
    memory = [run.get("metadata").get("mem_max_rss").maybe() or shared for run, _ in measured]
    if metric is not MEMORY and all(memory):
        yield Found(
            name=name,
            metric=MEMORY,
            launches=tuple((value,) for value in memory if value),
            level=Level.PROCESS,
        )


def _of(about: tuple[Node, ...], name: str) -> Node:
    """Return what is known of a run or a benchmark: of itself, or of all around it."""
    return next((found for each in about if (found := each.get(name))), about[-1].get(name))


def _times(about: tuple[Node, ...], name: str) -> int:
    return next((count for each in about if (count := count_of(each.get(name)))), 1)


def _date(run: Node) -> str:
    return run.get("metadata").get("date").text()


def _machine(common: Node) -> Machine:
    python = (common.get(name).text() for name in ("python_implementation", "python_version"))
    return Machine(
        cpu=common.get("cpu_model_name").text(),
        cores=_count(common.get("cpu_count")),
        kernel=common.get("platform").text(),
        interpreter=" ".join(filter(None, python)),
        facts={
            name: text
            for name in ("cpu_config", "aslr", "python_compiler", "performance_version")
            if (text := common.get(name).text())
        },
    )


def _count(node: Node) -> int:
    return node.value if type(node.value) is int and 0 < node.value < 2**31 else 1


FORMATS = (
    Format(
        name="pyperf",
        describes="pyperf -o, pyperformance run -o; also .json.gz",
        proves=Proof.LAUNCHES,
        marks=(
            r'"benchmarks"\s*:\s*\[',
            r'"runs"\s*:\s*\[',
            r'"(values|warmups)"\s*:\s*\[\s*[-\[\d]',
            r'"(version"\s*:\s*"1\.0|perf_version|mem_max_rss|performance_version)"',
        ),
        parse=each(read),
    ),
)
