"""Old runs are deleted when somebody says so, and never more than that."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from perfci.baselines import load_history, record
from perfci.baselines.pairs import keep_pair
from perfci.model.revision import Revision
from perfci.ports import Store
from perfci.stores.open import open_store
from tests.command.conftest import App, Run
from tests.stores.branch import PASSED, job, points


def kept(app: App) -> Store:
    return open_store("file:.perfci", app.root)


def prune(inside: Run, *arguments: str) -> Any:
    return inside("baseline", "prune", *arguments)


def runs(app: App, branch: str) -> int:
    return len(kept(app).list(f"v1/app/branches/{branch}/runs/"))


@pytest.fixture
def full(app: App) -> App:
    """Return a repository whose store has 30 runs of two branches each, one of them gone."""
    for branch in ("main", "gone"):
        for number in range(30):
            record(kept(app), job(number, branch=branch), PASSED, points(1))
    app.commit()
    return app


def test_the_newest_of_each_branch_stay(full: App, inside: Run) -> None:
    tried = prune(inside, "--keep", "25", "--dry-run")
    assert tried.code == 0, tried
    assert "nothing was deleted" in tried.err
    assert runs(full, "main") == 30
    answer = prune(inside, "--keep", "25", "--json")
    assert json.loads(answer.out) == [
        {
            "branch": name,
            "deleted": 5,
            "kept": 25,
            "acceptances": 0,
            "because": "",
            "dry_run": False,
        }
        for name in ("gone", "main")
    ]
    assert (runs(full, "main"), runs(full, "gone")) == (25, 25)


def test_one_branch_may_be_named_and_an_age(full: App, inside: Run) -> None:
    # the runs are as old as their ids say, which is in no future that a test may see
    assert prune(inside, "--older-than", "99999w", "--branch", "main").code == 0
    assert runs(full, "main") == 30
    unknown = prune(inside, "--keep", "5", "--branch", "absent")
    assert unknown.code == 2
    assert "nothing is stored of absent" in unknown.err


def test_branches_that_git_no_longer_has_go_when_asked_for(full: App, inside: Run) -> None:
    answer = prune(inside, "--gone")
    assert answer.code == 0, answer
    assert "git has no such branch" in answer.out
    assert (runs(full, "main"), runs(full, "gone")) == (30, 0)
    assert kept(full).list("v1/app/branches/gone/") == ()


def test_branches_of_the_remote_are_not_gone(full: App, inside: Run) -> None:
    remote = full.root.parent / "remote.git"
    full.git("init", "-q", "--bare", str(remote))
    full.git("remote", "add", "origin", str(remote))
    full.git("push", "-q", "origin", "main:gone")
    assert prune(inside, "--gone").code == 0
    assert runs(full, "gone") == 30
    full.git("remote", "set-url", "origin", str(remote / "absent"))
    answer = prune(inside, "--gone")
    assert answer.code == 2
    assert "does not say which branches it has" in answer.err
    assert runs(full, "gone") == 30


def test_launches_kept_for_reruns_are_pruned_by_themselves(full: App, inside: Run) -> None:
    for number in range(5):
        head, base = Revision(commit=f"{number:040x}"), Revision(commit="a" * 40)
        keep_pair(kept(full), replace(job(number), head=head, base=base))
    assert prune(inside, "--pairs").code == 0
    assert len(kept(full).list("v1/app/pairs/")) == 5
    answer = prune(inside, "--pairs", "--keep", "2")
    assert answer.code == 0, answer
    assert "runs kept for reruns" in answer.out
    assert len(kept(full).list("v1/app/pairs/")) == 2
    assert runs(full, "main") == 30


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        ((), "nothing says what may be deleted"),
        (("--keep", "0"), "would leave nothing"),
        (("--keep", "-3"), "would leave nothing"),
        (("--older-than", "soon"), "--older-than 'soon' is not an age"),
        (("--older-than", "90"), "is not an age"),
        (("--pairs", "--gone"), "belongs to no branch"),
    ],
)
def test_a_wish_that_makes_no_sense_deletes_nothing(
    full: App, inside: Run, flags: tuple[str, ...], says: str
) -> None:
    answer = prune(inside, *flags)
    assert answer.code == 2
    assert says in answer.err
    assert runs(full, "main") == 30


def test_outside_of_a_repository_no_branch_is_gone(full: App, inside: Run) -> None:
    (full.root / ".git").rename(full.root / "elsewhere")
    answer = prune(inside, "--gone")
    assert answer.code == 2
    assert "this is no git repository" in answer.err
    assert runs(full, "gone") == 30


def test_one_run_is_deleted_by_its_name_though_it_is_needed(full: App, inside: Run) -> None:
    wanted, other = job(29).run.id, job(3).run.id
    answer = prune(inside, "--run", wanted, "--run", other, "--branch", "main", "--dry-run")
    assert (answer.code, runs(full, "main")) == (0, 30)
    answer = prune(inside, "--run", wanted, "--run", other, "--branch", "main")
    assert answer.code == 0, answer
    left = kept(full).list("v1/app/branches/main/runs/")
    assert len(left) == 28
    assert not [name for name in left if wanted in name or other in name]
    index, warnings = load_history(kept(full), "app", "main")
    assert warnings == ()
    assert {wanted, other}.isdisjoint(run.id for run in index.runs)
    assert runs(full, "gone") == 30


def test_a_run_that_is_not_there_or_another_wish_beside_it_is_refused(
    full: App, inside: Run
) -> None:
    assert prune(inside, "--run", "20991231T000000Z-aaaa").code == 2
    answer = prune(inside, "--run", job(1).run.id, "--keep", "5")
    assert answer.code == 2
    assert "leave out --keep" in answer.err
    assert runs(full, "main") == 30


def test_a_run_from_a_machine_whose_clock_was_wrong_is_told_with_the_way_out(
    app: App, inside: Run
) -> None:
    app.settings("project: app\nbenchmarks: [{name: a, run: 'true'}]\nmeasure: {rounds: 2}\n")
    app.commit()
    ahead = job(1, branch="main")
    far = datetime(2099, 1, 1, tzinfo=UTC)
    run = replace(ahead.run, id="20990101T000000Z-aaaa", started_at=far)
    record(kept(app), replace(ahead, run=run), PASSED, points(1))
    answer = inside("run")
    assert "a stored run is dated in the future, up to 2099-01-01 00:00 UTC" in answer.err
    assert prune(inside, "--run", "20990101").code == 0
    assert "in the future" not in inside("run").err
