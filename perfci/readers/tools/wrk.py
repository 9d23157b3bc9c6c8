"""wrk and wrk2: what they print, percentiles with `--latency`.

A run is named by its address, with threads and connections as parameters. Without `--latency` the
mean stands for the median. wrk counts answers other than 2xx and 3xx as requests, and errors of
sockets beside them; both make the error rate. What wrk2 adds under `Uncorrected Latency` leaves
out the wait that its fixed rate is there to see, and is left out.
"""

import re

from perfci.model.metric import Metric
from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.metrics import ERROR_RATE, LATENCY, THROUGHPUT
from perfci.readers.reading import Broken, Found, Params, Reading
from perfci.readers.source import Source
from perfci.readers.tools.blocks import Block, blocks
from perfci.readers.tools.durations import duration_at
from perfci.readers.tools.requests import always_failed
from perfci.readers.tools.single import latency_at, run_again, single

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
    found: list[Found] = []
    broken: list[Broken] = []
    for block in blocks(source, _RUNNING):
        name, params = block.start[1], _params(block)
        reason, share = _errors(block)
        if reason:
            broken.append(Broken(name=name, params=params, reason=reason, metrics=(LATENCY,)))
            continue
        found += (single(name, metric, value, params) for metric, value in _speed(block).items())
        found.append(single(name, ERROR_RATE, share, params))
    if not found and not broken:
        raise nothing_in(source, "runs of wrk")
    return Reading(found=run_again(found), broken=tuple(broken))


def _params(block: Block) -> Params:
    for _, pool in block.all(_POOL):
        return (("threads", pool[1]), ("connections", pool[2]))
    return ()


def _errors(block: Block) -> tuple[str, float]:
    """Return why a run is worth nothing, if so, and which share of its requests failed."""
    total = block.number(_TOTAL)
    if total is None or block.number(_RATE) is None:
        return "its output ends before the results", 1.0
    sockets = sum(int(count) for _, line in block.all(_SOCKETS) for count in line.groups())
    failed, total = (block.number(_REFUSED) or 0.0) + sockets, total + sockets
    if failed >= total:
        return always_failed(total, "") if total else "no request was answered", 1.0
    return "", failed / total


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
