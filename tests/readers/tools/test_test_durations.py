"""Durations of tests as mocha and Playwright write them: what did not pass, and damage."""

import json

import pytest

from perfci.errors import FormatError
from tests.readers.tools.reading import FIXTURES, read, told

MOCHA = (FIXTURES / "mocha/mocha.json").read_bytes()


def spec(status: str, *results: dict[str, object]) -> bytes:
    test = {"status": status, "results": results}
    inner = {"title": "inner", "specs": [{"title": "t", "tests": [test]}]}
    return json.dumps({"suites": [{"title": "a.ts", "suites": [inner]}]}).encode()


def test_a_mocha_report_within_a_log_tells_what_is_pending() -> None:
    recording = read(b"> npm test\n\n" + MOCHA + b"\nnpm error code 1\n", "mocha")
    assert len(recording.run.measurements) == 3
    assert "2 tests are pending, e.g. array skipped" in recording.run.warnings


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        ({"error": {"message": "boom"}, "errors": []}, "boom"),
        ({"errors": [{"message": "bang"}]}, "bang"),
        ({"status": "timedOut"}, "the test ended as timedOut"),
    ],
)
def test_an_unexpected_end_is_a_failed_benchmark(result: dict[str, object], reason: str) -> None:
    failed = told(read(spec("unexpected", result), "playwright"))["failed"]
    assert failed == {"default/a.ts > inner > t": reason}


def test_a_mocha_error_without_words_is_a_failure_too() -> None:
    data = b'{"stats": {}, "tests": [{"fullTitle": "a", "err": {"code": 1}, "duration": 1}]}'
    assert told(read(data, "mocha"))["failed"] == {"default/a": "the test failed"}


def test_playwright_suites_stay_in_their_order() -> None:
    results = [{"duration": 1}]
    specs = [{"title": "t", "tests": [{"status": "expected", "results": results}]}]
    inner = [{"title": title, "specs": specs} for title in ("", "x", "y")]
    data = json.dumps({"suites": [{"title": "a", "suites": inner}, {"title": "b", "specs": specs}]})
    assert list(told(read(data.encode(), "playwright"))["series"]) == [
        f"default/{path} > t:latency" for path in ("a", "a > x", "a > y", "b")
    ]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("mocha", MOCHA[:300], "is not valid JSON: "),
        (
            "mocha",
            b'{"stats": {}, "tests": [{"duration": 1}]}',
            r"tests\[0\]\.fullTitle is missing",
        ),
        ("mocha", b'{"stats": {}, "tests": [{"fullTitle": "a"}]}', "holds no tests that ran"),
        ("playwright", spec("expected", {"duration": {}}), "duration is an object, not a number"),
        ("playwright", spec("skipped", {"duration": 0}), "holds no tests that ran"),
    ],
)
def test_damage_is_told_with_its_place(name: str, data: bytes, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(data, name)
