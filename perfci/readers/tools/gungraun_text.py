"""gungraun, iai-callgrind and iai: what they print, a benchmark's name above its counts.

Of `1734|1650` the first number is this run's, the second that of the run before.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.reading import Broken, Found, Params, Reading
from perfci.readers.source import Source
from perfci.readers.text import lines, number_at
from perfci.readers.tools.valgrind import READ, counts

_NAME = re.compile(r"(\w+(?:::\w+)+)(?: ([^:]+)(?::.*)?)?")
_TOOL = re.compile(r" +=+ (\w+) =+")
_COUNT = re.compile(r"  ([A-Z][^:|]{0,40}): +([^ |]+)(?:\|.*| +\(.*)?")
_IAI_NAME = re.compile(r"\w+")
_EVENTS = {
    "Instructions": "Ir",
    "Estimated Cycles": "EstimatedCycles",
    "Total bytes": "TotalBytes",
    "Total blocks": "TotalBlocks",
    "At t-gmax bytes": "AtTGmaxBytes",
}
"""Where what is printed is not what JSON calls it."""


@dataclass(slots=True, kw_only=True)
class _Benchmark:
    name: str
    params: Params
    values: dict[str, dict[str, float]] = field(default_factory=dict)
    """By tool and event."""


def read_gungraun(source: Source) -> Reading:
    """Read what gungraun prints.

    Raises:
        FormatError: a number is damaged, or there is no benchmark.
    """
    return _read(source, _NAME)


def read_iai(source: Source) -> Reading:
    """Read what iai prints.

    Raises:
        FormatError: a number is damaged, or there is no benchmark.
    """
    return _read(source, _IAI_NAME)


def _read(source: Source, names: re.Pattern[str]) -> Reading:
    benchmarks: list[_Benchmark] = []
    tool = "callgrind"
    for at, text in lines(source):
        if named := names.fullmatch(text):
            id_ = named[2] if names is _NAME else None
            params = (("id", id_),) if id_ else ()
            benchmarks.append(_Benchmark(name=named[1] if names is _NAME else text, params=params))
            tool = "callgrind"
        elif of := _TOOL.fullmatch(text):
            tool = of[1].lower()
        elif benchmarks and (count := _COUNT.fullmatch(text)):
            event = _EVENTS.get(count[1], count[1])
            values = benchmarks[-1].values.setdefault(tool, {})
            if event in READ and count[2] != "N/A":
                values[event] = number_at(source, at, count[2])
    found = [item for benchmark in benchmarks for item in _found(benchmark)]
    if not found:
        raise nothing_in(source, "counts")
    return Reading(found=tuple(found), broken=tuple(_broken(benchmarks)))


def _found(benchmark: _Benchmark) -> Iterator[Found]:
    for tool, values in benchmark.values.items():
        yield from counts(benchmark.name, benchmark.params, tool, values)


def _broken(benchmarks: list[_Benchmark]) -> Iterator[Broken]:
    for benchmark in benchmarks:
        # of iai any word on a line of its own could be a name
        if benchmark.values or not benchmark.name.count("::"):
            continue
        yield Broken(name=benchmark.name, params=benchmark.params, reason="it has no counts")


FORMATS = (
    Format(
        name="gungraun-text",
        describes="gungraun (iai-callgrind): what cargo bench prints",
        proves=Proof.LAUNCHES,
        marks=(
            r"^\w+(::\w+)+( \S.*)?$",
            r"^  [A-Z][^:|\n]{0,40}: +[\d.,]+\|(N/A|[\d.,]+) +\(",
        ),
        parse=each(read_gungraun),
    ),
    Format(
        name="iai",
        describes="iai: what cargo bench prints",
        proves=Proof.LAUNCHES,
        marks=(
            r"^  Instructions: +\d+( +\(.*)?$",
            r"^  L1 Accesses: +\d+( +\(.*)?$",
            r"^  Estimated Cycles: +\d",
        ),
        parse=each(read_iai),
    ),
)
