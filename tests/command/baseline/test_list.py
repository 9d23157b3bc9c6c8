"""What is stored, at a glance: branches, runs, one run."""

import json
from typing import Any

import pytest

from perfci.baselines import accept, record
from perfci.ports import Store
from perfci.stores.open import open_store
from tests.baselines.branch import ENCODE, PARSE, decision, drawn, keep_one
from tests.command.conftest import App, Run
from tests.stores.branch import FOLDER, PASSED, job, points


def kept(app: App) -> Store:
    return open_store("file:.perfci", app.root)


@pytest.fixture
def full(app: App) -> App:
    """Return a repository with runs of two branches; `feature` has a regression, accepted."""
    for number, letter in enumerate("oorr", 1):
        keep_one(kept(app), number, {PARSE: drawn(letter), ENCODE: drawn("o")})
    accept(kept(app), "app", decision(1, 3))
    record(kept(app), job(9, branch="other\x1b[31m"), PASSED, points(1))
    return app


def rows(out: str) -> list[list[str]]:
    return [line.split() for line in out.splitlines()]


def test_the_branches_are_listed_with_their_runs(full: App, inside: Run) -> None:
    answer = inside("baseline", "list")
    assert answer.code == 0, answer
    head, feature, other = rows(answer.out)
    assert head[:3] == ["branch", "runs", "newest"]
    assert feature == ["feature", "4", "2026-11-23", "06:54", "e4f5", "pass", "1", "1"]
    assert other[:2] == ["other", "1"]
    assert "\x1b" not in answer.out
    first, _ = json.loads(inside("baseline", "list", "--json").out)
    assert (first["branch"], first["runs"], first["acceptances"]) == ("feature", 4, 1)
    assert first["newest"]["id"] == job(4).run.id
    assert first["environments"] == [job(1).run.environment.fingerprint]


def test_the_runs_of_a_branch_are_listed_newest_first(full: App, inside: Run) -> None:
    answer = inside("baseline", "list", "--branch", "feature")
    assert answer.code == 0, answer
    head, *runs = rows(answer.out)
    assert [run[0] for run in runs] == [job(number).run.id for number in (4, 3, 2, 1)]
    assert head[-2:] == ["regressed", "accepted"]
    assert [run[-2:] for run in runs] == [["1", "0"], ["0", "1"], ["0", "0"], ["0", "0"]]
    document = json.loads(inside("baseline", "list", "--branch", "feature", "--json").out)
    assert [run["id"] for run in document["runs"]] == [job(n).run.id for n in (1, 2, 3, 4)]
    assert document["older"] == []


def test_nothing_stored_is_an_empty_answer_and_a_hint(app: App, inside: Run) -> None:
    answer = inside("baseline", "list")
    assert (answer.code, answer.out) == (0, "")
    assert "nothing is stored of app in file:.perfci" in answer.err
    assert json.loads(inside("baseline", "list", "--json").out) == []
    branch = inside("baseline", "list", "--branch", "x")
    assert "no run of x is stored" in branch.err


def test_a_branch_that_cannot_be_read_does_not_hide_the_others(full: App, inside: Run) -> None:
    index = full.root / ".perfci" / FOLDER / "history.json"
    index.write_bytes(index.read_bytes().replace(b"perfci.history/1", b"perfci.history/9"))
    answer = inside("baseline", "list")
    assert answer.code == 2
    assert "newer perfci" in answer.err
    assert rows(answer.out)[1][-3:] == ["not", "readable", "1"]
    assert rows(answer.out)[2][:2] == ["other", "1"]


def test_a_damaged_index_is_told_and_the_next_time_made_again(full: App, inside: Run) -> None:
    index = full.root / ".perfci" / FOLDER / "history.json"
    before = inside("baseline", "list").out
    index.write_bytes(index.read_bytes()[:-200])
    answer = inside("baseline", "list")
    assert answer.code == 2
    assert "feature: the index of a branch is damaged" in answer.err
    assert rows(answer.out)[2][:2] == ["other", "1"]
    again = inside("baseline", "list")
    assert (again.code, again.out) == (0, before)


def test_another_store_may_be_named(full: App, inside: Run) -> None:
    full.root.joinpath(".perfci").rename(full.root / "moved")
    answer = inside("baseline", "list", "--store", "file:moved")
    assert "feature" in answer.out
    assert inside("baseline", "list", "--store", "moved").code == 2


def show(inside: Run, *arguments: str) -> Any:
    return inside("baseline", "show", *arguments)


def test_a_run_is_shown_with_its_facts_and_series(full: App, inside: Run) -> None:
    answer = show(inside, job(3).run.id[:14], "--branch", "feature")
    assert answer.code == 0, answer
    assert f"run: {job(3).run.id}" in answer.out
    assert "branch: feature" in answer.out
    assert "commit: e4f5" in answer.out
    assert "AMD EPYC 7763, 2 cores, Linux 6.8" in answer.out
    assert "warning: loud" in answer.out
    assert rows(answer.out)[-1] == [PARSE, "2.00", "s", "10.0", "%", "2", "net", "accepted"]
    assert "regressed, not compared with" in show(inside, "latest", "--branch", "feature").out


def test_a_shown_run_in_json_is_in_base_units(full: App, inside: Run) -> None:
    document = json.loads(show(inside, job(3).run.id, "--json").out)
    assert document["branch"] == "feature"
    assert document["promoted"] is None
    assert document["environment"]["cpu"] == "AMD EPYC 7763"
    _, series = document["series"]
    assert series == {
        "key": PARSE,
        "centre": 2.0,
        "unit": "s",
        "spread": 0.1,
        "n": 2,
        "clock": "net",
        "regressed": True,
        "accepted": True,
    }


def test_what_cannot_be_meant_is_told_with_what_there_is(full: App, inside: Run) -> None:
    unknown = show(inside, "2027", "--branch", "feature")
    assert unknown.code == 2
    assert "no run of feature in file:.perfci is called '2027'" in unknown.err
    assert job(4).run.id in unknown.err
    several = show(inside, "2026")
    assert several.code == 2
    assert "fits 5 stored runs" in several.err
    latest = show(inside, "latest")
    assert latest.code == 2
    assert "branches that have some: feature, other" in latest.err


def test_a_damaged_run_is_named(full: App, inside: Run) -> None:
    path = full.root / ".perfci" / FOLDER / "runs" / f"{job(2).run.id}.json.gz"
    path.write_bytes(path.read_bytes()[:50])
    answer = show(inside, job(2).run.id)
    assert answer.code == 2
    assert path.name in answer.err
    assert "its gzip data ends too early" in answer.err
