"""Ruby's own Benchmark: the lines of `bm` and `bmbm`, with the time of each report.

A line is one execution: its latency is the real time. The rehearsal of `bmbm` is left out, as are
sums, which begin with `>`.
"""

import re

from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.metrics import LATENCY
from perfci.readers.reading import Found, Level, Reading
from perfci.readers.source import Source
from perfci.readers.text import lines, number_at

_LINE = re.compile(r"(\S.{0,500}?) +\d+\.\d+ +\d+\.\d+ +\d+\.\d+ +\( *(\S+)\)")


def read_text(source: Source) -> Reading:
    """Read what Benchmark prints.

    Raises:
        FormatError: a number is damaged, or there is no report.
    """
    found: list[Found] = []
    sums = 0
    rehearsing = False
    for at, text in lines(source):
        if text.startswith("Rehearsal --"):
            rehearsing = True
        elif text.startswith("--") and " total: " in text:
            rehearsing = False
        elif not rehearsing and (line := _LINE.fullmatch(text[:2000].rstrip())):
            if line[1].startswith(">"):
                sums += 1
                continue
            value = number_at(source, at, line[2])
            found.append(
                Found(
                    name=line[1].removesuffix(":"),
                    metric=LATENCY,
                    launches=((value,),),
                    level=Level.NONE,
                )
            )
    if not found:
        raise nothing_in(source, "reports")
    left = (f"{sums} lines are sums of others",) if sums else ()
    return Reading(found=tuple(found), left=left)


FORMATS = (
    Format(
        name="ruby-benchmark",
        describes="Ruby's Benchmark.bm and bmbm: what they print",
        proves=Proof.SUMMARY,
        marks=(r"^ +user +system +total +real *$", r"\d\.\d+ {1,9}\( *\d+\.\d+\) *$"),
        parse=each(read_text),
    ),
)
