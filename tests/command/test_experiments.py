"""What is only tried out beside its base becomes no baseline, and a rerun becomes no second one."""

import json
from typing import Any

import pytest

from tests.command.conftest import App, Run

SETTINGS = """\
benchmarks:
  - {name: hold, suite: memory, run: [python3, -I, -S, hold.py], metrics: [memory_usage]}
measure: {rounds: 3}
report: {html: false}
"""


def holds(app: App, megabytes: int) -> None:
    """Let the benchmark take as much memory: a cost that no busy neighbour changes."""
    app.write("hold.py", f"x = bytes([1]) * {megabytes}_000_000\n")
    app.commit(f"{megabytes} MB")


def document(app: App, name: str) -> Any:
    return json.loads((app.root / "perfci-results" / name).read_text())


def stored(app: App) -> int:
    return len(list(app.root.glob(".perfci/v1/app/branches/main/runs/*")))


@pytest.fixture
def red(app: App) -> App:
    """Return a repository whose last commit takes twice the memory."""
    app.settings(SETTINGS)
    holds(app, 30)
    holds(app, 90)
    return app


@pytest.mark.slow
def test_who_always_wants_a_baseline_gets_one_of_a_measurement_and_its_reruns(
    red: App, perfci: Run
) -> None:
    always = ("--base", "HEAD~1", "--set", "update_baseline=always")
    for _ in range(2):
        assert perfci("run", *always).code == 1
        assert stored(red) == 1
    assert len(document(red, "run.json")["earlier"]) == 1

    # what was called worse is no baseline, and is not counted as one
    answer = perfci("run")
    assert "mode record: no run of main" in answer.err, answer
    assert document(red, "result.json")["mode"] == "record"


@pytest.mark.slow
def test_what_no_baseline_holds_yet_is_recorded_with_its_earlier_launches(
    red: App, perfci: Run
) -> None:
    assert perfci("run", "--base", "HEAD~1").code == 1
    assert stored(red) == 0
    assert perfci("run", "--base", "HEAD~1", "--set", "update_baseline=always").code == 1
    assert document(red, "run.json")["earlier"]
    assert stored(red) == 1
