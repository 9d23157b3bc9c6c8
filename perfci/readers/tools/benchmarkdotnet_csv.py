"""BenchmarkDotNet: the CSV of its report, with the median, or else the mean, of each benchmark.

Parameters are the columns between those of the job, of which `WarmupCount` is the last, and the
mean. The job is a parameter where there are several.
"""

import re

from perfci.errors import FormatError
from perfci.readers.csv_table import csv_table
from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.metrics import ALLOCATED, LATENCY
from perfci.readers.quantity import quantity
from perfci.readers.reading import Broken, Found, Level, Params, Reading
from perfci.readers.source import Source
from perfci.readers.text import decoded, number_at

_VALUE = re.compile(r"(\S+) (\S+)")
_KIB = {"B": 1.0, "KB": 2.0**10, "MB": 2.0**20, "GB": 2.0**30}


def read_csv(source: Source) -> Reading:
    """Read `-report.csv`.

    Raises:
        FormatError: a row is damaged, or there is none.
    """
    columns, lines = csv_table(source, decoded(source.data))
    rows = list(lines)
    first = columns.index("WarmupCount") + 1 if "WarmupCount" in columns else len(columns)
    last = columns.index("Mean") if "Mean" in columns else 0
    several = len({row.get("Job") for _, row in rows}) > 1
    found: list[Found] = []
    broken: list[Broken] = []
    for line, row in rows:
        name = row.get("Method") or ""
        params: Params = tuple((column, row.get(column) or "") for column in columns[first:last])
        if several:
            params += (("job", row.get("Job") or ""),)
        time = row.get("Median") or row.get("Mean") or ""
        if time in {"NA", "?"}:
            broken.append(
                Broken(name=name, params=params, reason="it has no mean", metrics=(LATENCY,))
            )
            continue
        found.append(
            Found(
                name=name,
                params=params,
                metric=LATENCY,
                launches=((_seconds(source, line, time),),),
                level=Level.NONE,
            )
        )
        size = _VALUE.fullmatch(row.get("Allocated") or "")
        if size and size[2] in _KIB:
            value = number_at(source, line, size[1]) * _KIB[size[2]]
            found.append(
                Found(
                    name=name,
                    params=params,
                    metric=ALLOCATED,
                    launches=((value,),),
                    level=Level.NONE,
                )
            )
    if not found and not broken:
        raise nothing_in(source, "benchmarks")
    return Reading(found=tuple(found), broken=tuple(broken))


def _seconds(source: Source, line: int, text: str) -> float:
    value = _VALUE.fullmatch(text)
    unit = quantity(value[2]) if value else None
    if value is None or unit is None or unit.metric != LATENCY:
        raise FormatError(
            f"{source.name}, line {line}: {text[:60]!r} is no time with its unit",
            hint="The line is cut off or damaged; let BenchmarkDotNet write the file again.",
        )
    return number_at(source, line, value[1]) * unit.factor


FORMATS = (
    Format(
        name="benchmarkdotnet-csv",
        describes="BenchmarkDotNet --exporters csv: means and medians only",
        proves=Proof.SUMMARY,
        marks=(r"\AMethod,Job,", r",WarmupCount,", r",Mean,Error,"),
        files="*-report.csv",
        yields_to="benchmarkdotnet",
        parse=each(read_csv),
    ),
)
