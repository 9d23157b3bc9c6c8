"""criterion.rs: the lines that it prints, which have one number a benchmark.

That is the estimate in the middle of `time: [low estimate high]`. Throughput follows from it, and
is left out. A panic makes the benchmark that was running a failed one, or else the whole program.
"""

import re

from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.quantity import quantity
from perfci.readers.reading import Broken, Found, Level, Reading
from perfci.readers.source import Source
from perfci.readers.text import lines, number_at

_TIMES = re.compile(r"\[\S+ \S+ (\S+) (\S+) \S+ \S+\]")
_BEGUN = re.compile(r"Benchmarking (.+?)(?:: (?:Warming up for|Collecting|Analyzing|Profiling).*)?")
_RUNNING = re.compile(r" +Running .{0,500}?([^/\\ (]{1,100})-[0-9a-f]{8,20}(?:\.exe)?\)?")
_PANIC = re.compile(r"thread '.*' (?:\(\d+\) )?panicked at .*")


def read_text(source: Source) -> Reading:
    """Read what criterion prints.

    Raises:
        FormatError: a number is damaged, or there is no benchmark.
    """
    found: list[Found] = []
    broken: dict[str, str] = {}
    begun = before = running = ""
    for at, text in lines(source):
        head, _, tail = text.rpartition(" time:")
        if times := _TIMES.fullmatch(tail.strip()):
            it = quantity(times[2])
            value = number_at(source, at, times[1]) * it.factor
            name = head.strip() or begun or before.strip()
            found.append(Found(name=name, metric=it.metric, launches=((value,),), level=Level.NONE))
            begun = ""
        elif start := _BEGUN.fullmatch(text):
            begun = start[1]
        elif start := _RUNNING.fullmatch(text):
            running = start[1]
        elif _PANIC.fullmatch(text):
            broken.setdefault(begun or running, text)
            begun = ""
        elif before.endswith(":") and _PANIC.fullmatch(before):
            # the message has a line of its own
            last = next(reversed(broken))
            broken[last] += f" {text.strip()}"
        before = text
    if begun:
        broken.setdefault(begun, "the output ends before its result")
    if not found and not broken:
        raise nothing_in(source, "benchmarks")
    failed = tuple(Broken(name=name, reason=reason) for name, reason in broken.items())
    return Reading(found=tuple(found), broken=failed)


FORMATS = (
    Format(
        name="criterion-text",
        describes="criterion.rs: what cargo bench prints",
        proves=Proof.SUMMARY,
        marks=(
            r"^.* time: +\[\S+ \S+ \S+ \S+ \S+ \S+\]$",
            r"(?i)criterion|^Benchmarking |outliers among|^running \d+ tests?$",
        ),
        parse=each(read_text),
    ),
)
