"""What a plan is said to see and to cost, before anything is measured."""

import json
from typing import Any

import pytest

from perfci.cli.dry_run import show_plan
from perfci.plan.plan import Plan
from tests.plan.test_make import plan

HEALTH: list[dict[str, Any]] = [
    {
        "name": "health",
        "http": {"url": "http://127.0.0.1:9/", "duration": "1s"},
        "metrics": ["latency", "error_rate"],
    }
]
ENCODE: list[dict[str, Any]] = [
    {"name": "encode", "run": "x", "metrics": ["latency", "instructions"]}
]

Out = pytest.CaptureFixture[str]


def sees(made: Plan, capsys: Out) -> str:
    show_plan(made, {}, as_json=True)
    (row,) = json.loads(capsys.readouterr().out)["benchmarks"]
    return str(row["sees"])


def total(made: Plan, capsys: Out) -> str:
    show_plan(made, {}, as_json=False)
    return capsys.readouterr().out.splitlines()[-1]


@pytest.mark.parametrize(
    ("sets", "seen"),
    [
        pytest.param(("base=main",), "5 %, 1 point", id="side by side"),
        pytest.param(("mode=history",), "10 %, 2 points", id="stored runs"),
        pytest.param(("mode=history", "gate.sensitivity=2%"), "10 %, 2 points", id="never less"),
        pytest.param(("mode=history", "gate.sensitivity=8%"), "16 %, 2 points", id="twice as much"),
    ],
)
def test_what_is_seen_depends_on_what_head_is_compared_with(
    sets: tuple[str, ...], seen: str, capsys: Out
) -> None:
    assert sees(plan(*sets, benchmarks=HEALTH, runs=5), capsys) == seen


def test_a_count_that_repeats_is_seen_to_its_own_limit(capsys: Out) -> None:
    assert sees(plan("base=main", benchmarks=ENCODE), capsys) == "5 %, 0.5 %"


@pytest.mark.parametrize(
    ("sets", "says"),
    [
        (("base=main",), "1 benchmark, 4 launches a side or more; "),
        (("base=main", "measure.rounds=7"), "1 benchmark, 7 launches a side; "),
        (("base=main", "measure.rounds=1"), "1 benchmark, 1 launch a side; "),
    ],
)
def test_a_fixed_number_of_launches_is_the_number_that_is_told(
    sets: tuple[str, ...], says: str, capsys: Out
) -> None:
    assert total(plan(*sets, benchmarks=HEALTH), capsys).startswith(says)
