"""Reassure, linetimer and ClickBench beyond what their files show."""

import pytest

from perfci.errors import FormatError
from tests.readers.tools.reading import read, told

SCENARIO = b'{"name":"A","meanDuration":5,"durations":[4,5,6],"meanCount":2,"counts":[2,2,2]}\n'


def test_reassure_tells_commit_and_branch() -> None:
    head = b'{"metadata":{"branch":"main","commitHash":"0123abcd"}}\n'
    run = read(head + SCENARIO, "reassure").run
    assert (run.commit, run.branch, len(run.measurements)) == ("0123abcd", "main", 2)


def test_a_scenario_without_runs_has_its_means() -> None:
    data = b'{"name": "A", "meanDuration": 5, "meanCount": 2}'
    assert told(read(data, "reassure"))["series"] == {
        "default/A:latency": ["s", "lower", 1, 1, 0.005],
        "default/A:renders": ["count", "lower", 1, 1, 2.0],
    }


@pytest.mark.parametrize(
    ("took", "seconds"), [("1.5 m", 90), ("2 h", 7200), ("3 s", 3), ("4 ns", 4e-9)]
)
def test_a_code_block_has_the_unit_that_is_printed(took: str, seconds: float) -> None:
    series = told(read(f"Code block 'a' took: {took}\n".encode(), "linetimer"))["series"]
    assert series == {"default/a:latency": ["s", "lower", 1, 1, seconds]}


def test_a_query_that_failed_is_a_failed_benchmark() -> None:
    data = b'{"system": "S", "result": [[0.5, 0.1, 0.3], [0.5, null, 0.3], []]}'
    assert told(read(data, "clickbench")) == {
        "series": {
            "default/Q0[run=cold,system=S]:latency": ["s", "lower", 1, 1, 0.5],
            "default/Q0[run=hot,system=S]:latency": ["s", "lower", 1, 2, 0.2],
            "default/Q1[run=cold,system=S]:latency": ["s", "lower", 1, 1, 0.5],
        },
        "failed": {"default/Q1[run=hot,system=S]": "the query failed"},
    }


def test_a_result_in_which_all_failed_tells_machine_and_day() -> None:
    data = b'{"system": "S", "machine": "c6a.metal", "date": "2026-04-12", "result": [[null]]}'
    run = read(data, "clickbench").run
    assert [str(it.id) for it in run.failures] == ["default/Q0[run=cold,system=S]"]
    assert run.environment.facts == {"machine": "c6a.metal"}
    assert f"{run.started_at:%F}" == "2026-04-12"


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("reassure", b'{"name": "A"}\n', "line 1: meanDuration is missing"),
        ("reassure", SCENARIO[:40], "holds no scenarios"),
        ("linetimer", b"x\nCode block 'a' took: 1.x ms\n", "line 2: '1.x' is no number"),
        ("linetimer", b"Code block\n", "holds no timers"),
        ("clickbench", b'{"system": "S", "result": [["x"]]}', r"result\[0\]\[0\] is the text 'x'"),
        ("clickbench", b'{"system": "S", "result": []}', "holds no queries"),
    ],
)
def test_damage_is_told_with_its_place(name: str, data: bytes, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(data, name)
