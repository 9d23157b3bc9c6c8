"""Many lines of `go test -bench` at once: most are results, and the lines before look alike."""

import re
from array import array
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter

from perfci.readers.tools.go_lines import Output
from perfci.readers.tools.go_words import floats, is_count

_OTHER = re.compile(r"\n(?!Benchmark[A-Z0-9_])")
"""The end of a line before one that does not begin with a name, or with a rare one."""
_UNITS = itemgetter(slice(3, None, 2))
"""Of a result's words: its units."""
_FEW = 4
"""Lines that are taken one by one: to look at them together would cost more."""


def take_text(output: Output, text: Iterable[str]) -> None:
    """Take all lines of a text, as `Output.take` does one by one.

    Args:
        output: that takes them.
        text: in parts of whole lines.
    """
    for block in text:
        for part in _OTHER.split(block):
            if part.count("\n") < _FEW:
                for line in part.split("\n"):
                    output.take(line)
            else:
                first, _, benchmarks = part.partition("\n")
                output.take(first)
                _take_benchmarks(output, benchmarks)


def _take_benchmarks(output: Output, text: str) -> None:
    """Take lines that all begin with a benchmark's name."""
    words = text.split()
    width, rest = divmod(len(words), text.count("\n") + 1)
    if not rest and _take_columns(output, [words[at::width] for at in range(width)]):
        return
    for _, alike in groupby(map(str.split, text.split("\n")), key=_UNITS):
        lines = list(alike)
        even = len(lines) >= _FEW and len(set(map(len, lines))) == 1
        if not even or not _take_columns(output, list(zip(*lines, strict=True))):
            for line in lines:
                output.lines += 1
                output.take_benchmark(line)


def _take_columns(output: Output, columns: list[Sequence[str]]) -> bool:
    """Take words of lines by their place in a line, if all are sound and have the same units.

    Words may have been dealt to a number of lines without regard to where each ends. As no word but
    each first one begins with `Benchmark`, as every line does, they ended where they should.

    Returns:
        False where nothing was taken.
    """
    if len(columns) < 4 or len(columns) % 2:
        return False
    names, iterations, *rest = columns
    units = [column[0] for column in rest[1::2]]
    if (
        len(set(units)) < len(units)
        or any(unit.startswith("Benchmark") for unit in units)
        or any(column.count(column[0]) < len(column) for column in rest[1::2])
        or not is_count("".join(iterations))
    ):
        return False
    try:
        values = [array("d", floats(column)) for column in rest[::2]]
    except ValueError:
        return False
    output.take_results(names, iterations, dict(zip(units, values, strict=True)))
    return True
