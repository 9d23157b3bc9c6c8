"""The history of a branch, told from every run that the store keeps of it."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from perfci.baselines import keep_all, run_id
from perfci.model.history import Point
from perfci.model.measurement import Clock
from perfci.model.verdict import Status
from perfci.ports import Store
from perfci.schema.stored import Stored
from perfci.stores.open import open_store
from tests.command.conftest import App, Run
from tests.command.history.series import steps
from tests.schema.samples import recording
from tests.stores.branch import START

KEY = "codec/parse[size=16MB]:latency"


def kept(app: App) -> Store:
    return open_store("file:.perfci", app.root)


def runs(
    values: Sequence[float], *, branch: str = "main", cpu: str = "", first: int = 0, **more: Any
) -> list[Stored]:
    """Return one run a value, one a minute; `cpu` makes another machine of it."""
    found = []
    for number, value in enumerate(values, first):
        one = recording()
        moment = START + timedelta(minutes=number)
        environment = one.run.environment
        run = replace(
            one.run,
            id=run_id(moment, f"{number:08x}"),
            commit=f"{number:040x}",
            branch=branch,
            started_at=moment,
            environment=replace(environment, cpu=cpu) if cpu else environment,
        )
        point = Point(
            centres={Clock.NET: value, Clock.WALL: value * 2},
            clock=Clock.NET,
            spread=0.01,
            n=4,
            unit="s",
        )
        points = {KEY: replace(point, **more)}
        found.append(Stored(recording=replace(one, run=run), verdict=Status.PASS, points=points))
    return found


def ask(inside: Run, *flags: str) -> Any:
    answer = inside("history", "--json", *flags)
    assert answer.code == 0, answer
    return json.loads(answer.out) | {"said": answer.err}


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a store whose branch main got slower at its 70th run of 130."""
    root = tmp_path_factory.mktemp("long")
    keep_all(open_store("file:.perfci", root), runs(steps((1.0, 70), (1.3, 60))))
    return root / ".perfci"


@pytest.fixture
def full(app: App, long: Path) -> App:
    """Return a repository with such a store."""
    app.settings("project: app\nbranches: [main]\n")
    app.commit()
    shutil.copytree(long, app.root / ".perfci")
    return app


def test_all_runs_count_and_not_only_those_of_the_index(full: App, inside: Run) -> None:
    document = ask(inside)
    (series,) = document["series"]
    assert (series["name"], series["points"], series["direction"]) == (KEY, 130, "lower")
    (change,) = series["change_points"]
    assert (change["index"], change["commit"]) == (70, f"{70:040x}")
    assert document["commits"][0]["commit"] == f"{70:040x}"
    assert "reading 30 older runs" in document["said"]


def test_runs_that_a_bound_leaves_out_are_not_read(full: App, inside: Run) -> None:
    document = ask(inside, "--last", "50")
    assert document["series"][0]["points"] == 50
    assert "older runs" not in document["said"]
    document = ask(inside, "--since", (START + timedelta(minutes=120)).isoformat())
    assert document["series"][0]["points"] == 10


def test_the_tracked_branch_is_shown_whatever_is_checked_out(full: App, inside: Run) -> None:
    assert "from main in file:.perfci" in inside("history").out
    full.git("checkout", "-qb", "feature")
    assert ask(inside)["series"][0]["points"] == 130
    heading = " ".join(inside("history").out.split())
    assert "from main (tracked; feature is checked out) in file:.perfci" in heading
    assert "from main in file:.perfci" in inside("history", "--branch", "main").out
    other = inside("history", "--branch", "feature")
    assert (other.code, other.out) == (0, "there is no series to look at\n")
    assert "no run of feature in file:.perfci is stored for app" in other.err


def test_a_damaged_run_is_named_and_the_others_are_told(full: App, inside: Run) -> None:
    oldest = min((full.root / ".perfci").rglob("runs/*.json.gz"))
    oldest.write_bytes(b"\x1f\x8bdamaged")
    document = ask(inside)
    assert document["series"][0]["points"] == 129
    assert (
        f"a stored run is left out: file:.perfci/v1/app/branches/main/runs/{oldest.name}"
        in (document["said"])
    )
    assert oldest.read_bytes() == b"\x1f\x8bdamaged"


def test_runs_of_another_machine_are_told_of_and_never_mixed_in(app: App, inside: Run) -> None:
    app.settings("project: app\nbranches: [main]\n")
    keep_all(kept(app), runs(steps((5.0, 12)), cpu="another"))
    keep_all(kept(app), runs(steps((1.0, 20)), first=12))
    document = ask(inside)
    (series,) = document["series"]
    assert (series["points"], series["change_points"]) == (20, [])
    assert "12 of 1 other are not comparable" in document["said"]
    document = ask(inside, "--all-environments")
    assert sorted(each["points"] for each in document["series"]) == [12, 20]
    assert all(each["name"].startswith(f"{KEY} @ ") for each in document["series"])


def test_a_clock_that_did_not_decide_lately_is_no_step(app: App, inside: Run) -> None:
    app.settings("project: app\nbranches: [main]\n")
    keep_all(kept(app), runs(steps((1.0, 15)), clock=Clock.WALL))
    keep_all(kept(app), runs(steps((1.0, 15)), first=15))
    (series,) = ask(inside)["series"]
    assert (series["points"], series["change_points"]) == (30, [])


def test_accepted_and_regressed_runs_stay_in(app: App, inside: Run) -> None:
    app.settings("project: app\nbranches: [main]\n")
    keep_all(kept(app), runs(steps((1.0, 15))))
    keep_all(kept(app), runs(steps((2.0, 15)), first=15, regressed=True, accepted=True))
    (series,) = ask(inside)["series"]
    assert [each["index"] for each in series["change_points"]] == [15]


def test_nothing_stored_is_an_empty_answer_and_a_hint(app: App, inside: Run) -> None:
    app.settings("project: app\nbranches: [main]\n")
    document = ask(inside)
    assert (document["series"], document["commits"]) == ([], [])
    assert "no run of main in file:.perfci is stored for app" in document["said"]


def test_a_store_that_cannot_be_read_is_exit_2(app: App, inside: Run) -> None:
    app.settings("project: app\nbranches: [main]\nstore: git:perf\n")
    (app.root / ".git" / "HEAD").write_text("nonsense")
    answer = inside("history")
    assert answer.code == 2
    assert answer.out == ""


def test_outside_of_git_the_runs_of_no_branch_are_shown(tmp_path: Path, inside: Run) -> None:
    keep_all(open_store("file:.perfci", tmp_path), runs(steps((1.0, 12)), branch=""))
    (tmp_path / "perfci.yml").write_text("project: app\n")
    answer = inside("history", cwd=tmp_path)
    assert answer.code == 0, answer
    assert "12 points" in answer.out
    assert "from (no name) in file:.perfci" in answer.out
