"""tinybench beyond what its files show: the ways in which scripts write it, and damage."""

import json

import pytest

from perfci.errors import FormatError
from tests.readers.tools.reading import FIXTURES, read, told

TASK = {"name": "sort", "df": 2, "samples": [1, 2, 4], "hz": 1, "period": 2}
TABLE = (FIXTURES / "tinybench/table.txt").read_bytes()


@pytest.mark.parametrize(
    "document",
    [
        [TASK],
        {"results": [TASK]},
        [{"name": "sort", "result": {"latency": {"samples": [1, 2, 4], "df": 2}}}],
    ],
    ids=["list", "results", "result of each"],
)
def test_tasks_are_found_however_a_script_wrapped_them(document: object) -> None:
    series = told(read(json.dumps(document).encode(), "tinybench"))["series"]
    assert series == {"default/sort:latency": ["s", "lower", 1, 3, 0.002]}


@pytest.mark.parametrize(
    ("task", "reason"),
    [
        ({"error": {"message": "no disk"}}, "no disk"),
        ({"error": {}}, "it threw an error or was aborted"),
        ({"state": "errored"}, "it threw an error or was aborted"),
        ({"state": "aborted", "latency": {"p50": 1}}, "it threw an error or was aborted"),
        ({"state": "not-started"}, "it has no statistics"),
    ],
)
def test_a_task_without_a_result_is_a_failed_benchmark(
    task: dict[str, object], reason: str
) -> None:
    data = json.dumps([{"name": "a", **task}]).encode()
    assert told(read(data, "tinybench"))["failed"] == {"default/a": reason}


def test_the_runtime_is_told_by_whichever_task_has_it() -> None:
    tasks = [{"name": "a", "error": {}}, {**TASK, "runtime": "deno", "runtimeVersion": "2.1.4"}]
    run = read(json.dumps(tasks).encode(), "tinybench").run
    assert run.environment.interpreter.startswith("deno 2.1")


def test_the_same_name_twice_is_two_benchmarks() -> None:
    recording = read(json.dumps([TASK, TASK]).encode(), "tinybench")
    assert told(recording)["series"].keys() == {"default/sort:latency", "default/sort #2:latency"}
    assert "come more than once" in recording.run.warnings[0]


def test_a_damaged_row_of_the_table_is_named() -> None:
    with pytest.raises(FormatError, match="line 5: '18x5877' is no number"):
        read(TABLE.replace(b"2185877", b"18x5877"), "tinybench-table")
    rows = TABLE.splitlines()
    only = told(read(b"\n".join([rows[1], rows[5]]), "tinybench-table"))
    assert only == {"series": {}, "failed": {"default/throws": "broken on purpose"}}
    with pytest.raises(FormatError, match="holds no tasks"):
        read(TABLE.splitlines()[0], "tinybench-table")
