"""A pull request's run becomes a baseline of the branch that it was merged into."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from perfci.baselines import load_history, record
from perfci.model.revision import Mode
from perfci.model.run import Recording
from perfci.ports import Store
from perfci.schema import run as run_json
from perfci.stores.open import open_store
from tests.command.conftest import App, Run
from tests.stores.branch import PASSED, job, numbers_of, points

TO = ("--to", "main", "--reason", "merged as it was")


def kept(app: App) -> Store:
    return open_store("file:.perfci", app.root)


def promote(inside: Run, *arguments: str) -> Any:
    return inside("baseline", "promote", *arguments)


def written(app: App, recording: Recording) -> str:
    path = app.root / "run.json"
    path.write_bytes(run_json.dump(recording))
    return str(path)


@pytest.fixture
def merged(app: App) -> App:
    """Return a repository with a run of another branch in its store."""
    record(kept(app), job(1), PASSED, points(1))
    return app


def test_a_stored_run_of_another_branch_is_promoted(merged: App, inside: Run) -> None:
    answer = promote(inside, job(1).run.id, *TO)
    assert answer.code == 0, answer
    assert "is a baseline of main, with 1 series: merged as it was" in answer.out
    assert numbers_of(load_history(kept(merged), "app", "main")[0]) == [1]
    shown = inside("baseline", "show", "latest", "--branch", "main").out
    assert "UTC, from feature: merged as it was" in shown
    again = promote(inside, job(1).run.id, "--branch", "feature", *TO)
    assert again.code == 2
    assert "stored on main already" in again.err


def test_a_run_json_is_judged_and_promoted(app: App, inside: Run) -> None:
    recording = replace(job(1), mode=Mode.RECORD, base=None, base_run=None)
    path = written(app, recording)
    tried = json.loads(promote(inside, path, *TO, "--dry-run", "--json").out)
    assert tried["dry_run"]
    assert kept(app).list("") == ()
    document = json.loads(promote(inside, path, *TO, "--json").out)
    assert document["source"] == Path(path).name
    assert document["branch"] == "main"
    assert document["kept"].startswith("file:.perfci/v1/app/branches/main/runs/")
    index, _ = load_history(kept(app), "app", "main")
    (line,) = index.runs
    assert line.id == recording.run.id
    assert list(line.points) == ["codec/parse[size=16MB]:latency"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"partial": True}, "only a part"),
        ({"project": "elsewhere"}, "measured for the project elsewhere"),
    ],
)
def test_what_is_unfit_stays_out(app: App, inside: Run, change: Any, says: str) -> None:
    recording = replace(job(1), mode=Mode.RECORD, base=None, base_run=None, **change)
    answer = promote(inside, written(app, recording), *TO)
    assert answer.code == 2
    assert says in answer.err
    assert kept(app).list("") == ()


def test_a_run_that_did_not_measure_what_is_expected_stays_out(app: App, inside: Run) -> None:
    app.settings("benchmarks:\n  - {name: x, run: 'true'}\n")
    recording = replace(job(1), mode=Mode.RECORD, base=None, base_run=None)
    answer = promote(inside, written(app, recording), *TO)
    assert answer.code == 2
    assert "is error" in answer.err


def test_without_a_reason_nothing_is_promoted(merged: App, inside: Run) -> None:
    assert promote(inside, job(1).run.id, "--to", "main").code == 2
    answer = promote(inside, job(1).run.id, "--to", "main", "--reason", " ")
    assert answer.code == 2
    assert "--reason is empty" in answer.err
    assert kept(merged).list("v1/app/branches/main") == ()


def test_another_file_is_no_run(app: App, inside: Run) -> None:
    app.write("result.json", "{}")
    answer = promote(inside, "result.json", *TO)
    assert answer.code == 2
    assert "result.json" in answer.err
    assert promote(inside, "absent.json", *TO).code == 2
