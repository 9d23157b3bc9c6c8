"""go test -bench: many lines that are taken at once say what they say one by one."""

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfci.errors import FormatError
from perfci.readers.formats import FORMATS
from perfci.readers.reading import Reading
from perfci.readers.source import Source

BLOCK = 1 << 16
"""Characters that are looked at together."""


def reading(text: str, as_: str = "go") -> Reading:
    """Read one file, with nothing made of it."""
    found = FORMATS[as_].parse([Source(name="results", data=text.encode("utf-8", "replace"))])
    assert isinstance(found, Reading)
    return found


def said(text: str) -> str:
    """Return all that a file says but for lines' numbers, or why it is refused; NaN is itself."""
    try:
        found = repr(reading(text))
    except FormatError as error:
        found = str(error)
    return re.sub(r"\bline \d+", "line", found)


def one_by_one(text: str) -> str:
    """Return a text in which no two lines of benchmarks follow each other; it says the same."""
    return text.replace("\n", "\n\n")


def values(text: str) -> list[list[float]]:
    """Return the numbers of each series, as printed or in base units."""
    return [[value for (value,) in item.launches] for item in reading(text).found]


STEADY = "".join(f"BenchmarkA-8\t100\t{at}.5 x\t3 y\n" for at in range(6))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (STEADY, [[0.5, 1.5, 2.5, 3.5, 4.5, 5.5], [3] * 6]),
        ("BenchmarkA 1 1 x\nBenchmarkB 1 2 x\n" * 5, [[1] * 5, [2] * 5]),
        ("BenchmarkA 1 1 x\n" * 5 + "BenchmarkA 1 2 y 3 x\n" * 5, [[1] * 5 + [3] * 5, [2] * 5]),
        ("BenchmarkA 1 1 x\n" * 5 + "BenchmarkA 1 2 y\n" * 5, [[1] * 5, [2] * 5]),
        ("BenchmarkA 1 1 x\n" * 2500, [[1] * 2500]),
    ],
)
def test_values_stay_in_the_order_of_the_lines(text: str, expected: list[list[float]]) -> None:
    assert values(text) == expected
    assert values(one_by_one(text)) == expected


def test_iterations_are_those_of_the_first_line() -> None:
    text = "".join(f"Benchmark{'AB'[at // 5]} {at + 1} 1 x\n" for at in range(10))
    assert [item.iterations for item in reading(text).found] == [1, 6]


NAMES = st.sampled_from(
    ("BenchmarkA-8", "BenchmarkB/n=1-8", "Benchmark_c", "Benchmark", "BenchmarkÜ")
)
UNITS = st.sampled_from(("ns/op", "B/op", "MB/s", "hits", "BenchmarkU"))
NUMBERS = st.integers(1, 999).map(str)
GAPS = st.sampled_from((" ", "\t", " \t "))
ODD = st.sampled_from(
    (
        *("NaN", "+Inf", "1_000", "1,234", "12x", "x", "²", "1e999", "\u0661", "BenchmarkA", ""),
        *("\x1c", "\x85", "\xa0", "\u2028", "\r", "\n", "\r\n", "\x1b[31m", " 5", " 5 x"),
    )
)
OTHERS = st.sampled_from(
    (
        *("goos: linux", "pkg: a/b", "pkg: c", "note: 1", "PASS", "ok  \ta/b\t1s", "FAIL\ta/b\t1s"),
        *("--- FAIL: BenchmarkA", "    --- SKIP: BenchmarkA", "    x_test.go:1: a log", "panic: x"),
        *("Unit hits better=higher", "", "100\t12 ns/op", "Benchmarking is fun", "BenchmarkA-8 \t"),
        *(" BenchmarkA-8 100 1 ns/op", "FAIL\tz [setup failed]", "Benchmark", "exit status 2"),
    )
)


