"""Which stored runs stand in for a base that cannot be run: those of its branch, none of head's."""

import json
import os
from typing import Any

import pytest

from perfci.model.context import Context
from perfci.settings.flags import from_flags
from perfci.settings.load import load
from perfci.wiring.beside import branches_beside
from perfci.wiring.project import Project
from perfci.worktrees.git import Git
from tests.command.conftest import App, Run

SETTINGS = """\
benchmarks:
  - {name: hold, suite: memory, run: [python3, -I, -S, hold.py], metrics: [memory_usage]}
measure: {rounds: 3}
report: {html: false}
"""


def commit(app: App, program: str) -> None:
    app.write("hold.py", program)
    app.commit(program)


def holding(megabytes: int) -> str:
    """Return a program that takes as much memory: a cost that no busy neighbour changes."""
    return f"x = bytes([1]) * {megabytes}_000_000\n"


def document(app: App, name: str) -> Any:
    return json.loads((app.root / "perfci-results" / name).read_text())


def finding(app: App) -> Any:
    (found,) = document(app, "result.json")["findings"]
    return found


@pytest.fixture
def broken(app: App, perfci: Run) -> App:
    """Return a repository whose `main` has a stored run and is broken, on a mended branch."""
    app.settings(SETTINGS)
    commit(app, holding(30))
    assert perfci("run").code == 0
    commit(app, "raise SystemExit(3)\n")
    app.git("checkout", "-q", "-b", "fix")
    commit(app, holding(90))
    return app


@pytest.mark.slow
def test_the_runs_of_the_bases_branch_stand_in(broken: App, perfci: Run) -> None:
    # runs of head's own branch would say that nothing has changed
    assert perfci("run").code == 0
    answer = perfci("run", "--base", "main")
    assert answer.code == 1, answer
    assert finding(broken)["outcome"] == "regressed"
    assert "than 1 stored run" in finding(broken)["reason"]
    assert document(broken, "run.json")["compared"] == "main"
    assert perfci("gate", "perfci-results/run.json").code == 1


@pytest.mark.slow
def test_a_run_of_heads_own_commit_never_stands_in_for_its_base(broken: App, perfci: Run) -> None:
    assert perfci("run").code == 0
    answer = perfci("run", "--base", "HEAD~1")
    assert answer.code == 0, answer
    assert finding(broken)["outcome"] == "inconclusive"
    assert "no run that it could be compared with is stored" in finding(broken)["reason"]
    assert perfci("gate", "perfci-results/run.json").code == 0
    assert finding(broken)["outcome"] == "inconclusive"


def named(app: App, base: str, **context: Any) -> tuple[str, ...]:
    """Return the branches whose stored runs would stand in, the best first."""
    return branches_beside(
        Project(
            root=app.root,
            config=None,
            loaded=load([from_flags({"base": base} if base else {})]),
            environ={},
            git=Git(app.root, os.environ),
            context=Context(**{"branch": "fix", **context}),
            warnings=(),
        )
    )


@pytest.mark.parametrize(
    ("base", "branch"),
    [
        ("main", "main"),
        ("origin/main", "main"),
        ("refs/heads/main", "main"),
        ("origin/team/next", "team/next"),
        ("team/next", "team/next"),
        ("HEAD~1", "fix"),
        ("main~1", "fix"),
        ("v1", "fix"),
    ],
)
def test_the_branch_is_the_one_that_base_names(base: str, branch: str, app: App) -> None:
    app.settings(SETTINGS)
    app.commit("first")
    first = app.commit("second")
    app.git("tag", "v1")
    app.git("remote", "add", "origin", str(app.root))
    app.git("update-ref", "refs/remotes/origin/main", first)
    app.git("update-ref", "refs/remotes/origin/team/next", first)
    app.git("checkout", "-q", "-b", "fix")
    assert named(app, base) == (branch,)
    assert named(app, app.git("rev-parse", "HEAD~1")) == ("fix",)
    assert named(app, "only-at-the-remote") == ("only-at-the-remote",)


@pytest.mark.slow
def test_where_no_branch_is_named_it_is_the_pull_requests_target_and_then_the_default(
    app: App,
) -> None:
    app.commit("first")
    target = {"pr_number": 7, "base_branch": "release", "default_branch": "main"}
    assert named(app, "", **target) == ("release", "main")
    assert named(app, "HEAD", **target) == ("release", "main")
    assert named(app, "next", **target) == ("next",)
    assert named(app, "", **{**target, "base_branch": "main"}) == ("main",)
    assert named(app, "", default_branch="main") == ("fix",)
    queue = {"event": "merge_group", "branch": "gh-readonly-queue/release/pr-7-a1"}
    assert named(app, "", **queue, base_branch="release", default_branch="main") == (
        "release",
        "main",
    )
    assert named(app, "", branch="", tag="v1", default_branch="main") == ("main",)
