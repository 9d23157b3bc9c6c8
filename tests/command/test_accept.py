"""A regression through its life: caught, accepted, its acceptance over, caught again."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.command.conftest import App, Run

SETTINGS = "benchmarks: [{name: sum, suite: numbers, python: 'library:work'}]\n"
SLOWER = "def work():\n    return sum(range({n}))\n"


def entry(until: str) -> str:
    return (
        SETTINGS
        + f"gate: {{accept: [{{match: 'numbers/*', until: {until}, reason: a safer sum}}]}}\n"
    )


def result(app: App) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((app.root / "perfci-results/result.json").read_text())
    return document


def accepted(app: App) -> dict[str, Any] | None:
    (finding,) = result(app)["findings"]
    found: dict[str, Any] | None = finding["accepted"]
    return found


def slower(app: App, message: str) -> None:
    app.settings(SETTINGS)
    app.write("library.py", SLOWER.format(n=2000))
    app.commit("first")
    app.write("library.py", SLOWER.format(n=3000))
    app.commit(message)


@pytest.mark.slow
def test_a_regression_is_caught_accepted_and_caught_again(app: App, perfci: Run) -> None:
    slower(app, "a slower sum")
    assert perfci("run", "--base", "HEAD~1").code == 1
    assert accepted(app) is None

    app.settings(entry("2999-12-31"))
    answer = perfci("gate", "perfci-results/run.json")
    assert answer.code == 0, answer
    assert "accepted: a safer sum (perfci.yml, line 2, until 2999-12-31)" in answer.out
    assert result(app)["summary"]["accepted"] == 1
    found = accepted(app)
    assert found is not None
    assert (found["reason"], found["until"]) == ("a safer sum", "2999-12-31")
    results = app.root / "perfci-results"
    assert "1 accepted:" in (results / "comment.md").read_text()
    assert "a safer sum" in (results / "report.html").read_text()
    root = ET.fromstring((results / "performance_results.xml").read_bytes())
    assert root.get("failures") == "0"
    assert "a safer sum" in (root.findtext(".//system-out") or "")

    app.settings(entry("2020-01-31"))
    answer = perfci("gate", "perfci-results/run.json")
    assert answer.code == 1, answer
    (finding,) = result(app)["findings"]
    assert "ended on 2020-01-31" in finding["reason"]


@pytest.mark.slow
def test_a_commit_accepts_what_it_makes_slower(app: App, perfci: Run) -> None:
    slower(app, "a slower sum\n\nPerf-Accept: numbers/sum because it is exact now\n")

    answer = perfci("run", "--base", "HEAD~1")

    assert answer.code == 0, answer
    found = accepted(app)
    assert found is not None
    assert found["reason"] == "it is exact now"
    assert found["source"] == f"commit {app.git('rev-parse', 'HEAD')[:7]}"


def event(tmp_path: Path, app: App, *, fork: bool, labels: list[str]) -> dict[str, str]:
    """Write the event of a pull request; return the variables of its job."""
    head = {"sha": app.git("rev-parse", "HEAD"), "ref": "f", "repo": {"id": 2 if fork else 1}}
    base = {"sha": app.git("rev-parse", "HEAD~1"), "ref": "main"}
    pull = {"number": 7, "head": head, "base": base, "labels": [{"name": it} for it in labels]}
    path = tmp_path / "event.json"
    path.write_text(json.dumps({"pull_request": pull, "repository": {"id": 1}}))
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(path),
        "CI": "true",
    }


@pytest.mark.slow
def test_a_fork_cannot_accept_its_own_regression_but_a_label_can(
    app: App, perfci: Run, tmp_path: Path
) -> None:
    slower(app, "a slower sum\n\nPerf-Accept: * because I say so\n")

    fork = event(tmp_path, app, fork=True, labels=["perf"])
    answer = perfci("run", **fork)
    assert answer.code == 1, answer
    assert (
        "a fork cannot accept its own regressions"
        in (app.root / "perfci-results/comment.md").read_text()
    )

    labelled = event(tmp_path, app, fork=True, labels=["perf-accept"])
    answer = perfci("gate", "perfci-results/run.json", **labelled)
    assert answer.code == 0, answer
    found = accepted(app)
    assert found is not None
    assert found["source"] == "label perf-accept"


@pytest.mark.slow
def test_a_fork_cannot_raise_its_own_limits(app: App, perfci: Run, tmp_path: Path) -> None:
    app.settings(SETTINGS + "gate: {fail_on: minor}\n")
    app.write("library.py", SLOWER.format(n=2000))
    app.commit("first")
    renamed = SETTINGS.replace("name: sum", "name: total")
    app.settings(renamed + "gate: {fail_on: none, accept: [{match: '*', reason: please}]}\n")
    app.write("library.py", SLOWER.format(n=3000))
    app.commit("slower, and nobody shall know")

    answer = perfci("run", **event(tmp_path, app, fork=True, labels=[]))

    assert answer.code == 1, answer
    (finding,) = result(app)["findings"]
    assert (finding["benchmark"], finding["rule"]) == ("total", "fail_on: minor")
    assert "all of perfci.yml but its benchmarks is taken from" in answer.err
    own = perfci("gate", "perfci-results/run.json", **event(tmp_path, app, fork=False, labels=[]))
    assert own.code == 0, own


@pytest.mark.slow
def test_a_fork_cannot_hide_the_bases_rules_behind_a_file_of_another_name(
    app: App, perfci: Run, tmp_path: Path
) -> None:
    app.write(
        "pyproject.toml",
        '[tool.perfci]\nbenchmarks = [{name = "sum", suite = "numbers", python = "library:work"}]\n'
        '[[tool.perfci.gate.rules]]\nmatch = "*"\nbudget = "1ns"\n',
    )
    app.write("library.py", SLOWER.format(n=2000))
    app.commit("first")
    app.settings(SETTINGS.replace("sum", "total"))
    app.commit("looks harmless")

    answer = perfci("run", "--rounds", "3", **event(tmp_path, app, fork=True, labels=[]))

    assert answer.code == 1, answer
    (finding,) = result(app)["findings"]
    assert finding["over_budget"]
    assert "is taken from pyproject.toml of" in answer.err
    assert "no longer measures numbers/sum" in answer.err


@pytest.mark.slow
def test_a_fork_cannot_send_perfci_elsewhere_by_a_link(
    app: App, perfci: Run, tmp_path: Path
) -> None:
    app.settings(SETTINGS + "gate: {rules: [{match: '*', budget: 1ns}]}\n")
    app.write("library.py", SLOWER.format(n=2000))
    app.commit("first")
    app.write("q/evil.yml", SETTINGS)
    (app.root / "perfci.yml").unlink()
    (app.root / "perfci.yml").symlink_to("q/evil.yml")
    app.commit("a link")

    answer = perfci("run", "--rounds", "3", **event(tmp_path, app, fork=True, labels=[]))

    assert answer.code == 1, answer
