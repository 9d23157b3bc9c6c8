"""JMH: CSV (`-rf csv`), with one number a benchmark: see `perfci.readers.tools.jmh`."""

import re

from perfci.readers.csv_table import csv_table
from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.metrics import percentile
from perfci.readers.reading import Found, Level, Reading
from perfci.readers.source import Source
from perfci.readers.text import decoded, number_at
from perfci.readers.tools.jmh import BYTES, Unit, left_out, several_timed, unit_of

_PERCENTILE = re.compile(r"(.*?):(?:.*·)?p(\d\.\d+)")
_TAIL = {"0.90": 90.0, "0.95": 95.0, "0.99": 99.0, "0.999": 99.9}


def read_csv(source: Source) -> Reading:
    """Read `-rf csv`.

    Raises:
        FormatError: a row is damaged, or there is none.
    """
    rows = list(csv_table(source, decoded(source.data))[1])
    found: list[Found] = []
    left: list[str] = []
    modes = [row.get("Mode") or "" for _, row in rows]
    several = several_timed(modes)
    for (line, row), mode in zip(rows, modes, strict=True):
        label = row.get("Benchmark") or ""
        name, unit = _named(label, row.get("Unit") or "")
        if unit is None:
            left.append(label)
            continue
        params = tuple(
            (key.removeprefix("Param: "), text)
            for key, text in row.items()
            if key.startswith("Param: ") and text
        )
        if several and mode != "thrpt":
            params += (("mode", mode),)
        value = number_at(source, line, row.get("Score") or "") * unit.factor
        found.append(
            Found(
                name=name,
                params=params,
                metric=unit.metric,
                launches=((value,),),
                level=Level.NONE,
            )
        )
    if not found:
        raise nothing_in(source, "benchmarks")
    return Reading(found=tuple(found), left=left_out(left))


def _named(label: str, unit: str) -> tuple[str, Unit | None]:
    """Return benchmark and unit of a row, which may be a percentile or of a profiler."""
    if label.endswith("gc.alloc.rate.norm") and unit == "B/op":
        return label.rpartition(":")[0], BYTES
    found = unit_of(unit)
    of_all = _PERCENTILE.fullmatch(label)
    if of_all is None or found is None:
        return label, found
    share = _TAIL.get(of_all[2])
    if share is None:
        return label, None
    return of_all[1], Unit(factor=found.factor, metric=percentile(found.metric, share))


FORMATS = (
    Format(
        name="jmh-csv",
        describes="JMH -rf csv: means only",
        proves=Proof.SUMMARY,
        marks=(r'\A"?Benchmark"?,"?Mode"?,"?Threads"?,', r'"?Score Error \('),
        parse=each(read_csv),
    ),
)
