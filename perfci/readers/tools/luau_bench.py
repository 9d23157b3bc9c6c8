"""bench.py of Luau: the lines it prints, with the mean time of each benchmark and its driver."""

import re

from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.metrics import LATENCY
from perfci.readers.reading import Broken, Found, Level, Reading
from perfci.readers.source import Source
from perfci.readers.text import lines, number_at

_LINE = re.compile(r"SUCCESS: (\S.{0,500}?) *: +(\S+?)ms \+/- +\S+ on (.{1,200})")
_FAILED = re.compile(r"FAILED: (\S.{0,500}?) *(?::.*)?")


def read_text(source: Source) -> Reading:
    """Read what the script prints.

    Raises:
        FormatError: a number is damaged, or there is no benchmark.
    """
    found: list[Found] = []
    broken: list[Broken] = []
    for at, text in lines(source):
        if line := _LINE.fullmatch(text[:2000].rstrip()):
            value = number_at(source, at, line[2]) * 1e-3
            found.append(
                Found(
                    name=line[1],
                    params=(("driver", line[3]),),
                    metric=LATENCY,
                    launches=((value,),),
                    level=Level.NONE,
                )
            )
        elif failed := _FAILED.fullmatch(text[:2000]):
            broken.append(Broken(name=failed[1], reason="it failed", metrics=(LATENCY,)))
    if not found and not broken:
        raise nothing_in(source, "benchmarks")
    return Reading(found=tuple(found), broken=tuple(broken))


FORMATS = (
    Format(
        name="benchmarkluau",
        describes="Luau's bench.py: what it prints",
        proves=Proof.SUMMARY,
        marks=(r"^SUCCESS: .+ms \+/- ", r"^Test +\| Min +\| Average"),
        parse=each(read_text),
    ),
)
