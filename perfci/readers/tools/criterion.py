"""criterion.rs: the files under target/criterion.

A folder has `<benchmark>/new/` with benchmark.json (names), sample.json (time and iterations of
every sample) and estimates.json; `base/` holds the run before it and `change/` ratios: neither is
read. All samples come from one process, and so make one launch. sample.json alone has no name: its
folder is taken for one. Without it there is one number, the median of estimates.json. raw.csv,
where it was asked for, has samples, names and unit in one; in JSON all times are nanoseconds.
Throughput follows from the time, and is left out.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from perfci.errors import FormatError
from perfci.readers.counts import MOST
from perfci.readers.csv_table import csv_table
from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import distinct, each
from perfci.readers.json_text import json_of
from perfci.readers.json_tree import Node
from perfci.readers.metrics import LATENCY
from perfci.readers.quantity import quantity
from perfci.readers.reading import Broken, Found, Level, Params, Reading
from perfci.readers.source import Source
from perfci.readers.text import decoded, number_at

_SAMPLING = {"new", "base"}


@dataclass(slots=True, kw_only=True)
class _Folder:
    """What one folder holds of one benchmark."""

    named: Node | None = None
    samples: list[Node] = field(default_factory=list)
    estimates: list[Node] = field(default_factory=list)


def read_files(sources: Sequence[Source]) -> Reading:
    """Read benchmark.json, sample.json and estimates.json of any number of benchmarks.

    Raises:
        FormatError: one is damaged, or there is no measurement in them.
    """
    folders: dict[str, _Folder] = {}
    for source in sources:
        folder = folders.setdefault(source.name.rpartition("/")[0], _Folder())
        node = json_of(source)
        if node.get("full_id"):
            folder.named = node
        elif node.get("times") or _old_sample(node):
            folder.samples.append(node)
        elif _median(node):
            folder.estimates.append(node)
    found = [item for folder in folders.values() for item in _measured(folder)]
    if not found:
        raise nothing_in(sources[0], "measurements of a benchmark")
    reading = Reading(found=tuple(found), broken=tuple(_unmeasured(folders.values())))
    return distinct(reading)


def _measured(folder: _Folder) -> Iterator[Found]:
    for node in folder.samples or folder.estimates:
        name, params = _named(folder.named) if folder.named else (_by_folder(node.source), ())
        values = (
            _values(node) if folder.samples else (_median(node).need("point_estimate").number(),)
        )
        yield Found(
            name=name,
            params=params,
            metric=LATENCY,
            launches=(tuple(value * 1e-9 for value in values),),
            level=Level.ITERATION if folder.samples else Level.NONE,
        )


def _unmeasured(folders: Iterable[_Folder]) -> Iterator[Broken]:
    for folder in folders:
        if folder.named and not folder.samples and not folder.estimates:
            name, params = _named(folder.named)
            yield Broken(name=name, params=params, reason="beside its benchmark.json is no sample")


def _old_sample(node: Node) -> bool:
    """Return whether it is a sample as criterion 0.2 wrote it: a list of iterations, of times."""
    return type(node.value) is list and len(node.value) == 2 and type(node.value[0]) is list


def _values(node: Node) -> tuple[float, ...]:
    """Return the nanoseconds of one iteration, by sample."""
    counts, times = node if _old_sample(node) else (node.need("iters"), node.need("times"))
    iterations, totals = counts.numbers(), times.numbers()
    if len(iterations) != len(totals) or not all(0 < count < MOST for count in iterations):
        wanted = "a possible number of iterations for each time"
        raise FormatError(
            f"{node.source}: its samples have not {wanted}",
            hint="The file is damaged; let criterion write it again.",
        )
    return tuple(total / count for total, count in zip(totals, iterations, strict=True))


def _median(node: Node) -> Node:
    return node.get("median") or node.get("Median")


def _named(node: Node) -> tuple[str, Params]:
    """Return what benchmark.json says."""
    parts = [node.get(part).text() for part in ("group_id", "function_id")]
    name, value = "/".join(part for part in parts if part), node.get("value_str").text()
    if name and value:
        return name, (("value", value),)
    return name or node.need("full_id").text(), ()


def _by_folder(source: str) -> str:
    """Return the name that stands for one: `group/sum/100` of group/sum/100/new/sample.json."""
    *folders, file = source.split("/")
    if folders and folders[-1] in _SAMPLING:
        folders.pop()
    if "criterion" in folders:
        folders = folders[folders.index("criterion") + 1 :]
    return "/".join(folders) or file.removesuffix(".json")


def read_csv(source: Source) -> Reading:
    """Read raw.csv, which has every sample with its names and its unit.

    Raises:
        FormatError: a row is damaged, or there is none.
    """
    units: dict[tuple[str, str], str] = {}
    values: dict[tuple[str, str], list[float]] = {}
    for line, row in csv_table(source, decoded(source.data))[1]:
        names = (row.get("group"), row.get("function"))
        key = ("/".join(name for name in names if name), row.get("value") or "")
        time = row.get("sample_measured_value") or row.get("sample_time_nanos") or ""
        total = number_at(source, line, time)
        count = number_at(source, line, row.get("iteration_count") or "")
        if not 0 < count < MOST:
            raise FormatError(f"{source.name}, line {line}: {count:g} is no number of iterations")
        units.setdefault(key, row.get("unit") or "ns")
        values.setdefault(key, []).append(total / count)
    if not values:
        raise nothing_in(source, "samples")
    return Reading(found=tuple(_of_rows(units[key], key, values[key]) for key in values))


def _of_rows(unit: str, key: tuple[str, str], values: Sequence[float]) -> Found:
    it = quantity(unit)
    return Found(
        name=key[0],
        params=(("value", key[1]),) if key[1] else (),
        metric=it.metric,
        launches=(tuple(value * it.factor for value in values),),
        level=Level.ITERATION,
    )


FORMATS = (
    Format(
        name="criterion",
        describes="criterion.rs: the folder target/criterion, or an estimates.json or sample.json",
        proves=Proof.VALUES,
        marks=(
            r"\A\s*\{",
            r'"(median_abs_dev|MedianAbsDev|directory_name|sampling_mode)"\s*:',
            r'"(point_estimate|full_id|iters)"\s*:',
        ),
        files="*new/*.json",
        parse=read_files,
    ),
    Format(
        name="criterion-csv",
        describes="criterion.rs: raw.csv",
        proves=Proof.VALUES,
        marks=(
            r"\Agroup,function,value,",
            r"^.*(sample_time_nanos|sample_measured_value,unit),iteration_count$",
        ),
        files="*.csv",
        yields_to="criterion",
        parse=each(read_csv),
    ),
)
