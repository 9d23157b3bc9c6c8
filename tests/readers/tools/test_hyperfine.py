"""hyperfine's JSON, also as other programs write it again."""

import json
from typing import Any

import pytest

from perfci.errors import FormatError
from perfci.readers.formats import detect
from perfci.readers.source import Source
from tests.readers.tools.reading import FIXTURES, read, told


def test_a_file_of_one_line_is_recognised() -> None:
    document = json.loads((FIXTURES / "hyperfine/json.json").read_text())
    source = Source(name="x", data=json.dumps(document, separators=(",", ":")).encode())
    assert detect(source).name == "hyperfine"


@pytest.mark.parametrize(
    ("codes", "reason"),
    [
        ([0, 3, 1, 3], "exit code 1, 3"),
        ([0, 0, None, 0], "it was ended by a signal, or gave no exit code"),
        ([0, 2, None], "exit code 2; it was ended by a signal, or gave no exit code"),
    ],
)
def test_a_command_that_failed_says_how(codes: list[Any], reason: str) -> None:
    result = {"command": "x", "times": [1.0] * len(codes), "exit_codes": codes}
    data = json.dumps({"results": [result]}).encode()
    assert told(read(data, "hyperfine"))["failed"] == {"default/x": reason}


@pytest.mark.parametrize("codes", [None, [], [0, 0], [0, 0.0], [0, "0"]])
def test_a_command_that_went_well_is_measured_however_its_codes_are_written(codes: Any) -> None:
    result = {"command": "x", "times": [1.0, 2.0], "exit_codes": codes}
    found = told(read(json.dumps({"results": [result]}).encode(), "hyperfine"))
    assert (len(found["series"]), found["failed"]) == (1, {})


@pytest.mark.parametrize(
    ("codes", "says"),
    [
        ([0, False], r"results\[0\]\.exit_codes\[1\] is false, not a number"),
        ([0, []], r"exit_codes\[1\] is a list, not a number"),
        (0, "exit_codes is a number, not a list of numbers"),
    ],
)
def test_what_is_no_exit_code_is_refused_with_its_place(codes: Any, says: str) -> None:
    result = {"command": "x", "times": [1.0, 2.0], "exit_codes": codes}
    with pytest.raises(FormatError, match=says):
        read(json.dumps({"results": [result]}).encode(), "hyperfine")


def of(*given: dict[str, Any]) -> dict[str, Any]:
    """Read a file of commands that are all called x."""
    results = [{"command": "x", "times": [1.0, 2.0], **each} for each in given]
    return told(read(json.dumps({"results": results}).encode(), "hyperfine"))


def test_parameters_that_are_no_texts_are_spelled_as_json_has_them() -> None:
    given = (True, False, None, 1, 0.5, 1.0, "a b")
    found = of(*({"parameters": {"n": value}} for value in given))
    assert (len(found["failed"]), list(found["series"])) == (
        0,
        [
            f"default/x[n={text}]:latency"
            for text in ("true", "false", "null", "1", "0.5", "1.0", "a b")
        ],
    )


@pytest.mark.parametrize("values", [("1", 1), (1, "1"), ("true", True), (1, 1, "1")])
def test_what_only_the_kind_of_a_parameter_tells_apart_is_a_failure(values: Any) -> None:
    found = of(*({"parameters": {"n": value}} for value in (*values, 7)))
    assert list(found["series"]) == ["default/x[n=7]:latency"]
    assert list(found["failed"]) == [f"default/x[n={str(values[0]).lower()}]"]
    assert "a text in one place and not in another" in "".join(found["failed"].values())


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"exit_codes": [0]}, "results[1].exit_codes has 1 for 2 times"),
        ({"exit_codes": [0, 0, 0]}, "results[1].exit_codes has 3 for 2 times"),
        ({"memory_usage_byte": [5]}, "results[1].memory_usage_byte has 1 for 2 times"),
        ({"memory_usage_byte": [5, 6, 7]}, "results[1].memory_usage_byte has 3 for 2 times"),
        ({"exit_codes": []}, "results[1].exit_codes has 0 for 2 times"),
        ({"exit_codes": None, "memory_usage_byte": None}, ""),
        ({"times": None, "median": 1.0}, ""),
    ],
)
def test_lists_that_are_not_as_long_as_the_times_are_told_with_their_place(
    changed: dict[str, Any], says: str
) -> None:
    whole = {"times": [1.0, 2.0], "exit_codes": [0, 0], "memory_usage_byte": [5, 6]}
    results = [{"command": name, **whole} for name in ("a", "b")]
    results[1] |= changed
    run = read(json.dumps({"results": results}).encode(), "hyperfine").run
    assert [text for text in run.warnings if "times" in text] == (
        [f"1 lists have not one value for each execution, e.g. {says}"] if says else []
    )
    assert not run.failures


def test_an_exit_code_that_is_there_fails_the_command_however_few_there_are() -> None:
    assert of({"exit_codes": [3]})["failed"] == {"default/x": "exit code 3"}
