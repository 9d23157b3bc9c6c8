"""Catch2's XML and console: names around a benchmark, failures, and where output is cut off."""

import pytest

from perfci.errors import FormatError
from tests.readers.tools.reading import FIXTURES, read, told

FOLDER = FIXTURES / "catch2"
XML = (FOLDER / "v3.xml").read_bytes()
TEXT = (FOLDER / "v3.txt").read_bytes()


@pytest.mark.parametrize("version", ["v2", "v3"])
def test_console_and_xml_give_a_benchmark_the_same_name(version: str) -> None:
    xml = told(read((FOLDER / f"{version}.xml").read_bytes(), "catch2"))
    text = told(read((FOLDER / f"{version}.txt").read_bytes(), "catch2-text"))
    assert xml["series"].keys() == text["series"].keys()
    assert xml["failed"] == text["failed"]


def test_a_name_may_go_on_beside_the_numbers() -> None:
    at = TEXT.index(b"fib 10   ")
    cut = TEXT[:at] + b"what the test printed\n\n" + TEXT[at : TEXT.index(b"\n", at)]
    further = b"""
with more of it            246.471 ns    241.089 ns    262.165 ns
and yet more               19.3489 ns     7.4781 ns    37.4309 ns
"""
    found = told(read(cut + further, "catch2-text"))
    assert list(found["series"]) == [
        "default/Fibonacci > fib 10 with more of it and yet more:latency"
    ]


@pytest.mark.parametrize(
    ("as_", "whole"), [("catch2", XML), ("catch2-text", TEXT)], ids=["xml", "text"]
)
def test_colours_carriage_returns_and_logs_change_nothing(as_: str, whole: bytes) -> None:
    dirty = b"building <all>\r\n" + whole.replace(b"\n", b"\x1b[0m\r\n") + b"done\r\n"
    assert told(read(dirty, as_)) == told(read(whole, as_))


@pytest.mark.parametrize(
    ("as_", "data", "says"),
    [
        ("catch2", XML[:900], r"results is not valid XML at line \d+"),
        ("catch2", b"<Catch2TestRun/>", "holds no benchmarks"),
        ("catch2", XML.replace(b'value="242.47"', b""), "<mean> has no value"),
        ("catch2", XML.replace(b'"242.47"', b'"fast"'), "line 6: <mean> has the value 'fast'"),
        ("catch2-text", TEXT[: TEXT.index(b"246.471")], "mean and deviation are missing"),
        ("catch2-text", TEXT[: TEXT.index(b"19.3489")], "mean and deviation are missing"),
        ("catch2-text", b"test cases: 3 | 3 passed", "holds no benchmarks"),
    ],
)
def test_damage_is_named_by_its_place(as_: str, data: bytes, says: str) -> None:
    with pytest.raises(FormatError, match=says):
        read(data, as_)


def test_a_benchmark_without_a_mean_has_failed() -> None:
    data = b'<Catch name="x"><TestCase name=" t "><BenchmarkResults name="b"/></TestCase></Catch>'
    assert told(read(data, "catch2"))["failed"] == {"default/t > b": "it has no mean"}
