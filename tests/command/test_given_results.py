"""`results`: files that something else has written before, beside what perfci runs itself."""

import json
from typing import Any

import pytest

from tests.command.conftest import App, Run

SETTINGS = """
benchmarks:
  - {name: own, run: 'true'}
  - {name: unit, results: build/*.json}
"""
ONCE = {"PERFCI_MEASURE__ROUNDS": "1"}


@pytest.fixture
def tool(app: App) -> App:
    """Return a repository whose results lie where git does not look."""
    app.settings(SETTINGS)
    app.write(".gitignore", "build\nperfci-results\n.perfci\n")
    app.commit("first")
    return app


def results(app: App, *, commit: str = "", value: float = 0.002) -> None:
    """Write what the tool left behind: one benchmark, and the commit that it was of."""
    found = [{"name": "parse", "unit": "s", "value": value}]
    document: dict[str, Any] = {"schema": "perfci.custom/1", "results": found}
    app.write("build/r.json", json.dumps(document | ({"commit": commit} if commit else {})))


def findings(app: App) -> dict[str, Any]:
    document = json.loads((app.root / "perfci-results/result.json").read_text())
    return {found["key"]: found for found in document["findings"]}


@pytest.mark.slow
def test_ignored_files_are_read_from_the_users_own_folder_beside_a_paired_run(
    tool: App, perfci: Run
) -> None:
    results(tool)
    tool.write("a.txt", "a change")
    tool.commit()
    answer = perfci("run", "--base", "HEAD~1", "--rounds", "3")
    assert answer.code == 0, answer.out
    assert findings(tool)["unit/parse:latency"]["outcome"] == "new"
    assert findings(tool)["default/own:latency"]["outcome"] != "failed"


@pytest.mark.slow
def test_what_is_beside_a_base_is_said_to_be_compared_with_stored_runs(
    tool: App, perfci: Run
) -> None:
    for turn in range(6):
        results(tool, value=0.002 + turn / 1e6)
        assert perfci("run", **ONCE).code == 0
    results(tool, value=0.004)
    tool.write("a.txt", "a change")
    tool.commit()
    answer = perfci("run", "--base", "HEAD~1", "--rounds", "3")
    assert findings(tool)["unit/parse:latency"]["outcome"] == "regressed"
    told = " ".join(answer.out.split())
    assert "as new" not in told
    assert "unit/unit has no results on base: they are files of head" in told
    assert "what stored runs know of them is compared with those" in told


def test_results_of_an_earlier_commit_are_a_failure_that_names_both(tool: App, perfci: Run) -> None:
    tool.settings("benchmarks: [{name: unit, results: build/r.json}]\n")
    old = tool.commit("old")
    head = tool.commit("new")
    results(tool, commit=old)
    answer = perfci("run")
    assert answer.code == 2
    (failed,) = findings(tool).values()
    reason = failed["reason"]
    assert f"its results are of commit {old[:7]}, and head is {head[:7]}" in reason
    assert "run the tool before perfci" in reason


@pytest.mark.parametrize("length", [7, 12, 40])
def test_results_of_head_are_taken_however_its_hash_is_shortened(
    tool: App, perfci: Run, length: int
) -> None:
    tool.settings("benchmarks: [{name: unit, results: build/r.json}]\n")
    results(tool, commit=tool.commit("new")[:length].upper())
    assert perfci("run").code == 0
    assert findings(tool)["unit/parse:latency"]["outcome"] == "new"


@pytest.fixture
def proposed(tool: App) -> dict[str, str]:
    """Return the hashes of a pull request's target, of itself and of their merge, checked out."""
    tool.settings("benchmarks: [{name: unit, results: build/r.json}]\n")
    tool.commit("settings")
    tool.git("checkout", "-qb", "change")
    head = tool.commit("change")
    tool.git("checkout", "-q", "main")
    base = tool.commit("target")
    tool.git("merge", "-q", "--no-ff", "-m", "merge", "change")
    return {"base": base, "head": head, "merge": tool.git("rev-parse", "HEAD")}


def job(app: App, proposed: dict[str, str], *, event: str, sha: str) -> dict[str, str]:
    """Return the variables of a job on GitHub about a pull request."""
    pull = {
        "number": 1,
        "head": {"sha": proposed["head"], "ref": "change"},
        "base": {"sha": proposed["base"], "ref": "main"},
        "labels": [],
    }
    app.write("build/event.json", json.dumps({"pull_request": pull}))
    return {
        "CI": "true",
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": event,
        "GITHUB_EVENT_PATH": str(app.root / "build/event.json"),
        "GITHUB_SHA": sha,
    }


@pytest.mark.slow
def test_results_of_a_pull_requests_head_and_of_its_merge_are_both_taken(
    tool: App, perfci: Run, proposed: dict[str, str]
) -> None:
    variables = job(tool, proposed, event="pull_request", sha=proposed["merge"])
    for name, code in (("head", 0), ("merge", 0), ("base", 2)):
        results(tool, commit=proposed[name])
        answer = perfci("run", **variables)
        assert answer.code == code, answer.out + answer.err


@pytest.mark.slow
def test_results_of_the_target_are_never_those_of_a_pull_request(
    tool: App, perfci: Run, proposed: dict[str, str]
) -> None:
    tool.git("checkout", "-q", "change")
    # such a job calls the target's tip its own commit
    variables = job(tool, proposed, event="pull_request_target", sha=proposed["base"])
    for name, code in (("head", 0), ("base", 2)):
        results(tool, commit=proposed[name])
        answer = perfci("run", **variables)
        assert answer.code == code, answer.out + answer.err
