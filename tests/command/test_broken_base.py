"""A base that does not build, or cannot run a benchmark: stored runs stand in, never a pass."""

import json
from typing import Any

import pytest

from tests.command.conftest import App, Run

SETTINGS = "benchmarks: [{name: sum, suite: numbers, python: 'library:work'}]\n"
WORK = "def work():\n    return sum(range(2000))\n"


def finding(app: App) -> Any:
    (found,) = json.loads((app.root / "perfci-results/result.json").read_text())["findings"]
    return found


@pytest.mark.slow
def test_without_stored_runs_it_is_inconclusive_and_says_why(app: App, perfci: Run) -> None:
    app.settings(SETTINGS)
    app.write("library.py", "def work():\n    raise RuntimeError('not yet')\n")
    app.commit("broken")
    app.write("library.py", WORK)
    app.commit("mended")
    answer = perfci("run", "--base", "HEAD~1")
    assert answer.code == 0, answer
    assert finding(app)["outcome"] == "inconclusive"
    assert "base cannot run it" in finding(app)["reason"]
    assert "not yet" in finding(app)["reason"]
    assert "WARN" in answer.out
    strict = perfci("gate", "perfci-results/run.json", "--set", "gate.on_inconclusive=fail")
    assert strict.code == 1, strict


@pytest.mark.slow
def test_stored_runs_of_the_base_stand_in(app: App, perfci: Run) -> None:
    app.settings(SETTINGS)
    app.write("library.py", WORK)
    app.commit("first")
    for _ in range(2):
        assert perfci("run", "--mode", "history").code == 0
    app.write("library.py", "work = None\n")
    app.commit("broken")
    app.write("library.py", "def work():\n    return sum(range(20000))\n")
    app.commit("mended, and ten times slower")
    answer = perfci("run", "--base", "HEAD~1")
    assert answer.code == 1, answer
    found = finding(app)
    assert (found["outcome"], found["paired"]) == ("regressed", False)
    assert "than 2 stored runs" in found["reason"]
    assert perfci("gate", "perfci-results/run.json").code == 1
    assert finding(app)["reason"] == found["reason"]


@pytest.mark.slow
def test_a_base_that_does_not_build_is_told_with_its_output(app: App, perfci: Run) -> None:
    app.settings(SETTINGS + "setup: sh build.sh\n")
    app.write("library.py", WORK)
    app.write("build.sh", "echo no compiler here; exit 3\n")
    app.commit("broken")
    app.write("build.sh", "true\n")
    app.commit("mended")
    answer = perfci("run", "--base", "HEAD~1")
    assert answer.code == 0, answer
    assert "no compiler here" in answer.err
    assert finding(app)["outcome"] == "inconclusive"
    assert "setup failed on base" in finding(app)["reason"]


@pytest.mark.slow
def test_a_benchmark_that_neither_side_can_run_is_an_error(app: App, perfci: Run) -> None:
    app.settings(SETTINGS)
    app.write("library.py", "def work():\n    raise RuntimeError('never')\n")
    app.commit("broken")
    app.write("library.py", "def work():\n    raise RuntimeError('still never')\n")
    app.commit("still broken")
    answer = perfci("run", "--base", "HEAD~1")
    assert answer.code == 2, answer
    assert finding(app)["outcome"] == "failed"


@pytest.mark.slow
def test_a_fork_cannot_bring_stored_runs_to_be_compared_with(app: App, perfci: Run) -> None:
    app.settings(SETTINGS)
    app.write("library.py", WORK)
    base = app.commit("first")
    assert perfci("run", "--mode", "history").code == 0
    (app.root / ".perfci/.gitignore").unlink()
    app.write("library.py", WORK.replace("2000", "4000"))
    head = app.commit("slower, with a store of its own")
    event = {
        "number": 7,
        "pull_request": {
            "number": 7,
            "base": {"sha": base, "ref": "main", "repo": {"full_name": "o/app", "fork": False}},
            "head": {"sha": head, "ref": "x", "repo": {"full_name": "evil/app", "fork": True}},
        },
        "repository": {"full_name": "o/app", "default_branch": "main"},
    }
    (app.root.parent / "event.json").write_text(json.dumps(event))
    answer = perfci(
        "run",
        GITHUB_ACTIONS="true",
        CI="true",
        GITHUB_EVENT_NAME="pull_request",
        GITHUB_EVENT_PATH=str(app.root.parent / "event.json"),
        GITHUB_REPOSITORY="o/app",
        GITHUB_SHA=head,
    )
    assert "this pull request from a fork has files there" in answer.err
    assert answer.code == 1, answer
