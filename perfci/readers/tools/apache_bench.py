"""ab, Apache's load tester: what it prints.

A run is named by host, port and path, with the concurrency as a parameter. Percentiles are whole
milliseconds: those of 0 are left out, and the mean stands for such a median. Answers of another
length than the first one's, which ab counts as failed, are no failures: pages differ.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from perfci.model.metric import Metric
from perfci.readers.format import Format, Proof
from perfci.readers.joining import each
from perfci.readers.metrics import LATENCY, THROUGHPUT
from perfci.readers.reading import Params, Reading
from perfci.readers.source import Source
from perfci.readers.text import number_at
from perfci.readers.tools.blocks import Block, blocks
from perfci.readers.tools.load import CUT, Load
from perfci.readers.tools.single import latency_at, run_again

_START = re.compile(r"This is ApacheBench, Version .*")
_HOST = re.compile(r"Server Hostname:\s+(\S+)")
_PORT = re.compile(r"Server Port:\s+(\d+)")
_PATH = re.compile(r"Document Path:\s+(\S+)")
_CONCURRENCY = re.compile(r"Concurrency Level:\s+(\d+)")
_DONE = re.compile(r"Complete requests:\s+(\d+)")
_FAILED = re.compile(
    r"\(Connect: (\d{1,15}), Receive: (\d{1,15}), Length: \d+, Exceptions: (\d{1,15})\)"
)
_BAD = re.compile(r"Non-2xx responses:\s+(\d+)")
_RATE = re.compile(r"Requests per second:\s+(\S+) \[#/sec\].*")
_MEAN = re.compile(r"Time per request:\s+(\S+) \[ms\] \(mean\)")
_PERCENTILE = re.compile(r"(50|90|95|99)%\s+(\S+)")


def read_text(source: Source) -> Reading:
    """Read what one or more runs printed.

    Raises:
        FormatError: a number is damaged, or there is no run.
    """
    load = Load()
    for block in blocks(source, _START):
        name, params, done = _name(block), _params(block), block.number(_DONE)
        if done and block.number(_RATE):
            failed = min(_failures(block), done)
            load.add(name, _speed(block), (failed, done), params=params)
        else:
            load.fail(name, CUT, params)
    reading = load.reading(source, "runs of ab")
    return replace(reading, found=run_again(reading.found, nameless="ab"))


def _name(block: Block) -> str:
    host, port, path = (block.text(each) for each in (_HOST, _PORT, _PATH))
    return f"{host}:{port}{path}" if host and port and path else "ab"


def _params(block: Block) -> Params:
    concurrency = block.text(_CONCURRENCY)
    return (("concurrency", concurrency),) if concurrency else ()


def _failures(block: Block) -> float:
    counted = sum(int(count) for _, line in block.all(_FAILED) for count in line.groups())
    return counted + (block.number(_BAD) or 0.0)


def _speed(block: Block) -> Iterator[tuple[Metric, float]]:
    known = {
        latency_at(float(found[1])): number_at(block.source, line, found[2]) / 1e3
        for line, found in block.all(_PERCENTILE)
    }
    if not known.get(LATENCY):
        known[LATENCY] = (block.number(_MEAN) or 0.0) / 1e3
    known[THROUGHPUT] = block.number(_RATE) or 0.0
    return ((metric, value) for metric, value in known.items() if value)


FORMATS = (
    Format(
        name="ab",
        describes="what ab prints, of Apache",
        proves=Proof.SUMMARY,
        marks=(r"^This is ApacheBench, Version ", r"^(Benchmarking |Complete requests:)"),
        parse=each(read_text),
    ),
)
