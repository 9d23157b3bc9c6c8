"""perf stat: what it prints, `-x` and a separator, or `-j`.

One run is a launch, and so is each of one command that was appended; `-r` has only the mean of
its runs. Context switches and migrations are left out. `-x` and `-j` do not name the command: a
heading like `=== parse ===` before lines of `-x` does, else it is called `perf stat`. Those of
`-I` are many moments of one run, and refused.
"""

import re
from collections.abc import Iterator

from perfci.errors import FormatError
from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.json_text import json_lines
from perfci.readers.metrics import CPU_TIME, LATENCY
from perfci.readers.reading import Broken, Found, Level, Reading
from perfci.readers.source import Source
from perfci.readers.text import lines, number_at
from perfci.readers.tools.blocks import Block, blocks, heading_of
from perfci.readers.tools.perf_counters import Counter, missing, plain, series
from perfci.readers.tools.single import run_again

_NAME = "perf stat"
_START = re.compile(
    r"Performance counter stats for (?:process id )?'(.*)'(?: \((\d+) runs\))?:|"
    r"Performance counter stats for (\S.*):"
)
_NUMBER = r"[\d.,'\u00a0\u202f]+|<not (?:supported|counted)>"
_EVENT = re.compile(
    rf"({_NUMBER})\s+(?:(msec|usec|ns|Joules|MiB)\s+)?([^\s#(]+)(?:\s+\((msec)\))?(?:\s+[#(].*)?"
)
_SECONDS = re.compile(r"(\S+)(?: \+- \S+)? seconds (time elapsed|user|sys)(?:\s+\(.*)?")
_ROW = re.compile(
    r"([\d.]+|<not (?:supported|counted)>)([,;|\t])([^,;|\t]*)\2([^;|\t]+?)\2"
    r"(?:([\d.]+%)\2)?\d+\2[\d.]+\b.*"
)


def read_text(source: Source) -> Reading:
    """Read what one or more runs printed.

    Raises:
        FormatError: a number is damaged, or there is no run.
    """
    counters: list[Counter] = []
    found: list[Found] = []
    broken: list[Broken] = []
    for block in blocks(source, _START):
        name = block.start[1] or block.start[3] or _NAME
        mean = block.start[2] is not None
        times = {told[2]: number_at(source, line, told[1]) for line, told in block.all(_SECONDS)}
        if "time elapsed" not in times:
            reason = "its output ends before the results"
            broken.append(Broken(name=name, reason=reason, metrics=(LATENCY,)))
            continue
        events = list(_events(block, name, mean=mean))
        known = {LATENCY: times["time elapsed"]}
        clocks = {plain(event.event) for event in events if event.value is not None}
        if not clocks & {"task-clock", "cpu-clock"}:
            known[CPU_TIME] = times.get("user", 0.0) + times.get("sys", 0.0)
        level = Level.NONE if mean else Level.PROCESS
        found += (
            Found(name=name, metric=metric, launches=((value,),), level=level)
            for metric, value in known.items()
            if value
        )
        counters += events
    if not found and not broken:
        raise nothing_in(source, "runs of perf stat")
    found += series(counters)
    return Reading(found=run_again(found), broken=tuple(broken), left=missing(counters))


def read_csv(source: Source) -> Reading:
    """Read `-x`.

    Raises:
        FormatError: a number is damaged, there is none, or they are of `-I`.
    """
    name, counters = _NAME, []
    for line, text in lines(source):
        name = heading_of(text.strip()) or name
        row = _ROW.fullmatch(text.strip())
        if row is None:
            continue
        if re.fullmatch(r"[\d.]+|<not .*>", row[3]):
            raise _many_moments(source)
        value = None if row[1].startswith("<") else number_at(source, line, row[1])
        counters.append(
            Counter(name=name, event=row[4], unit=row[3], value=value, mean=row[5] is not None)
        )
    return _reading(source, counters)


def read_json(source: Source) -> Reading:
    """Read `-j`.

    Raises:
        FormatError: a number is damaged, there is none, or they are of `-I`.
    """
    counters = []
    for node in json_lines(source):
        if node.get("event").value is None or node.get("counter-value").value is None:
            continue
        if node.get("interval").value is not None:
            raise _many_moments(source)
        told = node.get("counter-value")
        counters.append(
            Counter(
                name=_NAME,
                event=node.get("event").text("event"),
                unit=node.get("unit").text(),
                value=None if told.text().startswith("<") else told.number(),
                mean=node.get("variance").value is not None,
            )
        )
    return _reading(source, counters)


def _reading(source: Source, counters: list[Counter]) -> Reading:
    found = run_again(series(counters), nameless=_NAME)
    if not found:
        raise nothing_in(source, "events that were counted")
    return Reading(found=found, left=missing(counters))


def _events(block: Block, name: str, *, mean: bool) -> Iterator[Counter]:
    for line, told in block.all(_EVENT):
        value = None if told[1].startswith("<") else number_at(block.source, line, told[1])
        unit = told[2] or told[4] or ""
        yield Counter(name=name, event=told[3], unit=unit, value=value, mean=mean)


def _many_moments(source: Source) -> FormatError:
    return FormatError(
        f"{source.name} has counts of many moments of one run",
        hint="run perf stat without -I: then it has their sum",
    )


_SEPARATED = (
    r"^[ \t]*([\d.]+([,;|\t]))?([\d.]+|<not \w+>)([,;|\t])\w*\4[^;|\t\n]{1,200}?\4"
    r"([\d.]+%\4)?\d+\4[\d.]+\4"
)
FORMATS = (
    Format(
        name="perf-stat",
        describes="what perf stat prints",
        proves=Proof.LAUNCHES,
        marks=(r"^[ \t]*Performance counter stats for ", r" seconds time elapsed"),
        parse=each(read_text),
    ),
    Format(
        name="perf-stat-csv",
        describes="perf stat -x,",
        proves=Proof.LAUNCHES,
        marks=(
            r"[,;|\t](\w+-)?(clock|cycles|instructions|misses|faults)(:\w+)?[,;|\t]",
            _SEPARATED,
        ),
        parse=each(read_csv),
    ),
    Format(
        name="perf-stat-json",
        describes="perf stat -j",
        proves=Proof.LAUNCHES,
        marks=(r'^\{.*"counter-value"\s*:', r'^\{.*"event"\s*:', r'"pcnt-running"\s*:'),
        parse=each(read_json),
    ),
)
