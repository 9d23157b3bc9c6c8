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
        ({"x": 1.0, "y": 1e-5, "z": 0.1 + 0.2}, "[x=1.0,y=1e-05,z=0.30000000000000004]"),
    ],
)
def test_parameters_are_those_of_pytest_where_they_can_be_written_down(
    params: Any, key: str
) -> None:
    assert list(one(params=params)["series"]) == [f"default/a.py::test_x{key}:latency"]


def several(*ids_and_params: tuple[str, Any]) -> list[str]:
    """Return the keys of tests with these ids and parameters."""
    tests = [
        {"name": "x", "fullname": id_, "params": params, "stats": {"median": 2.0}}
        for id_, params in ids_and_params
    ]
    found = told(read(json.dumps({"benchmarks": tests}).encode(), "pytest-benchmark"))
    assert not found["failed"]
    return [key.removeprefix("default/").removesuffix(":latency") for key in found["series"]]


def test_a_whole_number_and_a_fraction_are_two_parameters_in_any_order() -> None:
    tests = [("a.py::t[1]", {"n": 1}), ("a.py::t[1.0]", {"n": 1.0})]
    assert several(*tests) == ["a.py::t[n=1]", "a.py::t[n=1.0]"]
    assert several(*tests[::-1]) == ["a.py::t[n=1.0]", "a.py::t[n=1]"]


@pytest.mark.parametrize(
    ("one", "other"), [(1, 1), (1, "1"), (1.0, "1.0"), (True, "True"), ("x", "x")]
)
def test_tests_with_equal_parameters_go_by_their_ids_never_by_their_order(
    one: Any, other: Any
) -> None:
    tests = [("a.py::t[a]", {"n": one}), ("a.py::t[b]", {"n": other}), ("a.py::t[c]", {"n": 3})]
    keys = ["a.py::t[case=a]", "a.py::t[case=b]", "a.py::t[n=3]"]
    assert several(*tests) == keys
    assert several(*tests[::-1]) == keys[::-1]


def test_a_test_that_comes_twice_keeps_its_parameters_and_is_numbered() -> None:
    again = ("a.py::t[1]", {"n": 1})
    assert several(again, again) == ["a.py::t[n=1]", "a.py::t #2[n=1]"]


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
        ({"data": [1.0, 3.0, "... omitted"], "rounds": None}, 1),
        ({"data": [1.0, 9.0]}, 1),
        ({"data": [1.0, 9.0, 9.0, 9.0]}, 1),
        ({"data": [1.0, "2.0", 3]}, 3),
    ],
)
def test_rounds_are_taken_where_all_are_there_else_their_median(stats: Any, count: int) -> None:
    assert one(stats=stats)["series"] == {
        "default/a.py::test_x[case=1]:latency": ["s", "lower", 1, count, 2.0]
    }


@pytest.mark.parametrize(("data", "told"), [([1.0], 1), ([1.0, "... omitted"], 1), (None, 0)])
def test_a_list_that_was_cut_is_told_and_one_that_never_was_there_is_not(
    data: Any, told: int
) -> None:
    test = {"name": "x", "stats": {"median": 2.0, "rounds": 3, "data": data}}
    run = read(json.dumps({"benchmarks": [test]}).encode(), "pytest-benchmark").run
    sentence = "medians are taken where there is not one value for each round: 1, e.g. x"
    assert run.warnings.count(sentence) == told


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("x", "data is the text 'x', not a list"),
        (True, "data is true, not a list"),
        (2.0, "data is a number, not a list"),
        ({"0": 1.0}, "data is an object, not a list"),
        ([1.0, "x", 3.0], r"data\[1\] is the text 'x', not a number"),
        ([1.0, True, 3.0], r"data\[1\] is true, not a number"),
        ([1.0, "x"], r"data\[1\] is the text 'x', not a number"),
        ([1.0, [], "... omitted"], r"data\[1\] is a list, not a number"),
        ([1.0, "... omitted", 3.0], r"data\[1\] is the text '... omitted', not a number"),
    ],
)
def test_rounds_of_another_kind_are_refused_with_their_place_and_no_median_stands_for_them(
    data: Any, says: str
) -> None:
    with pytest.raises(FormatError, match=rf"benchmarks\[0\]\.stats\.{says}"):
        one(stats={"data": data})


@pytest.mark.parametrize("data", [[1.0, None, 3.0], [1.0, None], [1, None, "... omitted"]])
def test_a_round_that_is_null_fails_the_test_and_its_place_is_told(data: Any) -> None:
    assert one(stats={"data": data}) == {
        "series": {},
        "failed": {
            "default/a.py::test_x[case=1]": (
                "one of its rounds was not measured: benchmarks[0].stats.data[1] is null"
            )
        },
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
    [reason] = one(stats={"data": [1.0, float("nan"), 3.0]})["failed"].values()
    assert "its latency has the value nan" in reason
