"""How the runs of a branch are kept."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from perfci.baselines import WINDOW, load_history, record
from perfci.errors import StoreError
from perfci.model.history import History
from perfci.model.verdict import Status
from perfci.schema import history, stored
from perfci.stores.open import open_store
from tests.stores.branch import (
    FOLDER,
    INDEX,
    PASSED,
    job,
    keep,
    numbers_of,
    points,
    read,
    run_name,
    write,
)
from tests.stores.memory import MemoryStore


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def test_a_branch_without_runs_has_an_empty_history(store: MemoryStore) -> None:
    assert load_history(store, "app", "feature") == (History(branch="feature"), ())
    assert store.list("") == ()


def test_a_recorded_run_is_found_by_the_next_one(tmp_path: Path) -> None:
    store = open_store("file:kept", tmp_path)
    where = record(store, job(1), PASSED, points(1))
    assert where == f"file:kept/{run_name(1)}"
    found, warnings = load_history(store, "app", "feature")
    assert warnings == ()
    assert found.runs == (
        stored.Stored(recording=job(1), verdict=Status.PASS, points=points(1)).line,
    )
    kept = stored.load((tmp_path / where.removeprefix("file:")).read_bytes(), "x")
    assert kept.recording == job(1)


def test_branches_and_projects_do_not_mix(store: MemoryStore) -> None:
    keep(store, 1)
    record(store, job(2, branch="feature/x"), PASSED, points(2))
    record(store, replace(job(3), project="other"), PASSED, points(3))
    record(store, job(4, branch=""), PASSED, points(4))
    for project, branch, number in (
        ("app", "feature", 1),
        ("app", "feature/x", 2),
        ("other", "feature", 3),
        ("app", "", 4),
    ):
        assert numbers_of(load_history(store, project, branch)[0]) == [number]


def test_the_index_holds_the_newest_runs_in_order(store: MemoryStore) -> None:
    keep(store, 5, 2, *range(6, WINDOW + 4), 1)
    found = numbers_of(load_history(store, "app", "feature")[0])
    assert found == [2, 5, *range(6, WINDOW + 4)]
    assert len(store.list(f"{FOLDER}/runs/")) == WINDOW + 1


def test_a_missing_index_is_made_from_the_runs(store: MemoryStore) -> None:
    keep(store, 1, 2, 3)
    before = load_history(store, "app", "feature")
    store.delete(INDEX)
    assert load_history(store, "app", "feature") == before
    assert store.get(INDEX) is None, "reading writes nothing"
    keep(store, 4)
    assert numbers_of(history.load(read(store, INDEX), "x")) == [1, 2, 3, 4]


def test_a_run_whose_writer_was_killed_comes_to_the_index_later(store: MemoryStore) -> None:
    keep(store, 1)
    old = read(store, INDEX)
    keep(store, 2)
    write(store, INDEX, old)
    keep(store, 3)
    assert numbers_of(load_history(store, "app", "feature")[0]) == [1, 2, 3]


def test_recording_the_same_run_again_is_no_harm(store: MemoryStore) -> None:
    keep(store, 1, 1)
    assert numbers_of(load_history(store, "app", "feature")[0]) == [1]


def test_a_stored_run_is_never_replaced(store: MemoryStore) -> None:
    keep(store, 1)
    with pytest.raises(StoreError, match="holds something else"):
        record(store, job(1), PASSED, points(2))


@pytest.mark.parametrize("identity", ["", "../../x", "20261123T065000Z-1a/../x", "x" * 300])
def test_a_run_with_an_id_that_is_not_ours_is_refused(store: MemoryStore, identity: str) -> None:
    odd = replace(job(1), run=replace(job(1).run, id=identity))
    with pytest.raises(StoreError, match="not the id of a run"):
        record(store, odd, PASSED, points(1))
    assert store.list("") == ()


class Contested(MemoryStore):
    """Another pipeline records a run between each of the first reads and writes of the index."""

    rivals = 3

    def put(self, name: str, data: bytes, *, replaces: str | None) -> bool:
        if name == INDEX and self.rivals:
            number, self.rivals = 10 + self.rivals, self.rivals - 1
            left, self.rivals = self.rivals, 0
            keep(self, number)
            self.rivals = left
        return super().put(name, data, replaces=replaces)


def test_two_pipelines_at_once_lose_nothing() -> None:
    store = Contested()
    tries: list[int] = []
    record(store, job(1), PASSED, points(1), pause=tries.append)
    assert tries == [1]
    assert numbers_of(history.load(read(store, INDEX), "x")) == [1, 13], "the rival has seen ours"


class Jammed(MemoryStore):
    """The index is always being written by somebody else."""

    def put(self, name: str, data: bytes, *, replaces: str | None) -> bool:
        return name != INDEX and super().put(name, data, replaces=replaces)


def test_a_jammed_index_ends_in_an_error_and_the_run_is_kept() -> None:
    store = Jammed()
    tries: list[int] = []
    with pytest.raises(StoreError, match="written by others") as caught:
        record(store, job(1), PASSED, points(1), pause=tries.append)
    assert 5 <= len(tries) <= 50
    assert "itself is stored" in caught.value.hint
    assert numbers_of(load_history(store, "app", "feature")[0]) == [1]


def test_the_index_tells_what_the_contract_names(store: MemoryStore) -> None:
    keep(store, 3)
    line = json.loads(read(store, INDEX))["runs"][0]
    assert line["verdict"] == "pass"
    assert line["fingerprint"] == job(3).run.environment.fingerprint
    assert line["points"]["codec/parse:latency"] == {
        "n": 2,
        "centre": 0.041,
        "centres": {"net": 0.041},
        "clock": "net",
        "spread": 0.03,
        "unit": "s",
        "regressed": True,
    }
