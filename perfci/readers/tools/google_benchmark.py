"""Google Benchmark: JSON of `--benchmark_out_format=json`, its CSV, or its table on the console.

Repetitions run in one process, one after the other, and are launches of one value each. Where only
their aggregates were written, the median stands for them, else the mean; fitted complexities are
left out, and so are bytes and items a second, which follow from the time. A program's own counters
are left out too: no file tells which way they are better. Parts of a name that are `name:value`
become parameters. CSV and table mark an aggregate by the ending of its name alone; the table shows
three digits, and a time that is shown as 0 compares with nothing.
"""

import re
from collections.abc import Sequence
from typing import Any

from perfci.errors import FormatError
from perfci.readers.csv_table import csv_table
from perfci.readers.format import Format, Proof
from perfci.readers.joining import each
from perfci.readers.json_text import json_of
from perfci.readers.json_tree import Node
from perfci.readers.reading import Machine, Reading
from perfci.readers.source import Source
from perfci.readers.text import decoded, lines, number_at
from perfci.readers.tools.google_rows import UNITS, Rows, count, reading


def read_json(source: Source) -> Reading:
    """Read JSON.

    Raises:
        FormatError: damaged, or no benchmark in it.
    """
    root = json_of(source, "benchmarks")
    context = root.get("context")
    facts = {
        name: context.get(name).text()
        for name in ("mhz_per_cpu", "library_version", "library_build_type")
        if context.get(name)
    }
    machine = Machine(cores=count(context.get("num_cpus").maybe()), facts=facts)
    given = root.need("benchmarks")
    rows = Rows(plain=given.plain_list(), node=given.at)
    return reading(source, rows, machine, context.get("date").text())


def read_csv(source: Source) -> Reading:
    """Read CSV; what stands before its head is let pass.

    Raises:
        FormatError: a row is damaged, or there is none.
    """
    text = decoded(source.data)
    head = re.search(r"^\"?name\"?,\"?iterations\"?,", text, re.MULTILINE)
    if head is None:
        raise FormatError(
            f"{source.name} has no line of names as Google Benchmark writes it",
            hint="It begins with `name,iterations,real_time`; let the tool write the file again.",
        )
    above = text.count("\n", 0, head.start())
    _, rows = csv_table(source, text[head.start() :], above=above)
    nodes = [
        Node({name: cell for name, cell in row.items() if cell}, f"{source.name}, line {line}")
        for line, row in rows
    ]
    return reading(source, _rows(nodes), Machine(), text[: head.start()].partition("\n")[0])


def read_text(source: Source) -> Reading:
    """Read what the console shows.

    Raises:
        FormatError: there is no benchmark in it.
    """
    nodes = []
    within = False
    for at, line in lines(source):
        if line.startswith("Benchmark ") and line.split()[1:4] == ["Time", "CPU", "Iterations"]:
            within = True
        elif within and (row := _shown(source, at, line)):
            nodes.append(Node(row, f"{source.name}, line {at}"))
    return reading(source, _rows(nodes), Machine(), next(lines(source))[1])


def _rows(nodes: Sequence[Node]) -> Rows:
    return Rows(plain=[node.value for node in nodes], node=nodes.__getitem__)


def _shown(source: Source, at: int, line: str) -> dict[str, Any]:
    """Return a line of the table as JSON has it; empty where it is none."""
    for mark, name in (("ERROR OCCURRED:", "error_occurred"), ("SKIPPED:", "skipped")):
        before, found, why = line.partition(mark)
        if found:
            return {"name": before.strip(), name: True, "error_message": why.strip(" '")}
    words = line.split()
    for start in range(1, len(words) - 4):
        # "%" is the unit of a coefficient of variation
        real, unit, cpu, other, iterations = words[start : start + 5]
        if unit in UNITS and other in UNITS and iterations.isdecimal():
            return {
                "name": " ".join(words[:start]),
                "real_time": number_at(source, at, real),
                "cpu_time": number_at(source, at, cpu),
                "time_unit": unit,
                "iterations": iterations,
            }
    return {}


FORMATS = (
    Format(
        name="google-benchmark",
        describes="Google Benchmark --benchmark_out=FILE --benchmark_out_format=json",
        proves=Proof.REPETITIONS,
        marks=(r'"benchmarks"\s*:\s*\[', r'"real_time"\s*:', r'"cpu_time"\s*:'),
        parse=each(read_json),
    ),
    Format(
        name="google-benchmark-csv",
        describes="Google Benchmark --benchmark_format=csv",
        proves=Proof.REPETITIONS,
        marks=(r'^"?name"?,"?iterations"?,"?real_time"?', r'real_time"?,"?cpu_time"?,"?time_unit'),
        parse=each(read_csv),
    ),
    Format(
        name="google-benchmark-text",
        describes="Google Benchmark: what it prints, rounded to three digits",
        proves=Proof.REPETITIONS,
        marks=(r"^Benchmark +Time +CPU +Iterations", r"^-{40,} *$"),
        parse=each(read_text),
    ),
)
