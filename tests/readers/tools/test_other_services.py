"""What programs write for other services: single values whose direction a file may not tell."""

import json
from typing import Any

import pytest

from perfci.errors import FormatError
from perfci.readers.formats import detect
from perfci.readers.source import Source
from tests.readers.tools.reading import read, told


def entry(commit: str, *metrics: Any, **more: Any) -> dict[str, Any]:
    return {"timestamp": 1, "metrics": metrics, "attributes": {"git_commit": commit}, **more}


METRIC = {"name": "x", "value": 1, "unit": "ms"}


@pytest.mark.parametrize(
    ("unit", "smaller", "bigger"),
    [("ns/iter", "lower", "lower"), ("ops/sec", "higher", "higher"), ("points", "lower", "higher")],
)
def test_the_unit_of_a_value_says_which_way_is_better_else_the_name_of_the_format(
    unit: str, smaller: str, bigger: str
) -> None:
    data = json.dumps([{"name": "x", "unit": unit, "value": "1.5"}]).encode()
    for format_, better in (("custom-smaller", smaller), ("custom-bigger", bigger)):
        recording = read(data, format_)
        assert [it[1] for it in told(recording)["series"].values()] == [better]
        guessed = f"{better} is taken for better" in " ".join(recording.run.warnings)
        assert guessed is (unit == "points")


def test_the_bigger_of_two_equal_shapes_is_never_found_out() -> None:
    data = b'[{"name": "x", "unit": "points", "value": 1}]'
    assert detect(Source(name="x", data=data)).name == "custom-smaller"


def test_a_name_that_comes_again_is_numbered() -> None:
    data = json.dumps([METRIC, METRIC | {"value": 3}]).encode()
    found = read(data, "custom-smaller")
    assert list(told(found)["series"]) == ["default/x:latency", "default/x #2:latency"]
    assert "numbered" in " ".join(found.run.warnings)


@pytest.mark.parametrize(
    ("as_", "data", "says"),
    [
        ("custom-smaller", [], "is an empty document|holds no values"),
        ("custom-smaller", [{"name": "x", "unit": "s"}], r"\[0\]\.value is missing"),
        ("custom-smaller", [{"name": "x", "value": "1 s"}], r"\[0\]\.value is the text '1 s'"),
        ("bencher", {"x": {}}, "holds no values"),
        ("bencher", {"x": {"latency": 3}}, r"x\.latency is a number, not an object"),
        ("bencher", {"x": [1]}, "x is a list, not an object"),
        ("bencher", {"x": {"latency": {"lower_value": 1}}}, r"x\.latency\.value is missing"),
        ("nyrkio", [], "is an empty document|holds no metrics"),
        ("nyrkio", [entry("a")], "holds no metrics"),
        ("nyrkio", [entry("a", METRIC), entry("b", METRIC)], "2 results of 2 commits"),
        ("nyrkio", [entry("a", {**METRIC, "direction": "up"})], "direction is the text 'up'"),
        ("nyrkio", [{"timestamp": 1}], r"\[0\]\.metrics is missing"),
    ],
)
def test_damage_is_named_by_its_place(as_: str, data: Any, says: str) -> None:
    with pytest.raises(FormatError, match=says):
        read(json.dumps(data).encode(), as_)


def test_several_results_of_one_commit_are_its_launches() -> None:
    lines = [json.dumps(entry("a", METRIC, {**METRIC, "name": "y"})) for _ in range(3)]
    found = told(read("\n".join(lines).encode(), "nyrkio"))["series"]
    assert [it[2] for it in found.values()] == [3, 3]
