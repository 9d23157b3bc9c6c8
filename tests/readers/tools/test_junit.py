"""JUnit XML: tests that were skipped or have no time, and damage."""

import pytest

from perfci.errors import FormatError
from tests.readers.tools.reading import read, told


def suite(*cases: str) -> bytes:
    return f"<testsuite name='s'>{''.join(cases)}</testsuite>".encode()


def test_what_did_not_run_is_told() -> None:
    recording = read(
        suite(
            "<testcase classname='a' name='a' time='1,234.5'/>",
            "<testcase name='b' time='0'><skipped/></testcase>",
            "<testcase name='c' time='0' status='notrun'/>",
            "<testcase classname='c' name='c' time='0' status='disabled'/>",
            "<testcase name='d'/>",
        ),
        "junit",
    )
    assert told(recording)["series"] == {"default/a:latency": ["s", "lower", 1, 1, 1234.5]}
    assert "3 tests were skipped, e.g. b" in recording.run.warnings
    assert "1 tests have no time, e.g. d" in recording.run.warnings


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        ("<failure message='1 != 2'>trace</failure>", "failure: 1 != 2"),
        ("<error>\n  no disk\n</error>", "error: no disk"),
        ("<error type='OSError'/>", "error: OSError"),
        ("<failure/>", "the test ended in failure"),
    ],
)
def test_a_failed_test_is_a_failed_benchmark(inside: str, reason: str) -> None:
    data = suite(f"<testcase classname='C' name='a' time='0.1'>{inside}</testcase>")
    assert told(read(data, "junit"))["failed"] == {"default/C.a": reason}


def test_suites_within_suites_are_read_in_their_order() -> None:
    inner = suite("<testcase name='a' time='1'/>").decode()
    data = f"make: entering\n<testsuites>{inner}<testsuite>{inner}</testsuite></testsuites>\n"
    assert list(told(read(data.encode(), "junit"))["series"]) == [
        "default/a:latency",
        "default/a #2:latency",
    ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (suite("<testcase name='a' time='soon'/>"), "line 1: <testcase> has the time 'soon'"),
        (suite("<testcase name='a' time='1'><skipped/></testcase>"), "holds no tests that ran"),
        (suite("<testcase name='a' time='1'/>")[:-5], "is not valid XML at line 1"),
    ],
)
def test_damage_is_told_with_its_place(data: bytes, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(data, "junit")
