"""gungraun and iai: versions of the schema, and what is damaged."""

import json
from typing import Any

import pytest

from perfci.errors import FormatError
from tests.readers.tools.reading import read, told


def summary(values: Any, *, tool: str = "Callgrind", event: str = "Ir") -> dict[str, Any]:
    total = {"summary": {tool: {event: {"metrics": values}}}}
    profile = {"tool": tool, "summaries": {"parts": [], "total": total}}
    return {"version": "6", "module_path": "a::b", "id": None, "profiles": [profile]}


SEVEN = {
    "version": "7",
    "module_path": "a::b",
    "profiles": [
        {"tool": "DHAT", "data": {"total": {"metrics": {"TotalBytes": {"values": {"new": 8}}}}}}
    ],
}


@pytest.mark.parametrize(
    ("given", "key", "value"),
    [
        (summary({"Left": {"Int": 7}}), "a::b:instructions", 7),
        (summary({"Left": 7}), "a::b:instructions", 7),
        (summary({"Both": [{"Int": 7}, {"Int": 9}]}), "a::b:instructions", 7),
        (summary({"Left": {"Float": 7.5}}, event="EstimatedCycles"), "a::b:estimated_cycles", 7.5),
        (SEVEN, "a::b:allocated", 8),
    ],
)
def test_the_value_of_this_run_is_read_in_every_version(
    given: dict[str, Any], key: str, value: float
) -> None:
    for text in (json.dumps(given), json.dumps([given], indent=2), json.dumps(given, indent=1)):
        series = told(read(f"a log\n{text}\nmore".encode(), "gungraun"))["series"]
        assert series[f"default/{key}"][2:] == [1, 1, value]


@pytest.mark.parametrize("given", [summary({"Right": {"Int": 7}}), summary(None), summary([1])])
def test_a_benchmark_without_a_count_of_this_run_has_failed(given: dict[str, Any]) -> None:
    failed = told(read(json.dumps(given).encode(), "gungraun"))["failed"]
    assert failed == {"default/a::b": "none of its counts is one that perfci reads"}


@pytest.mark.parametrize(
    ("as_", "text", "message"),
    [
        ("gungraun", '\n{"module_path":"a","prof', "the summary at line 2 is not valid JSON"),
        ("gungraun", '{\n  "module_path": "a",\n', "the summary at line 1 is not valid JSON"),
        ("gungraun", '{"x":1}\n', "holds no benchmarks"),
        ("gungraun", '{"module_path":"a","profiles":7}\n', "profiles is a number, not a list"),
        ("gungraun-text", "a::b\n  Instructions:   1x4|N/A  (***)\n", "line 2: '1x4' is no number"),
        ("gungraun-text", "a::b\n  Note: things|N/A\n", "holds no counts"),
        ("iai", "bench\n  Instructions:   \n", "holds no counts"),
    ],
)
def test_a_damaged_file_names_the_place(as_: str, text: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(text.encode(), as_)


def test_printed_benchmarks_without_counts_have_failed() -> None:
    text = "a::b id:1\na::c id:2\n  Instructions:   14|N/A  (***)\n"
    found = told(read(text.encode(), "gungraun-text"))
    assert found["failed"] == {"default/a::b[id=id]": "it has no counts"}
    assert found["series"] == {"default/a::c[id=id]:instructions": ["count", "lower", 1, 1, 14]}
