"""Rows of Google Benchmark's outputs to series: repetitions of a benchmark and their aggregates."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from perfci.model.metric import Metric
from perfci.readers.counts import count_of
from perfci.readers.format import nothing_in
from perfci.readers.histories.past import Leftovers
from perfci.readers.json_tree import Node
from perfci.readers.metrics import ALLOCATIONS, CPU_TIME, LATENCY, MEMORY
from perfci.readers.reading import Broken, Found, Level, Machine, Packed, Params, Reading
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """All rows of a file, in its order; what has one name belongs together."""

    plain: Sequence[Any]
    """Objects as in JSON."""
    node: Callable[[int], Node]
    """Returns one that knows its place. A file may have 100,000: few are looked at so."""


def reading(source: Source, rows: Rows, machine: Machine, date: str) -> Reading:
    """Return what all rows of a file say.

    Args:
        source: the file.
        rows: of it.
        machine: what the file says of it.
        date: of the run, as the file has it.

    Raises:
        FormatError: a row is damaged, or there is no benchmark in them.
    """
    found: list[Found] = []
    broken: list[Broken] = []
    left = Leftovers()
    counters: set[str] = set()
    by_name, aggregates = _parted(rows)
    for name, same in by_name.items():
        short, params = called(name)
        failed = _with(rows, same, "error_occurred")
        single = [number for number in same if number not in aggregates]
        if failed:
            said = rows.node(failed[0]).get("error_message").text()
            broken.append(_broken(short, params, said or "the benchmark reports an error"))
        elif _with(rows, same, "skipped"):
            left.add("the benchmark was skipped", name)
        elif series := list(_series(short, params, rows, single or _stand_in(same, aggregates))):
            found += series
            _note_zeros(series, name, len(single) or 1, left)
            _note_repetitions(rows, single, name, left)
            counters |= set().union(*[rows.plain[number] for number in single]) - _KNOWN
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


def _note_zeros(series: Sequence[Found], name: str, rows: int, left: Leftovers) -> None:
    for key, metric in _TIMES.items():
        zeros = rows - sum(len(it.launches) for it in series if it.metric is metric)
        if zeros:
            left.change(
                "series have times of 0, which compare with nothing and are left out",
                f"{zeros} of {rows} values of {key} of {name}",
            )


def _note_repetitions(rows: Rows, single: Sequence[int], name: str, left: Leftovers) -> None:
    # where only aggregates were written, no row is expected of a repetition
    stated = rows.plain[single[0]].get("repetitions") if single else None
    if stated is None or stated == len(single):
        return
    # old files state 0 where nobody asked for any
    repetitions = count(rows.node(single[0]).get("repetitions").maybe())
    if repetitions not in {0, len(single)}:
        told = f"{name} has {len(single)} of {repetitions}"
        left.change("benchmarks have not one row for each repetition", told)


def _parted(rows: Rows) -> tuple[dict[str, list[int]], dict[int, Any]]:
    """Return the numbers of the rows of each benchmark, and of those that are aggregates which."""
    # old files and tables do not say in a row what it is an aggregate of
    old = [
        number
        for number, row in enumerate(rows.plain)
        if type(row) is not dict or "run_type" not in row
    ]
    names = {rows.node(number).need("name").text() for number in old}
    found: defaultdict[str, list[int]] = defaultdict(list)
    aggregates: dict[int, Any] = {}
    for number, row in enumerate(rows.plain):
        if "run_type" in row:
            name = row.get("run_name")
            if type(name) is not str:
                name = rows.node(number).need("name").text("unnamed")
            aggregate = row.get("aggregate_name")
        else:
            whole = rows.node(number).need("name").text("unnamed")
            name, aggregate = _without_ending(whole, names)
        if aggregate:
            aggregates[number] = aggregate
        found[name].append(number)
    return found, aggregates


def _without_ending(name: str, names: set[str]) -> tuple[str, str]:
    """Part a name from what it is an aggregate of, where rows do not say it themselves."""
    found = _ENDING.fullmatch(name)
    if found is None:
        return name, ""
    whole, what = found[1], found[2]
    together = {f"{whole}_mean", f"{whole}_stddev"} <= names
    return (whole, what) if together or what in {"BigO", "RMS"} else (name, "")


def _with(rows: Rows, same: Sequence[int], name: str) -> list[int]:
    return [number for number in same if rows.plain[number].get(name) in (True, "true")]


def _stand_in(same: Sequence[int], aggregates: Mapping[int, Any]) -> list[int]:
    """Return the aggregate that stands for repetitions which were not written."""
    by_kind = {kind: number for number in same if type(kind := aggregates[number]) is str}
    return [by_kind[kind] for kind in ("median", "mean") if kind in by_kind][:1]


def _broken(name: str, params: Params, reason: str) -> Broken:
    return Broken(name=name, params=params, reason=reason, metrics=tuple(_TIMES.values()))


def _series(name: str, params: Params, rows: Rows, numbers: Sequence[int]) -> Iterator[Found]:
    """Yield the metrics of a benchmark; times of 0 are left out, as they compare with nothing."""
    for metric, values in _values(rows, numbers):
        yield Found(
            name=name,
            params=params,
            metric=metric,
            launches=Packed(values),
            level=Level.REPETITION if len(numbers) > 1 else Level.NONE,
            iterations=count_of(rows.node(numbers[0]).get("iterations")) or 1,
        )


def _values(rows: Rows, numbers: Sequence[int]) -> Iterator[tuple[Metric, list[float]]]:
    same = [rows.plain[number] for number in numbers]
    units = [row.get("time_unit", "ns") for row in same]
    factors = [UNITS.get(unit, 0.0) if type(unit) is str else 0.0 for unit in units]
    if not all(factors):
        wrong = rows.node(numbers[factors.index(0.0)]).get("time_unit")
        raise wrong.wrong("ns, us, ms or s")
    for key, metric in _TIMES.items():
        pairs = zip(_numbers(rows, numbers, key), factors, strict=True)
        times = [number * factor for number, factor in pairs if number]
        if times:
            yield metric, times
    for key, metric in _MEMORY.items():
        if same and all(row.get(key) is not None for row in same):
            yield metric, _numbers(rows, numbers, key)


def _numbers(rows: Rows, numbers: Sequence[int], key: str) -> list[float]:
    raw = [rows.plain[number].get(key) for number in numbers]
    # the bulk of a file: what is sound needs no place
    if set(map(type, raw)) == {float}:
        return raw
    return [rows.node(number).need(key).number() for number in numbers]


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
