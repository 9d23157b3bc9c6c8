"""What a file must not get away with: two values for one, counts of nothing, times of no clock."""

import json
from typing import Any

import pytest

from tests.command.baseline.conftest import inside
from tests.command.conftest import App, Run

__all__ = ["inside"]

COUNTED = {
    "custom-json": """{"schema": "perfci.custom/1", "results": [
        {"name": "a", "value": 1, "iterations": COUNT}]}""",
    "benchmark-js-json": """[{"name": "a", "cycles": 3, "hz": 5, "count": COUNT,
        "stats": {"rme": 1, "moe": 1, "sample": [1, 2]}}]""",
    "google-benchmark": """{"benchmarks": [{"name": "a", "iterations": COUNT, "time_unit": "ns",
        "real_time": 5.0, "cpu_time": 5.0}]}""",
    "benchmarktools-jl": """[{"Julia": "1.9"}, [["BenchmarkGroup", {"data": {"a": ["Trial",
        {"params": ["Parameters", {"evals": COUNT}], "times": [1.0, 2.0]}]}}]]]""",
    "pyperf": """{"metadata": {"loops": COUNT, "name": "a"},
        "benchmarks": [{"runs": [{"values": [1.0, 1.1]}]}]}""",
    "asv": """{"commit_hash": "c", "result_columns": ["result", "stats_number"],
        "results": {"m.time_a": [[1.0], [COUNT]]}}""",
    "pytest-benchmark": """{"benchmarks": [{"fullname": "a", "stats":
        {"iterations": COUNT, "median": 1.0, "data": [1.0, 1.1]}}]}""",
    "criterion": '{"iters": [2, COUNT], "times": [1.0, 2.0]}',
    "criterion-csv": "group,function,value,unit,sample_measured_value,iteration_count\n"
    "a,,,ns,2.0,COUNT\n",
}
"""Files of one benchmark that was done so many times for each value, by format."""
IMPOSSIBLE = ["0", "-3", "1e30", "true", '"x"']


def refused(app: App, inside: Run, text: str, as_: str) -> str:
    """Return what `perfci ingest` says of a file that it does not take."""
    app.write("a.json", text)
    answer = inside("ingest", "a.json", "--format", as_)
    assert answer.code == 2, answer
    assert not (app.root / "perfci-results/run.json").exists()
    return answer.err


@pytest.mark.parametrize("count", IMPOSSIBLE)
@pytest.mark.parametrize("as_", COUNTED)
def test_a_count_that_nothing_can_have_names_its_place(
    app: App, inside: Run, as_: str, count: str
) -> None:
    said = refused(app, inside, COUNTED[as_].replace("COUNT", count), as_)
    assert said.startswith("perfci: a.json")
    assert any(word in said for word in ("iters", "number", "line 2", "count", "evals"))


@pytest.mark.parametrize("as_", COUNTED)
def test_a_possible_count_is_taken(app: App, inside: Run, as_: str) -> None:
    app.write("a.json", COUNTED[as_].replace("COUNT", "3"))
    answer = inside("ingest", "a.json", "--format", as_)
    assert answer.code == 0, answer


def own(inner: str, **root: Any) -> str:
    beside = "".join(f', "{name}": {json.dumps(value)}' for name, value in root.items())
    return f'{{"schema": "perfci.custom/1", "results": [{{"name": "a", {inner}}}]{beside}}}'


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (own('"value": 1, "value": 2'), "results[0].value"),
        (own('"value": 1, "params": {"n": 1, "m": 2, "n": 3}'), "results[0].params.n"),
        ("building\n" + own('"unit": "s", "value": 1, "unit": "ms"') + "\nok", "results[0].unit"),
        (own('"value": 1').replace('"results"', '"results": [], "results"'), "results"),
    ],
)
def test_a_name_that_stands_twice_in_our_own_json_is_refused(
    app: App, inside: Run, text: str, place: str
) -> None:
    said = refused(app, inside, text, "custom-json")
    assert f"a.json: {place} stands there twice" in said


@pytest.mark.parametrize("time", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "noon"])
def test_a_time_that_no_clock_shows_is_refused(app: App, inside: Run, time: str) -> None:
    said = refused(app, inside, own('"value": 1', time=time), "custom-json")
    assert f"time is the text '{time}', not a time of ISO 8601 in the years 2 to 9998" in said


@pytest.mark.parametrize("cores", [0, -1, "x", 1.5])
def test_a_machine_has_a_number_of_cores(app: App, inside: Run, cores: object) -> None:
    said = refused(app, inside, own('"value": 1', machine={"cores": cores}), "custom-json")
    assert "machine.cores is" in said


def test_another_tools_time_that_could_not_be_stored_is_left_out(app: App, inside: Run) -> None:
    document = json.loads(COUNTED["pytest-benchmark"].replace("COUNT", "1"))
    app.write("a.json", json.dumps(document | {"datetime": "9999-12-31T23:59:59+00:00"}))
    assert inside("ingest", "a.json", "--format", "pytest-benchmark").code == 0
    gated = inside("gate", "perfci-results/run.json")
    assert gated.code == 0, gated


def test_a_number_that_no_machine_can_hold_is_not_called_no_number(app: App, inside: Run) -> None:
    said = refused(app, inside, own(f'"value": 1{"0" * 400}'), "custom-json")
    assert "results[0].value is a number, not one that can be measured" in said


@pytest.mark.parametrize("head", ["name,metric,unit,value,value", "name,metric,test_name,value"])
def test_a_column_that_stands_twice_in_our_own_csv_is_refused(
    app: App, inside: Run, head: str
) -> None:
    said = refused(app, inside, f"{head}\na,latency,a,1,2\n", "custom-csv")
    assert "line 1: the column" in said
    assert "stands there twice" in said
