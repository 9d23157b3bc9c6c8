"""pgbench: what it prints.

A script is a benchmark, with clients, threads, scale and query mode as parameters. Of several
scripts in one run each is told, and their sum is left out. The latency is a mean, and transactions
a second are without the time to connect.
"""

import re
from collections.abc import Iterator

from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.metrics import ERROR_RATE, LATENCY, THROUGHPUT
from perfci.readers.reading import Broken, Found, Params, Reading
from perfci.readers.source import Source
from perfci.readers.text import number_at
from perfci.readers.tools.blocks import Block, blocks
from perfci.readers.tools.single import run_again, single

_TYPE = re.compile(r"transaction type: (.+)")
_PARAMS = {
    "clients": re.compile(r"number of clients: (\d+)"),
    "threads": re.compile(r"number of threads: (\d+)"),
    "scale": re.compile(r"scaling factor: (\d+)"),
    "mode": re.compile(r"query mode: (\w+)"),
}
_DONE = re.compile(r"number of transactions actually processed: (\d+)(?:/\d+)?")
_FAILED = re.compile(r"(?:- )?number of failed transactions: (\d+) .*")
_MEAN = re.compile(r"(?:- )?latency average[=: ]+(\S+) ms.*")
_RATE = re.compile(r"tps = (\S+) \((?!including conn).*")
_SCRIPT = re.compile(r"SQL script \d+: (.+)")
_PART = re.compile(r"- (\d+) transactions \(.*, tps = ([^)\s]+)\)")
_ABORTED = re.compile(r"pgbench: (?:error: )?(.*[Rr]un was aborted.*)")
_METRICS = (LATENCY, THROUGHPUT)


def read_text(source: Source) -> Reading:
    """Read what one or more runs printed.

    Raises:
        FormatError: a number is damaged, or there is no run.
    """
    found: list[Found] = []
    broken: list[Broken] = []
    for block in blocks(source, _TYPE):
        params = tuple((name, block.text(at) or "") for name, at in _PARAMS.items())
        reason = _trouble(block)
        if reason:
            name = block.start[1]
            broken.append(Broken(name=name, params=params, reason=reason, metrics=_METRICS))
        elif any(block.all(_SCRIPT)):
            for part in _scripts(block):
                found += _script(part, params)
        else:
            found += _whole(block, params)
    if not found and not broken:
        raise nothing_in(source, "runs of pgbench")
    return Reading(found=run_again(found), broken=tuple(broken))


def _trouble(block: Block) -> str:
    aborted = block.text(_ABORTED)
    if aborted:
        return aborted
    if not block.number(_DONE):
        return "no transaction was processed"
    return "" if block.number(_RATE) else "its output ends before the results"


def _whole(block: Block, params: Params) -> Iterator[Found]:
    yield from _latency(block, block.start[1], params)
    for line, rate in block.all(_RATE):
        value = number_at(block.source, line, rate[1])
        yield single(block.start[1], THROUGHPUT, value, params)
    yield from _errors(block, block.start[1], block.number(_DONE) or 0.0, params)


def _scripts(block: Block) -> Iterator[Block]:
    """Yield what is told of each script of one run."""
    part: Block | None = None
    for line, text in block.lines:
        if start := _SCRIPT.fullmatch(text):
            if part:
                yield part
            part = Block(block.source, block.heading, start)
        if part:
            part.lines.append((line, text))
    if part:
        yield part


def _script(part: Block, params: Params) -> Iterator[Found]:
    name = part.start[1]
    yield from _latency(part, name, params)
    for line, told in part.all(_PART):
        yield single(name, THROUGHPUT, number_at(part.source, line, told[2]), params)
        yield from _errors(part, name, number_at(part.source, line, told[1]), params)


def _latency(block: Block, name: str, params: Params) -> Iterator[Found]:
    mean = block.number(_MEAN)
    if mean is not None:
        yield single(name, LATENCY, mean / 1e3, params)


def _errors(block: Block, name: str, done: float, params: Params) -> Iterator[Found]:
    failed = block.number(_FAILED)
    if failed is not None and done + failed > 0:
        yield single(name, ERROR_RATE, failed / (done + failed), params)


FORMATS = (
    Format(
        name="pgbench",
        describes="what pgbench prints",
        proves=Proof.SUMMARY,
        marks=(r"^[ \t]*transaction type: ", r"^[ \t]*tps = |transactions actually processed"),
        parse=each(read_text),
    ),
)
