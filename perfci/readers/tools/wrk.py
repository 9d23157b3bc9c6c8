"""wrk and wrk2: what they print, percentiles with `--latency`.

A run is named by its address, with threads and connections as parameters. Without `--latency` the
mean stands for the median. wrk counts answers other than 2xx and 3xx as requests, and errors of
sockets beside them; both make the error rate. What wrk2 adds under `Uncorrected Latency` leaves
out the wait that its fixed rate is there to see, and is left out.
"""

import re
from dataclasses import replace

from perfci.model.metric import Metric
from perfci.readers.format import Format, Proof
from perfci.readers.joining import each
from perfci.readers.metrics import LATENCY, THROUGHPUT
from perfci.readers.reading import Params, Reading
from perfci.readers.source import Source
from perfci.readers.tools.blocks import Block, blocks
from perfci.readers.tools.durations import duration_at
from perfci.readers.tools.load import CUT, Load
from perfci.readers.tools.single import latency_at, run_again

_RUNNING = re.compile(r"Running \S+ test @ (\S+)")
_POOL = re.compile(r"(\d+) threads and (\d+) connections")
_MEAN = re.compile(r"Latency\s+([\d.]+[a-z]+)\s.*%")
_PERCENTILE = re.compile(r"(50|90|95|99|99\.9)(?:\.?0*)%\s+(\S+)")
_TOTAL = re.compile(r"(\d+) requests in .* read")
_REFUSED = re.compile(r"Non-2xx or 3xx responses: (\d+)")
_SOCKETS = re.compile(
    r"Socket errors: connect (\d{1,15}), read (\d{1,15}), write (\d{1,15}), timeout (\d{1,15})"
)
_RATE = re.compile(r"Requests/sec:\s*(\S+)")


def read_text(source: Source) -> Reading:
    """Read what one or more runs printed.

    Raises:
        FormatError: a number is damaged, or there is no run.
    """
    load = Load()
    for block in blocks(source, _RUNNING):
        name, params, answered = block.start[1], _params(block), block.number(_TOTAL)
        if answered is None or block.number(_RATE) is None:
            load.fail(name, CUT, params)
            continue
        sockets = sum(int(count) for _, line in block.all(_SOCKETS) for count in line.groups())
        failed, total = (block.number(_REFUSED) or 0.0) + sockets, answered + sockets
        speed = _speed(block).items()
        load.add(name, speed, (min(failed, total), total), params=params)
    reading = load.reading(source, "runs of wrk")
    return replace(reading, found=run_again(reading.found))


def _params(block: Block) -> Params:
    for _, pool in block.all(_POOL):
        return (("threads", pool[1]), ("connections", pool[2]))
    return ()


def _speed(block: Block) -> dict[Metric, float]:
    known: dict[Metric, float] = {}
    for line, found in block.all(_PERCENTILE):
        known.setdefault(latency_at(float(found[1])), duration_at(block.source, line, found[2]))
    mean = block.duration(_MEAN)
    if LATENCY not in known and mean is not None:
        known[LATENCY] = mean
    rate = block.number(_RATE)
    if rate is not None:
        known[THROUGHPUT] = rate
    return known


_MARKS = (r"^Running \S+ test @ ", r"^[ \t]*Thread Stats\s+Avg\s+Stdev\s+Max")
FORMATS = (
    Format(
        name="wrk",
        describes="what wrk prints, with percentiles where --latency was given",
        proves=Proof.SUMMARY,
        marks=_MARKS,
        without=(r"HdrHistogram",),
        parse=each(read_text),
    ),
    Format(
        name="wrk2",
        describes="what wrk2 prints with --latency",
        proves=Proof.SUMMARY,
        marks=(*_MARKS, r"HdrHistogram"),
        parse=each(read_text),
    ),
)
