"""Locust: `--csv NAME` writes NAME_stats.csv, with a row for each request name and method.

Median and percentiles are whole milliseconds, and of two digits above 100 ms, so that only large
changes of them show; which percentiles there are goes by the version. The row
`Aggregated` is made of the others and left out, and so is the size of responses, which is what the
server was asked for. NAME_stats_history.csv has the same at several moments of the one run, and no
run to compare them with: it is refused.
"""

from collections.abc import Iterator

from perfci.errors import FormatError
from perfci.model.metric import Metric
from perfci.readers.csv_table import Row, csv_table
from perfci.readers.format import Format, Proof
from perfci.readers.joining import each
from perfci.readers.metrics import LATENCY, THROUGHPUT, percentile
from perfci.readers.reading import Reading
from perfci.readers.source import Source
from perfci.readers.text import decoded, number_at
from perfci.readers.tools.load import Load

_TAILS = {"90%": 90, "95%": 95, "99%": 99, "99.9%": 99.9}
_OF_ALL = {"Aggregated", "Total"}


def read_stats(source: Source) -> Reading:
    """Read NAME_stats.csv.

    Raises:
        FormatError: a row is damaged, there is none, or it is another of Locust's tables.
    """
    names, rows = csv_table(source, decoded(source.data))
    if "User Count" in names:
        raise FormatError(
            f"{source.name} is Locust's history: many moments of one run",
            hint="give the file beside it that ends in _stats.csv",
        )
    load = Load()
    for line, row in rows:
        if row.get("Type") in {"", "None"} and row.get("Name") in _OF_ALL:
            continue
        name = f"{row.get('Type', '')} {row.get('Name', '')}".strip()
        total = number_at(source, line, _cell(row, "Request Count", "# requests"))
        failed = number_at(source, line, _cell(row, "Failure Count", "# failures"))
        load.add(name, _speed(source, line, row), (failed, total))
    return load.reading(source, "requests")


def _speed(source: Source, line: int, row: Row) -> Iterator[tuple[Metric, float]]:
    middle = _cell(row, "Median Response Time", "Median response time")
    yield LATENCY, number_at(source, line, middle) / 1e3
    for column, share in _TAILS.items():
        if row.get(column, "N/A") != "N/A":
            yield percentile(LATENCY, share), number_at(source, line, row[column]) / 1e3
    yield THROUGHPUT, number_at(source, line, row.get("Requests/s", ""))


def _cell(row: Row, now: str, formerly: str) -> str:
    return row.get(now) or row.get(formerly, "")


FORMATS = (
    Format(
        name="locust",
        describes="locust --csv: the file NAME_stats.csv",
        proves=Proof.SUMMARY,
        marks=(
            r'\A(Timestamp,"?User Count"?,)?"?Type"?,"?Name"?,',
            r'"?(Request Count|# requests|Total Request Count)"?,',
        ),
        files="*_stats.csv",
        parse=each(read_stats),
    ),
)
