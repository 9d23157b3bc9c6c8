"""Dart's benchmark_harness: the lines it prints, `Template(RunTime): 1.0 us.`, of one mean each."""

import re

from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.quantity import quantity
from perfci.readers.reading import Found, Level, Reading
from perfci.readers.source import Source
from perfci.readers.text import lines, number_at

_LINE = re.compile(r"(\S.{0,500}?)\(RunTime(?:Raw)?\): (\S+) (\S+?)\.?")


def read_text(source: Source) -> Reading:
    """Read what the harness prints.

    Raises:
        FormatError: a number is damaged, or there is no benchmark.
    """
    found = []
    for at, text in lines(source):
        if line := _LINE.fullmatch(text.rstrip()):
            it = quantity(line[3])
            value = number_at(source, at, line[2]) * it.factor
            found.append(
                Found(name=line[1], metric=it.metric, launches=((value,),), level=Level.NONE)
            )
    if not found:
        raise nothing_in(source, "benchmarks")
    return Reading(found=tuple(found))


FORMATS = (
    Format(
        name="dart-benchmark-harness",
        describes="Dart's benchmark_harness: what it prints",
        proves=Proof.SUMMARY,
        marks=(r"\(RunTime(Raw)?\): [\d.]", r"^\S.{0,500}\): \S+ [munµ]?s\.? *$"),
        parse=each(read_text),
    ),
)
