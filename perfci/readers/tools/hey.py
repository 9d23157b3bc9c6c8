"""hey: what it prints, or every request with `-o csv`.

It does not say what it asked: a heading like `=== search ===` before its output names it, else it
is called `hey`. Printed times have four digits after the point, so that nothing under a tenth of
a millisecond is seen. The CSV has only requests that were answered.
"""

import re

from perfci.model.metric import Metric
from perfci.readers.csv_table import csv_table
from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.metrics import LATENCY, THROUGHPUT
from perfci.readers.reading import Reading
from perfci.readers.source import Source
from perfci.readers.text import decoded, number_at
from perfci.readers.tools.blocks import Block, blocks
from perfci.readers.tools.load import CUT, Load
from perfci.readers.tools.requests import Requests
from perfci.readers.tools.single import latency_at

_NAME = "hey"
_FIRST_BAD = 400
_MEAN = re.compile(r"Average:\s+(\S+) secs")
_RATE = re.compile(r"Requests/sec:\s+(\S+)")
_PERCENTILE = re.compile(r"(50|90|95|99)% in (\S+) secs")
_ANSWERS = re.compile(r"\[(\d{3})\]\s+(\d{1,15}) responses")
_ERRORS = re.compile(r"\[(\d{1,15})\]\s+(?!\d+ responses)([A-Za-z].*)")


def read_text(source: Source) -> Reading:
    """Read what one or more runs printed.

    Raises:
        FormatError: a number is damaged, or there is no run.
    """
    load = Load()
    for block in blocks(source, re.compile("Summary:")):
        name = block.heading or _NAME
        answers = {int(line[1]): int(line[2]) for _, line in block.all(_ANSWERS)}
        errors = [(int(line[1]), line[2]) for _, line in block.all(_ERRORS)]
        unanswered = sum(count for count, _ in errors)
        failed = sum(count for code, count in answers.items() if code >= _FIRST_BAD) + unanswered
        total = sum(answers.values()) + unanswered
        why = errors[0][1] if errors else next((f"status {code}" for code in answers), "")
        if total:
            load.add(name, _speed(block).items(), (failed, total), reason=why)
        else:
            load.fail(name, CUT)
    return load.reading(source, "runs of hey")


def read_csv(source: Source) -> Reading:
    """Read `-o csv`.

    Raises:
        FormatError: a row is damaged, or there is none.
    """
    requests = Requests()
    _, rows = csv_table(source, decoded(source.data))
    for line, row in rows:
        seconds = number_at(source, line, row.get("response-time", ""))
        code = number_at(source, line, row.get("status-code", ""))
        requests.add(_NAME, seconds, f"status {code:g}" if code >= _FIRST_BAD else None)
    if not requests:
        raise nothing_in(source, "requests that were answered")
    return requests.reading()


def _speed(block: Block) -> dict[Metric, float]:
    known = {}
    for line, found in block.all(_PERCENTILE):
        known[latency_at(float(found[1]))] = number_at(block.source, line, found[2])
    if LATENCY not in known and (mean := block.number(_MEAN)) is not None:
        known[LATENCY] = mean
    if (rate := block.number(_RATE)) is not None:
        known[THROUGHPUT] = rate
    return known


FORMATS = (
    Format(
        name="hey",
        describes="what hey prints",
        proves=Proof.SUMMARY,
        marks=(r"^[ \t]*Slowest:\s+\S+ secs$", r"^[ \t]*Requests/sec:\s", r"^Status code dist"),
        parse=each(read_text),
    ),
    Format(
        name="hey-csv",
        describes="hey -o csv: every request",
        proves=Proof.VALUES,
        marks=(r"\Aresponse-time,DNS\+dialup,", r",status-code,offset$"),
        parse=each(read_csv),
    ),
)
