"""Catch2: what `-r xml` writes, or the tables of its console, of version 2 and 3.

Both have the mean of a benchmark's samples and no raw values; bounds and deviations are left out. A
name is that of the test case, of the sections around the benchmark, and its own. XML gives times in
nanoseconds; the console rounds them to six digits and wraps long names.
"""

import re
from collections.abc import Iterator

from perfci.errors import FormatError
from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.metrics import LATENCY
from perfci.readers.reading import Broken, Found, Level, Reading
from perfci.readers.source import Source
from perfci.readers.text import lines, number_at
from perfci.readers.xml_tree import Element, xml_of

_UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}
_NUMBER = re.compile(r"[-+.\w]+")
_FAILED = "Benchmark failed ("
_RULE = re.compile(r"(-{40,}|={40,}|~{40,}|\.{40,})\s*")
_TABLE = re.compile(r"benchmark name +samples +iterations +(est|mean)")


def read_xml(source: Source) -> Reading:
    """Read XML.

    Raises:
        FormatError: damaged, or no benchmark in it.
    """
    return _reading(source, _of_xml(xml_of(source), ()))


def read_text(source: Source) -> Reading:
    """Read what the console shows.

    Raises:
        FormatError: a table is cut off, or there is none.
    """
    return _reading(source, _Console(source).rows())


def _reading(source: Source, rows: Iterator[Found | Broken]) -> Reading:
    found: list[Found] = []
    broken: list[Broken] = []
    for row in rows:
        if isinstance(row, Found):
            found.append(row)
        else:
            broken.append(row)
    if not found and not broken:
        raise nothing_in(source, "benchmarks")
    return Reading(found=tuple(found), broken=tuple(broken))


def _of_xml(element: Element, around: tuple[str, ...]) -> Iterator[Found | Broken]:
    for child in element:
        if child.tag != "BenchmarkResults":
            inside = child.tag in {"TestCase", "Section"}
            yield from _of_xml(child, (*around, child.get("name").strip()) if inside else around)
            continue
        names = (*around, child.get("name"))
        mean, failed = child.first("mean"), child.first("failed")
        if mean is not None:
            yield _found(names, mean.number("value") * _UNITS["ns"])
        elif failed is not None:
            yield _broken(names, failed.get("message"))
        else:
            yield _broken(names, "it has no mean")


def _found(names: tuple[str, ...], seconds: float) -> Found:
    name = " > ".join(names)
    return Found(name=name, metric=LATENCY, launches=((seconds,),), level=Level.NONE)


def _broken(names: tuple[str, ...], reason: str) -> Broken:
    return Broken(name=" > ".join(names), reason=reason or "it failed", metrics=(LATENCY,))


class _Console:
    """Tables of the console: three lines of numbers a benchmark, or one without an analysis."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.title: list[str] = []
        self.name: list[str] = []
        self.mean: float | None = None
        self.begun = 0
        """Line on which a benchmark's numbers begin; 0 between benchmarks."""

    def rows(self) -> Iterator[Found | Broken]:
        place, single = "outside", False
        for at, line in lines(self.source):
            table = _TABLE.match(line)
            if table:
                place, single = "head", table[1] == "mean"
            elif _RULE.fullmatch(line):
                self.whole()
                if place == "head":
                    place = "table"
                elif place != "title" and line.startswith("-"):
                    place, self.title = "title", []
                else:
                    place = "outside"
            elif place == "title":
                self.title.append(line)
            elif place == "table":
                yield from self.row(at, line, single=single)
        self.whole()

    def row(self, at: int, line: str, *, single: bool) -> Iterator[Found | Broken]:
        words = line.split()
        times = _times(words)
        before, failed, why = line.partition(_FAILED)
        if not words:
            self.name = self.name if self.begun else []
        elif failed:
            yield _broken(self.called(before), why.strip().removesuffix(")"))
        elif times == 3 and self.begun:
            self.name += words[:-6]
            mean = self.mean
            if mean is not None:
                yield _found(self.called(), mean)
            else:
                self.mean = self.seconds(at, words[-6:-4])
        elif times == 1 and len(words) > 3 and words[-4].isdigit() and words[-3].isdigit():
            self.whole()
            self.name += words[:-4]
            if single:
                seconds = self.seconds(at, words[-2:])
                yield _found(self.called(), seconds)
            else:
                self.begun = at
        else:
            self.name += words

    def seconds(self, at: int, time: list[str]) -> float:
        return number_at(self.source, at, time[0]) * _UNITS[time[1]]

    def called(self, last: str = "") -> tuple[str, ...]:
        """Return the names of the benchmark whose lines end here, and forget them."""
        own = " ".join((*self.name, *last.split()))
        self.name, self.mean, self.begun = [], None, 0
        case = " ".join(line.strip() for line in self.title if not line.startswith("  "))
        sections = (line.strip() for line in self.title if line.startswith("  "))
        return (case, *sections, own)

    def whole(self) -> None:
        """Check that no benchmark is left in the middle of its numbers.

        Raises:
            FormatError: one is.
        """
        if self.begun:
            raise FormatError(
                f"{self.source.name}, line {self.begun}: the benchmark's mean and deviation are "
                "missing",
                hint="The output is cut off; keep all that the program prints.",
            )


def _times(words: list[str]) -> int:
    """Return how many times a line ends with, three at most."""
    count = 0
    while count < 3 and 2 * count + 1 < len(words):
        number, unit = words[-2 * count - 2], words[-2 * count - 1]
        if unit not in _UNITS or not _NUMBER.fullmatch(number):
            break
        count += 1
    return count


FORMATS = (
    Format(
        name="catch2",
        describes="Catch2 -r xml, of version 2 and 3: means only",
        proves=Proof.SUMMARY,
        marks=(r"<Catch(2TestRun)?\s+name=", r"<BenchmarkResults\s+name="),
        parse=each(read_xml),
    ),
    Format(
        name="catch2-text",
        describes="the console output of Catch2, of version 2 and 3: means only",
        proves=Proof.SUMMARY,
        marks=(r"^benchmark name +samples +iterations +(est|mean)", r"^-{60,} *$"),
        parse=each(read_text),
    ),
)
