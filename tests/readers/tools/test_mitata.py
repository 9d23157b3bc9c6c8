"""mitata beyond what its files show: text around it, machine and time, and damage."""

import json
from datetime import UTC, datetime

import pytest

from perfci.errors import FormatError
from tests.readers.tools.reading import FIXTURES, read, told

DATA = (FIXTURES / "mitata/summary.json").read_bytes()


@pytest.mark.parametrize(
    "data",
    [
        DATA,
        b"clk: ~3.29 GHz\ncpu: X\n\nbenchmark   avg\n" + DATA + b"\ndone\n",
        b'{"framework": "mitata", "results": ' + DATA + b"}",
    ],
    ids=["alone", "text around", "wrapped"],
)
def test_the_document_is_found_with_its_machine_and_time(data: bytes) -> None:
    run = read(data, "mitata").run
    assert len(run.measurements) == 16
    assert run.environment.interpreter.startswith("node 20.20")
    assert run.environment.facts == {"arch": "x64-linux"}
    assert run.environment.cpu == json.loads(DATA)["context"]["cpu"]["name"]
    assert run.started_at == datetime.fromtimestamp(
        json.loads(DATA)["context"]["now"] / 1000, tz=UTC
    )


@pytest.mark.parametrize(
    ("alias", "group", "name"),
    [("a $n", 0, "g > a"), ("a $n", 7, "a"), ("a $n", None, "a"), ("$n", None, "a 1")],
)
def test_arguments_are_parameters_and_groups_stand_before_names(
    alias: str, group: int | None, name: str
) -> None:
    run = {"name": "a 1", "args": {"n": 1}, "stats": {"avg": 2e6}}
    benchmark = {"alias": alias, "group": group, "runs": [run]}
    document = {"layout": [{"name": "g"}], "benchmarks": [benchmark]}
    assert told(read(json.dumps(document).encode(), "mitata"))["series"] == {
        f"default/{name}[n=1]:latency": ["s", "lower", 1, 1, 0.002]
    }


@pytest.mark.parametrize(
    ("run", "reason"),
    [({"error": "no disk"}, "no disk"), ({"error": {}}, "it has no statistics")],
)
def test_a_run_without_statistics_is_a_failed_benchmark(
    run: dict[str, object], reason: str
) -> None:
    document = {"layout": [], "benchmarks": [{"runs": [{"name": "a", **run}]}]}
    assert told(read(json.dumps(document).encode(), "mitata"))["failed"] == {"default/a": reason}


def test_raw_values_leave_no_place_for_statistics_of_them() -> None:
    stats = {"samples": [1e6, 2e6, 3e6], "p50": 5, "avg": 5, "p99": 9}
    runs = [{"name": "a 1", "args": {"n": 1}, "stats": stats}]
    benchmark = {"alias": "a $n", "group": 0, "runs": runs}
    document = {"layout": [{"name": "g"}], "benchmarks": [benchmark]}
    assert told(read(json.dumps(document).encode(), "mitata"))["series"] == {
        "default/g > a[n=1]:latency": ["s", "lower", 1, 3, 0.002]
    }


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (DATA[:700], "is not valid JSON: "),
        (DATA.replace(b'"p50":137.5', b'"p50":"a lot",".":137.5'), r"runs\[0\]\.stats\.p50 is the"),
        (DATA.replace(b'"runs"', b'"walks"'), r"benchmarks\[0\]\.runs is missing"),
        (b'{"layout": [], "benchmarks": []}', "holds no benchmarks"),
    ],
    ids=["truncated", "text", "without runs", "empty"],
)
def test_damage_is_told_with_its_place(data: bytes, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(data, "mitata")
