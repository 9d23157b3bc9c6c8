"""Dart's benchmark_harness: the lines it prints, `Template(RunTime): 1.0 us.`, of one mean each."""

import re

from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.quantity import quantity
from perfci.readers.reading import Reading
from perfci.readers.source import Source
from perfci.readers.text import matching, number_at
from perfci.readers.tools.single import single

_LINE = re.compile(r"(\S.{0,500}?)\(RunTime(?:Raw)?\): (\S+) (\S+?)\.?")


def read_text(source: Source) -> Reading:
    """Read what the harness prints.

    Raises:
        FormatError: a number is damaged, or there is no benchmark.
    """
    found = []
    for at, line in matching(source, _LINE):
        it = quantity(line[3])
        found.append(single(line[1], it.metric, number_at(source, at, line[2]) * it.factor))
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
