"""memtier_benchmark: what it prints, or `--json-out-file`.

Each kind of operation is a benchmark. `Totals` is made of the others and left out, and so are
kinds that were never done. With `--run-count` and `--print-all-runs` each run is a launch; without
the latter there is their average. Best and worst run are left out.
"""

import re
from collections.abc import Iterator, Sequence
from typing import TypeVar

from perfci.errors import FormatError
from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.json_text import json_of
from perfci.readers.json_tree import Node
from perfci.readers.metrics import LATENCY, THROUGHPUT
from perfci.readers.reading import Found, Reading
from perfci.readers.source import Source
from perfci.readers.text import number_at
from perfci.readers.tools.blocks import Block, blocks
from perfci.readers.tools.single import latency_at, run_again, single

_MADE = {"Totals", "Runtime"}
_SECTION = re.compile(
    r"(ALL STATS|RUN #\d+ RESULTS|AGGREGATED AVERAGE RESULTS.*|(?:BEST|WORST) RUN RESULTS)"
)
_TITLES = re.compile(r"Type\s+Ops/sec\s.*Latency\s.*")
_Section = TypeVar("_Section")
_SHARE = re.compile(r"p(\d+(?:\.\d+)?)(?: Latency)?")
_TAILS = {50.0, 90.0, 95.0, 99.0, 99.9}


def read_text(source: Source) -> Reading:
    """Read the tables of one or more runs.

    Raises:
        FormatError: a number is damaged, or there is no operation.
    """
    tables = [(block.start[1], block) for block in blocks(source, _SECTION)]
    found = [item for block in _chosen(tables) for item in _table(block)]
    if not found:
        raise nothing_in(source, "operations")
    return Reading(found=run_again(found))


def read_json(source: Source) -> Reading:
    """Read `--json-out-file`.

    Raises:
        FormatError: damaged, or no operation in it.
    """
    sections = [item for item in json_of(source).items() if _SECTION.fullmatch(item[0])]
    found: list[Found] = []
    for section in _chosen(sections):
        for name, stats in section.items():
            if name not in _MADE and stats.get("Ops/sec"):
                found += _operation(name, stats)
    if not found:
        raise nothing_in(source, "operations")
    return Reading(found=run_again(found))


def _chosen(sections: Sequence[tuple[str, _Section]]) -> list[_Section]:
    """Return the single runs, or what there is instead of them."""
    runs = [section for name, section in sections if name.startswith("RUN #")]
    whole = [section for name, section in sections if name.startswith(("ALL", "AGGREGATED"))]
    return runs or whole


def _table(block: Block) -> Iterator[Found]:
    titles: list[str] = []
    for line, text in block.lines:
        if _TITLES.fullmatch(text):
            titles = _titles(block, line, text)
            continue
        cells = text.split()
        if not titles or set(text) == {"-"}:
            continue
        if len(cells) != len(titles):
            return
        row = dict(zip(titles, cells, strict=True))
        name = row["Type"]
        if name in _MADE or "---" in (row.get("Avg. Latency"), row.get("Latency")):
            continue
        known = {THROUGHPUT: row["Ops/sec"]}
        for title, cell in row.items():
            share = _SHARE.fullmatch(title)
            if share and float(share[1]) in _TAILS:
                known[latency_at(float(share[1]))] = cell
        mean = row.get("Avg. Latency") or row.get("Latency")
        if LATENCY not in known and mean:
            known[LATENCY] = mean
        for metric, cell in known.items():
            value = number_at(block.source, line, cell)
            yield single(name, metric, value if metric == THROUGHPUT else value / 1e3)


def _titles(block: Block, line: int, text: str) -> list[str]:
    titles = re.split(r"\s{2,}", text)
    if not {"Type", "Ops/sec"} <= set(titles):
        raise FormatError(
            f"{block.source.name}, line {line}: the titles of the table are damaged",
            hint="Let the tool write the file again.",
        )
    return titles


def _operation(name: str, stats: Node) -> Iterator[Found]:
    yield single(name, THROUGHPUT, stats.get("Ops/sec").number())
    known = {}
    for key, value in stats.get("Percentile Latencies").items():
        share = _SHARE.fullmatch(key)
        if share and float(share[1]) in _TAILS:
            known[latency_at(float(share[1]))] = value
    mean = stats.get("Average Latency") or stats.get("Latency")
    if LATENCY not in known and mean:
        known[LATENCY] = mean
    for metric, value in known.items():
        yield single(name, metric, value.number() / 1e3)


FORMATS = (
    Format(
        name="memtier",
        describes="memtier_benchmark --json-out-file",
        proves=Proof.SUMMARY,
        marks=(r'"(ALL STATS|AGGREGATED AVERAGE RESULTS[^"]*)"\s*:\s*\{', r'"Ops/sec"\s*:'),
        parse=each(read_json),
    ),
    Format(
        name="memtier-text",
        describes="what memtier_benchmark prints",
        proves=Proof.SUMMARY,
        marks=(r"^(ALL STATS|AGGREGATED .*)$", r"^Type\s+Ops/sec\s.*Latency\s"),
        parse=each(read_text),
    ),
)
