"""redis-benchmark: what it prints, in full or with `-q`, or `--csv`.

Each test is a benchmark. Of Redis before 6.2 there is only throughput in the CSV and with `-q`.
"""

import re
from collections.abc import Iterator

from perfci.errors import FormatError
from perfci.readers.csv_table import csv_table
from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.metrics import THROUGHPUT
from perfci.readers.reading import Broken, Found, Reading
from perfci.readers.source import Source
from perfci.readers.text import decoded, lines, number_at
from perfci.readers.tools.blocks import Block, blocks
from perfci.readers.tools.single import latency_at, single

_TEST = re.compile(r"={6} (.+) ={6}")
_RATE = re.compile(r"(?:throughput summary: )?(\S+) requests per second")
_TITLES = re.compile(r"avg\s+min\s+p50\s+p95\s+p99\s+max")
_TITLES_OF_CSV = '"test","rps"'
_FIRST_ROW = re.compile(r'^"test","rps".*$|^"[^"\n]+","[\d.]+"$', re.MULTILINE)
_SHARES = {"p50": 50, "p95": 95, "p99": 99}
_QUIET = re.compile(
    r"\s*(?!throughput summary)(\S.*): (\S+) requests per second(?:, p50=(\S+) msec)?\s*"
)


def read_text(source: Source) -> Reading:
    """Read what it prints, in full or with `-q`.

    Raises:
        FormatError: a number is damaged, or there is no test.
    """
    found: list[Found] = []
    broken: list[Broken] = []
    for block in blocks(source, _TEST):
        rate = block.number(_RATE)
        if rate is None:
            reason = "its output ends before the results"
            broken.append(Broken(name=block.start[1], reason=reason, metrics=(THROUGHPUT,)))
            continue
        found.append(single(block.start[1], THROUGHPUT, rate))
        found += _summary(block)
    for line, text in lines(source):
        if quiet := _QUIET.fullmatch(text):
            found.append(single(quiet[1], THROUGHPUT, number_at(source, line, quiet[2])))
            if quiet[3]:
                middle = number_at(source, line, quiet[3]) / 1e3
                found.append(single(quiet[1], latency_at(50), middle))
    if not found and not broken:
        raise nothing_in(source, "tests")
    return Reading(found=tuple(found), broken=tuple(broken))


def read_csv(source: Source) -> Reading:
    """Read `--csv`.

    Raises:
        FormatError: a row is damaged, or there is none.
    """
    text = decoded(source.data)
    first = _FIRST_ROW.search(text)
    if first is None:
        raise nothing_in(source, "tests")
    above = text.count("\n", 0, first.start())
    table = text[first.start() :]
    if not first[0].startswith(_TITLES_OF_CSV):
        above, table = above - 1, f"{_TITLES_OF_CSV}\n{table}"
    _, rows = csv_table(source, table, above=above)
    found: list[Found] = []
    for line, row in rows:
        if "rps" not in row:
            raise FormatError(
                f"{source.name}, line {line}: no test and its requests per second",
                hint="The line is cut off or damaged; let the tool write the file again.",
            )
        found.append(single(row["test"], THROUGHPUT, number_at(source, line, row["rps"])))
        for name, share in _SHARES.items():
            if f"{name}_latency_ms" in row:
                value = number_at(source, line, row[f"{name}_latency_ms"]) / 1e3
                found.append(single(row["test"], latency_at(share), value))
    if not found:
        raise nothing_in(source, "tests")
    return Reading(found=tuple(found))


def _summary(block: Block) -> Iterator[Found]:
    for number, (_, text) in enumerate(block.lines[:-1]):
        if _TITLES.fullmatch(text):
            line, cells = block.lines[number + 1]
            for title, cell in zip(text.split(), cells.split(), strict=False):
                if title in _SHARES:
                    value = number_at(block.source, line, cell) / 1e3
                    yield single(block.start[1], latency_at(_SHARES[title]), value)


FORMATS = (
    Format(
        name="redis-benchmark",
        describes="what redis-benchmark prints, in full or with -q",
        proves=Proof.SUMMARY,
        marks=(
            r"(p50=[\d.]+ msec$|^[ \t]*\d+ requests completed in )",
            r"^[ \t]*(\S.*: )?[\d.]+ requests per second",
        ),
        parse=each(read_text),
    ),
    Format(
        name="redis-benchmark-csv",
        describes="redis-benchmark --csv",
        proves=Proof.SUMMARY,
        marks=(
            r'^("test","rps"|"(PING_\w+|SET|GET|INCR|[LR]PUSH|[LRS]POP|[SZ]ADD|MSET\b[^"]*)","[\d.]+"$)',
            r'^"[^"]+","[\d.]+"',
        ),
        parse=each(read_csv),
    ),
)
