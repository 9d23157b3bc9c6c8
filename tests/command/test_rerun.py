"""Rerun until it is green: the same two commits are decided on once."""

import json
import re
from typing import Any

import pytest

from tests.command.conftest import App, Run

SETTINGS = "benchmarks: [{name: sum, suite: numbers, python: 'library:work'}]\n"


def work(n: int) -> str:
    return f"def work():\n    return sum(range({n}))\n"


def document(app: App, name: str) -> Any:
    return json.loads((app.root / "perfci-results" / name).read_text())


def launches(app: App) -> int:
    (finding,) = document(app, "result.json")["findings"]
    found: int = finding["launches"]
    return found


def numbers(app: App) -> list[int]:
    measured = document(app, "run.json")["measurements"]
    (latency,) = [it for it in measured if it["key"].endswith(":latency")]
    return [launch["number"] for launch in latency["rounds"]]


@pytest.fixture
def slower(app: App) -> App:
    """Return a repository whose last commit is slower by half."""
    app.settings(SETTINGS)
    app.write("library.py", work(2000))
    app.commit("first")
    app.write("library.py", work(3000))
    app.commit("slower")
    return app


@pytest.mark.slow
def test_a_red_build_stays_red_and_nothing_is_measured_again(slower: App, perfci: Run) -> None:
    assert perfci("run", "--base", "HEAD~1").code == 1
    before = launches(slower), numbers(slower)
    answer = perfci("run", "--base", "HEAD~1")
    assert answer.code == 1
    assert "going on from 1 earlier run" in answer.err
    assert (launches(slower), numbers(slower)) == before
    run = document(slower, "run.json")
    assert len(run["earlier"]) == 1
    assert "launches of 1 earlier run of these two commits" in run["mode_reason"]
    report = (slower.root / "perfci-results/report.html").read_text()
    assert "of 1 earlier run of these two commits" in report, "where a person looks"

    found = document(slower, "result.json")["findings"]
    assert perfci("gate", "perfci-results/run.json").code == 1
    assert document(slower, "result.json")["findings"] == found, "and judged again it is the same"


@pytest.mark.slow
def test_what_was_cut_off_goes_on(slower: App, perfci: Run) -> None:
    first = perfci("run", "--base", "HEAD~1", "--max-time", "1s")
    assert first.code in {0, 2}, first
    cut = len(numbers(slower))
    assert perfci("run", "--base", "HEAD~1").code == 1
    assert len(numbers(slower)) > cut
    assert numbers(slower) == list(range(1, len(numbers(slower)) + 1))


@pytest.mark.slow
def test_a_seed_or_another_definition_begins_anew(slower: App, perfci: Run) -> None:
    assert perfci("run", "--base", "HEAD~1").code == 1
    answer = perfci("run", "--base", "HEAD~1", "--seed", "5")
    assert "earlier run" not in answer.err
    assert "earlier" not in document(slower, "run.json")
    assert perfci("run", "--base", "HEAD~1", "--set", "measure.warmup=2").code == 1
    assert "earlier" not in document(slower, "run.json")


@pytest.mark.slow
def test_uncommitted_work_is_measured_each_time(slower: App, perfci: Run) -> None:
    slower.write("library.py", work(3100))
    perfci("run", "--base", "HEAD~1")
    answer = perfci("run", "--base", "HEAD~1")
    assert "earlier run" not in answer.err
    assert not list(slower.root.glob(".perfci/v1/*/pairs/*/*"))


@pytest.mark.slow
def test_what_is_damaged_or_forged_is_not_pooled(slower: App, perfci: Run) -> None:
    perfci("run", "--base", "HEAD~1")
    (kept,) = slower.root.glob(".perfci/v1/*/pairs/*/*.json.gz")
    whole = kept.read_bytes()
    kept.write_bytes(whole[:100])
    answer = perfci("run", "--base", "HEAD~1")
    assert answer.code == 1
    assert re.search(r"an earlier run of these commits is not pooled: .* is damaged", answer.err)

    # a red run under the name of two commits that are alike
    slower.write("library.py", work(2000))
    slower.commit("fast again")
    head, base = slower.git("rev-parse", "HEAD"), slower.git("rev-parse", "HEAD~1")
    forged = kept.parent.parent / f"{base}-{head}"
    forged.mkdir()
    (forged / kept.name).write_bytes(whole)
    answer = perfci("run", "--base", "HEAD~1")
    assert answer.code == 0, answer
    assert "earlier" not in document(slower, "run.json")


GITHUB = {"CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "push"}


@pytest.mark.slow
def test_in_ci_a_run_of_another_commit_or_project_is_not_judged(app: App, perfci: Run) -> None:
    app.settings(f"project: app\n{SETTINGS}")
    app.write(".gitignore", "/perfci-results/\n/.perfci/\n")
    app.write("library.py", work(2000))
    app.commit("harmless")
    assert perfci("run").code == 0
    app.write("library.py", work(9000))
    bad = app.commit("bad")
    answer = perfci("gate", "perfci-results/run.json", **GITHUB, GITHUB_SHA=bad)
    assert answer.code == 2, answer
    assert f"and this job is about {bad[:7]}" in answer.err
    assert perfci("gate", "perfci-results/run.json").code == 0, "at home old runs may be judged"

    assert perfci("run").code in {0, 1}
    assert perfci("gate", "perfci-results/run.json", **GITHUB, GITHUB_SHA=bad).code in {0, 1}
    answer = perfci("gate", "perfci-results/run.json", **GITHUB, PERFCI_PROJECT="other")
    assert answer.code == 2, answer
    assert "measured of the project 'app'" in answer.err
