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