@st.composite
def alike(draw: st.DrawFn) -> str:
    """Return results of one or two benchmarks with the same units."""
    names, units = draw(st.lists(NAMES, min_size=1, max_size=2)), draw(st.lists(UNITS, max_size=3))
    shape, gap = draw(st.sampled_from(("{0}{1}", "{0}{1}", "{1}{0}"))), draw(GAPS)
    results = [
        f"{name}{gap}{draw(NUMBERS)}" + "".join(shape.format(f" {at}", f" {u}") for u in units)
        for at in range(draw(st.integers(1, 8)))
        for name in names
    ]
    return "\n".join(results)


@st.composite
def printed(draw: st.DrawFn) -> str:
    """Return an output of `go test -bench`, and what may have become of it."""
    text = "\n".join(draw(st.lists(alike() | alike() | OTHERS, max_size=8)))
    for odd in draw(st.lists(ODD, max_size=3)):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + odd + text[at + draw(st.integers(0, 3)) :]
    return text


@settings(max_examples=100, deadline=None)
@given(text=printed(), cut=st.integers(0, 400))
def test_lines_that_follow_each_other_say_what_they_say_apart(text: str, cut: int) -> None:
    # a block ends with the line that its last character falls into
    above = "x" * (BLOCK - 1 - min(cut, len(text)))
    assert said(f"{above}\n{text}") == said(one_by_one(f"{above}\n{text}"))


FINE = "BenchmarkB 1 2 x\n" * 5
ODD_WIDTH = "BenchmarkB 1 2 x 3\n"
# words that can be dealt to lines evenly, but not as the lines have them
EVEN = (
    "BenchmarkA 1 2\n" + "Benchmark_ BenchmarkA 1 2\n" * 4 + "Benchmark_ BenchmarkA 1 2 Benchmark_"
)


@pytest.mark.parametrize(
    "text",
    [
        *(FINE + bad + FINE for bad in ("BenchmarkB 1 y x\n", "BenchmarkB ² 2 x\n", ODD_WIDTH)),
        *(FINE + ODD_WIDTH, ODD_WIDTH * 6, FINE + "Benchmarks are x 1\n", f"PASS\n{EVEN}"),
        *(FINE + "BenchmarkB 1 3 y\n", FINE * 2 + "BenchmarkB\n" * 5, "BenchmarkB 1 2 x 3 x\n" * 6),
        f"--- FAIL: BenchmarkA\n{FINE}    x_test.go:1: said by another\n",
        f"BenchmarkA\n    x_test.go:1: why\n{FINE}--- FAIL: BenchmarkB\n",
        f"BenchmarkA\n    x_test.go:1: why\n{FINE}100 2 x\n",
        f"BenchmarkA\n100 1 x\n{FINE}BenchmarkA\n100 3 x\n",
    ],
)
def test_what_is_wrong_among_results_is_what_it_is_alone(text: str) -> None:
    assert said(text) == said(one_by_one(text))


def test_what_was_begun_and_said_ends_with_the_results_that_follow() -> None:
    text = f"BenchmarkA\n    x_test.go:1: why\n{FINE}    x_test.go:2: more\n--- FAIL: BenchmarkA\n"
    assert [item.reason for item in reading(text).broken] == ["it failed"]


def test_results_in_events_are_those_of_the_text() -> None:
    parts = [part for line in STEADY.splitlines() for part in (line[:18], line[18:] + "\n")]
    text = "\n".join(
        [
            json.dumps({"Action": "start", "Package": "p", "Output": "BenchmarkZ-8 1 1 x\n"}),
            *(json.dumps({"Action": "output", "Package": "p", "Output": part}) for part in parts),
            json.dumps({"Action": "output", "Output": "BenchmarkC-8 1 1 x\n"}),
            "FAIL\tq [build failed]",
            "BenchmarkZ-8 1 1 x",
        ]
    )
    found = reading(text, "go-json")
    first = [replace(it, name=f"p.{it.name}") for it in reading(STEADY).found]
    assert list(found.found[:-1]) == first
    assert found.found[-1].name == "BenchmarkC"
    assert [(item.name, item.reason) for item in found.broken] == [("q", "build failed")]
