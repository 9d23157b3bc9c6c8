"""pytest-benchmark's files: what of a test is taken, and what damage does."""

import json
from typing import Any

import pytest

from perfci.errors import FormatError
from tests.readers.tools.reading import FIXTURES, read, told

WHOLE = (FIXTURES / "pytest_benchmark/full.json").read_bytes()


def one(**changes: Any) -> dict[str, Any]:
    """Read a file with a single test, changed in some fields of it."""
    stats = {"median": 2.0, "rounds": 3, "iterations": 4, "data": [1.0, 2, 3.0]}
    stats |= changes.pop("stats", {})
    test = {"name": "test_x[1]", "fullname": "a.py::test_x[1]", "params": None, **changes}
    data = json.dumps({"benchmarks": [test | {"stats": stats}]}).encode()
    return told(read(data, "pytest-benchmark"))


@pytest.mark.parametrize(
    ("params", "key"),
    [
        (None, "[case=1]"),
        ({}, "[case=1]"),
        ({"n": 1000001, "x": 0.5, "on": True}, "[n=1000001,on=True,x=0.5]"),
        ({"n": 1, "f": "UNSERIALIZABLE[<object at 0x7f>]"}, "[case=1]"),
        ({"n": [1, 2]}, "[case=1]"),
    ],
)
def test_parameters_are_those_of_pytest_where_they_can_be_written_down(
    params: Any, key: str
) -> None:
    assert list(one(params=params)["series"]) == [f"default/a.py::test_x{key}:latency"]


def test_brackets_of_a_folder_are_none_of_parameters() -> None:
    found = one(fullname="a/[old]/a.py::test_x[1]", params={"n": 1})
    assert list(found["series"]) == ["default/a/(old)/a.py::test_x[n=1]:latency"]


@pytest.mark.parametrize(
    ("stats", "count"),
    [
        ({}, 3),
        ({"data": None}, 1),
        ({"data": []}, 1),
        ({"data": [1.0, "... omitted"], "rounds": 2}, 1),
        ({"data": [1.0, 9.0]}, 1),
    ],
)
def test_rounds_are_taken_where_all_are_there_else_their_median(stats: Any, count: int) -> None:
    assert one(stats=stats)["series"] == {
        "default/a.py::test_x[case=1]:latency": ["s", "lower", 1, count, 2.0]
    }


def test_a_file_says_where_and_when_it_was_measured() -> None:
    found = read(WHOLE, "pytest-benchmark").run
    assert (found.environment.cpu, found.environment.cores) == ("A processor", 2)
    assert (found.commit, found.branch) == ("", "")  # "unversioned" and "(unknown)" in the file
    assert found.started_at.isoformat() == "2026-11-26T17:11:11.137832+00:00"
    assert found.measurements[0].iterations == 10


def test_what_a_terminal_printed_around_the_file_is_let_pass() -> None:
    dirty = (
        b"\xef\xbb\xbfcollected 7 items\r\n" + WHOLE.replace(b"\n", b"\r\n") + b"\r\nDone in 1 s"
    )
    known = read(WHOLE, "pytest-benchmark")
    assert told(read(dirty, "pytest-benchmark")) == told(known)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (WHOLE[:2000], "not valid JSON"),
        (b'{"benchmarks": []}', "holds no benchmarks"),
        (b'{"benchmarks": {}}', "benchmarks is an object, not a list"),
        (b'{"benchmarks": [{"name": "x"}]}', r"benchmarks\[0\]\.stats is missing"),
        (b'{"benchmarks": [{"name": "x", "stats": {"data": []}}]}', r"stats\.median is missing"),
        (b"[" * 5000, "not valid JSON"),
    ],
)
def test_damage_is_named_by_its_place(data: bytes, says: str) -> None:
    with pytest.raises(FormatError, match=says):
        read(data, "pytest-benchmark")


def test_a_value_that_is_no_number_fails_the_test_not_the_file() -> None:
    assert list(one(stats={"data": [1.0, float("nan"), 3.0]})["failed"].values()) == [
        "its latency has the value nan"
    ]
