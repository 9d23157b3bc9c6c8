"""pyperf: JSON of `-o` or `--append`, plain or gzip, also as pyperformance writes it.

Each run of a benchmark is a fresh process, and so a launch; its values are the times of one loop
each. Runs that only calibrate and warm-ups are left out. What a process had resident at most is
taken as its memory, where that is known of each. Dates are in the time of the machine; without an
offset they count as UTC.
"""

from collections.abc import Sequence
from itertools import chain
from typing import Any

from perfci.model.metric import Better, Metric
from perfci.readers.counts import MOST, count_of
from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.histories.past import Leftovers
from perfci.readers.joining import each
from perfci.readers.json_text import json_of
from perfci.readers.json_tree import Node, are_floats
from perfci.readers.metrics import LATENCY, MEMORY
from perfci.readers.reading import Broken, Found, Level, Machine, Packed, Reading
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
    left = Leftovers()
    common = root.get("metadata")
    date = ""
    for benchmark in root.need("benchmarks"):
        about = (benchmark.get("metadata"), common)
        name = _of(about, "name").text("unnamed")
        unit = _of(about, "unit").text("second")
        metric = _METRICS.get(unit)
        if metric is None:
            raise _of(about, "unit").wrong("second, byte or integer")
        runs = benchmark.need("runs")
        measured = _measured(runs, left)
        date = date or next((text for run in runs if (text := _date(run))), "")
        if not measured:
            broken.append(Broken(name=name, reason="no run has values", metrics=(metric,)))
            continue
        found.append(_values(name, metric, runs, measured, about))
        memory = _memory(runs, measured, about)
        if memory and metric is not MEMORY:
            if len(memory) == len(measured):
                found.append(
                    Found(name=name, metric=MEMORY, launches=Packed(memory), level=Level.PROCESS)
                )
            else:
                told = f"{name}: known of {len(memory)} of {len(measured)}"
                left.change("memory is left out where it is not known of each run", told)
    if not found and not broken:
        raise nothing_in(source, "benchmarks")
    return Reading(
        found=tuple(found),
        broken=tuple(broken),
        machine=_machine(common),
        commit=common.get("commit_id").text(),
        branch=common.get("commit_branch").text(),
        started_at=spelled(date or common.get("date").text()),
        left=left.sentences(),
    )


def _measured(runs: Node, left: Leftovers) -> list[dict[str, Any]]:
    """Return the runs that have values; of the others, notes which did not calibrate either.

    Raises:
        FormatError: one is no object, or its values are no list.
    """
    found = [run for run in runs.plain_list() if type(run) is dict and run.get("values")]
    if len(found) < len(runs.plain_list()):
        for run in runs:
            if type(run.value) is not dict:
                raise run.wrong("an object")
            if not run.get("values").plain_list() and not run.get("warmups"):
                left.add("a run has neither values nor warm-ups", run.place)
    return found


def _values(
    name: str,
    metric: Metric,
    runs: Node,
    measured: Sequence[dict[str, Any]],
    about: tuple[Node, Node],
) -> Found:
    return Found(
        name=name,
        metric=metric,
        launches=_launches(runs, measured),
        level=Level.PROCESS,
        iterations=_times(about, "loops") * _times(about, "inner_loops"),
    )


def _memory(
    runs: Node, measured: Sequence[dict[str, Any]], about: tuple[Node, Node]
) -> Sequence[float]:
    """Return what each run had resident at most, of which that is known.

    Raises:
        FormatError: one is no number.
    """
    inside = [run.get("metadata") for run in measured]
    plain: list[Any] = [it.get("mem_max_rss") for it in inside if type(it) is dict]
    # the bulk of a file: what is sound needs no place
    whole = len(plain) == len(inside) and set(map(type, plain)) == {int}
    if whole and 0 < min(plain) <= max(plain) < MOST:
        return plain
    shared = next((size for it in about if (size := _resident(it))), None)
    sizes = [_resident(run.get("metadata")) for run in runs if run.get("values")]
    return [known for size in sizes if (known := size or shared)]


def _resident(about: Node) -> float | None:
    """Return the memory that stands among facts; None where there is none."""
    given = about.get("mem_max_rss")
    return None if given.value is None else given.number()


def _launches(runs: Node, measured: Sequence[dict[str, Any]]) -> Packed:
    launches = [run["values"] for run in measured]
    if not are_floats(launches):
        launches = [values.numbers() for run in runs if (values := run.get("values"))]
    return Packed(list(chain.from_iterable(launches)), map(len, launches))


def _of(about: tuple[Node, ...], name: str) -> Node:
    """Return what is known of a run or a benchmark: of itself, or of all around it."""
    for it in about:
        if it.plain_object().get(name):
            return it.get(name)
    return about[-1].get(name)


def _times(about: tuple[Node, ...], name: str) -> int:
    for it in about:
        if count := count_of(it.get(name)):
            return count
    return 1


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
