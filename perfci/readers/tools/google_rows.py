"""Rows of Google Benchmark's outputs to series: repetitions of a benchmark and their aggregates."""

import re
from collections.abc import Iterator

from perfci.model.metric import Metric
from perfci.readers.counts import count_of
from perfci.readers.format import nothing_in
from perfci.readers.histories.past import Leftovers
from perfci.readers.json_tree import Node
from perfci.readers.metrics import ALLOCATIONS, CPU_TIME, LATENCY, MEMORY
from perfci.readers.reading import Broken, Found, Level, Machine, Params, Reading, Single
from perfci.readers.source import Source
from perfci.readers.timelines.moments import spelled

UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}
_TIMES = {"real_time": LATENCY, "cpu_time": CPU_TIME}
_MEMORY = {"allocs_per_iter": ALLOCATIONS, "max_bytes_used": MEMORY}
_KNOWN = {
    *("name", "run_name", "run_type", "family_index", "per_family_instance_index", "repetitions"),
    *("repetition_index", "threads", "iterations", "time_unit", "label", "error_occurred"),
    *("error_message", "skipped", "skip_message", "aggregate_name", "aggregate_unit"),
    *("bytes_per_second", "items_per_second", "net_heap_growth", "total_allocated_bytes"),
    *_TIMES,
    *_MEMORY,
}
_ENDING = re.compile(r"(.+)_(mean|median|stddev|cv|BigO|RMS|min|max)", re.DOTALL)
_PARAM = re.compile(r"([A-Za-z_]\w*):([-+.\w]+)")
_Same = list[tuple[Node, str]]
"""Rows of one benchmark; of each what aggregate it is: `median`; empty for a repetition."""


def reading(source: Source, rows: list[Node], machine: Machine, date: str) -> Reading:
    """Return what all rows of a file say.

    Args:
        source: the file.
        rows: objects as in JSON, in the file's order; what has one name belongs together.
        machine: what the file says of it.
        date: of the run, as the file has it.

    Raises:
        FormatError: a row is damaged, or there is no benchmark in them.
    """
    found: list[Found] = []
    broken: list[Broken] = []
    left = Leftovers()
    counters: set[str] = set()
    for name, same in _by_name(rows).items():
        short, params = called(name)
        failed = _with(same, "error_occurred")
        single = [row for row, aggregate in same if not aggregate]
        if failed:
            reason = failed[0].get("error_message").text() or "the benchmark reports an error"
            broken.append(_broken(short, params, reason))
        elif _with(same, "skipped"):
            left.add("the benchmark was skipped", name)
        elif series := list(_series(short, params, single or _stand_in(same))):
            found += series
            counters |= set().union(*(row.value for row in single)) - _KNOWN
        elif single:
            reason = "its times are given as 0, which compares with nothing"
            broken.append(_broken(short, params, reason))
    if not found and not broken:
        raise nothing_in(source, "benchmarks")
    for name in sorted(counters):
        left.add("nothing tells which way the counter is better", name)
    return Reading(
        found=tuple(found),
        broken=tuple(broken),
        machine=machine,
        started_at=spelled(date),
        left=left.sentences(),
    )


def _by_name(rows: list[Node]) -> dict[str, _Same]:
    # old files and tables do not say in a row what it is an aggregate of
    old = [row for row in rows if type(row.value) is not dict or "run_type" not in row.value]
    names = {row.need("name").text() for row in old}
    found: dict[str, _Same] = {}
    for row in rows:
        if "run_type" in row.value:
            name = row.value.get("run_name")
            name = name if type(name) is str else row.need("name").text("unnamed")
            aggregate = row.value.get("aggregate_name") or ""
        else:
            name, aggregate = _parted(row.need("name").text("unnamed"), names)
        found.setdefault(name, []).append((row, aggregate))
    return found


def _parted(name: str, names: set[str]) -> tuple[str, str]:
    """Part a name from what it is an aggregate of, where rows do not say it themselves."""
    found = _ENDING.fullmatch(name)
    if found is None:
        return name, ""
    whole, what = found[1], found[2]
    together = {f"{whole}_mean", f"{whole}_stddev"} <= names
    return (whole, what) if together or what in {"BigO", "RMS"} else (name, "")


def _with(same: _Same, name: str) -> list[Node]:
    return [row for row, _ in same if row.value.get(name) in (True, "true")]


def _stand_in(same: _Same) -> list[Node]:
    """Return the aggregate that stands for repetitions which were not written."""
    by_kind = {aggregate: row for row, aggregate in same if type(aggregate) is str}
    return [by_kind[kind] for kind in ("median", "mean") if kind in by_kind][:1]


def _broken(name: str, params: Params, reason: str) -> Broken:
    return Broken(name=name, params=params, reason=reason, metrics=tuple(_TIMES.values()))


def _series(name: str, params: Params, rows: list[Node]) -> Iterator[Found]:
    """Yield the metrics of a benchmark; times of 0 are left out, as they compare with nothing."""
    for metric, values in _values(rows):
        yield Found(
            name=name,
            params=params,
            metric=metric,
            launches=Single(values),
            level=Level.REPETITION if len(rows) > 1 else Level.NONE,
            iterations=count_of(rows[0].get("iterations")) or 1,
        )


def _values(rows: list[Node]) -> Iterator[tuple[Metric, list[float]]]:
    units = [row.value.get("time_unit", "ns") for row in rows]
    factors = [UNITS.get(unit, 0.0) if type(unit) is str else 0.0 for unit in units]
    if not all(factors):
        raise rows[factors.index(0.0)].get("time_unit").wrong("ns, us, ms or s")
    for key, metric in _TIMES.items():
        numbers = zip(_numbers(rows, key), factors, strict=True)
        times = [number * factor for number, factor in numbers if number]
        if times:
            yield metric, times
    for key, metric in _MEMORY.items():
        if rows and all(row.value.get(key) is not None for row in rows):
            yield metric, _numbers(rows, key)


def _numbers(rows: list[Node], key: str) -> list[float]:
    raw = [row.value.get(key) for row in rows]
    # the bulk of a file: what is sound needs no place
    return raw if set(map(type, raw)) == {float} else [row.need(key).number() for row in rows]


def called(name: str) -> tuple[str, Params]:
    """Take the named arguments out of a name: `BM_sum/size:8/threads:2`."""
    parts = name.split("/")
    named = [found for part in parts[1:] if (found := _PARAM.fullmatch(part))]
    if len({found[1] for found in named}) < len(named):
        return name, ()
    rest = [part for part in parts[1:] if not _PARAM.fullmatch(part)]
    return "/".join((parts[0], *rest)), tuple((found[1], found[2]) for found in named)


def count(value: float | None) -> int:
    """Return a number that counts something; 0 where it cannot be one."""
    return int(value) if value is not None and 1 <= value < 2**53 else 0
