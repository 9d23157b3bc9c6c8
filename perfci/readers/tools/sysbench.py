"""sysbench 1.x: what it prints.

It does not say which test it ran, except by what it measures: a heading like `=== read only ===`
before its output names it, else it is called `sysbench` and, where that can be seen, `cpu`,
`memory`, `fileio` or `oltp`. The latency is a mean, with one percentile of the user's choice.
Times have two digits after the point: those of 0.00 ms are left out.
"""

import re
from collections.abc import Iterator

from perfci.model.metric import Better, Metric
from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.metrics import ERROR_RATE, LATENCY, THROUGHPUT, percentile
from perfci.readers.reading import Broken, Found, Params, Reading
from perfci.readers.source import Source
from perfci.readers.text import number_at
from perfci.readers.tools.blocks import Block, blocks
from perfci.readers.tools.single import single, some

_START = re.compile(r"sysbench \d+\.\d+.*")
_KINDS = {
    "cpu": re.compile(r"(Prime numbers limit): .*"),
    "memory": re.compile(r"(Running memory speed test) .*"),
    "fileio": re.compile(r"(File operations):"),
    "oltp": re.compile(r"(SQL statistics):"),
}
_THREADS = re.compile(r"Number of threads: (\d+)")
_RATES = {
    THROUGHPUT: re.compile(
        r"(?:events per second:|events/s \(eps\):|transactions:.*\(|Total operations: \d+ \()"
        r"\s*([\d.]+).*"
    ),
    Metric(name="reads", unit="1/s", better=Better.HIGHER): re.compile(r"reads/s:\s+(\S+)"),
    Metric(name="writes", unit="1/s", better=Better.HIGHER): re.compile(r"writes/s:\s+(\S+)"),
}
_MEAN = re.compile(r"avg:\s+(\S+)")
_PERCENTILE = re.compile(r"(\d\d?)(?:st|nd|rd|th) percentile:\s+(\S+)")
_EVENTS = re.compile(r"total number of events:\s+(\S+)")
_IGNORED = re.compile(r"ignored errors:\s+(\d+)\s.*")
_FATAL = re.compile(r"FATAL: (.*)")


def read_text(source: Source) -> Reading:
    """Read what one or more runs printed.

    Raises:
        FormatError: a number is damaged, or there is no run.
    """
    found: list[Found] = []
    broken: list[Broken] = []
    short: list[str] = []
    for block in blocks(source, _START):
        name, params = _name(block), (("threads", block.text(_THREADS) or "1"),)
        if not block.number(_EVENTS) or block.number(_MEAN) is None:
            reason = block.text(_FATAL) or "its output ends before the results"
            broken.append(Broken(name=name, params=params, reason=reason, metrics=(LATENCY,)))
            continue
        times = list(_times(block))
        found += (single(name, metric, value, params) for metric, value in times if value)
        found += _counts(block, name, params)
        short += (name for _, value in times if not value)
    if not found and not broken:
        raise nothing_in(source, "runs of sysbench")
    left = (
        (f"times of 0.00 ms, too short to compare, are left out: {some(short)}",) if short else ()
    )
    return Reading(found=tuple(found), broken=tuple(broken), left=left)


def _name(block: Block) -> str:
    kinds = (kind for kind, pattern in _KINDS.items() if block.text(pattern))
    return block.heading or " ".join(("sysbench", *kinds))


def _times(block: Block) -> Iterator[tuple[Metric, float]]:
    yield LATENCY, (block.number(_MEAN) or 0.0) / 1e3
    for line, told in block.all(_PERCENTILE):
        metric = percentile(LATENCY, float(told[1]))
        yield metric, number_at(block.source, line, told[2]) / 1e3


def _counts(block: Block, name: str, params: Params) -> Iterator[Found]:
    for metric, pattern in _RATES.items():
        rate = block.number(pattern)
        if rate:
            yield single(name, metric, rate, params)
    ignored = block.number(_IGNORED)
    if ignored is not None:
        total = (block.number(_EVENTS) or 0.0) + ignored
        yield single(name, ERROR_RATE, ignored / max(total, 1.0), params)


FORMATS = (
    Format(
        name="sysbench",
        describes="what sysbench 1.x prints",
        proves=Proof.SUMMARY,
        marks=(r"^sysbench \d+\.\d+", r"^Latency \(ms\):"),
        parse=each(read_text),
    ),
)
