"""How the runs of a branch are kept, and what is done about what is damaged."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from perfci.baselines import WINDOW, load_history, record, run_id
from perfci.errors import StoreError
from perfci.model.history import History, Point
from perfci.model.measurement import Clock
from perfci.model.run import Recording
from perfci.model.verdict import Status, Verdict
from perfci.ports import Store
from perfci.schema import history, stored
from perfci.stores.open import open_store
from tests.schema.samples import changed, recording
from tests.stores.memory import MemoryStore

START = datetime(2026, 11, 23, 6, 50, tzinfo=UTC)
PASSED = Verdict(status=Status.PASS, findings=(), message="recorded")
FOLDER = "v1/app/branches/feature"
INDEX = f"{FOLDER}/history.json"
POINT = Point(centres={Clock.NET: 0.041}, clock=Clock.NET, spread=0.1, n=2, unit="s")


def job(number: int, branch: str = "feature") -> Recording:
    """Return the n-th run of a branch, one a minute."""
    found = recording()
    moment = START + timedelta(minutes=number)
    identity = run_id(moment, f"{number:08x}")
    return replace(found, run=replace(found.run, id=identity, started_at=moment, branch=branch))


def points(number: int) -> dict[str, Point]:
    return {"codec/parse:latency": replace(POINT, spread=number / 100, regressed=number == 3)}


def keep(store: Store, *numbers: int) -> None:
    for number in numbers:
        record(store, job(number), PASSED, points(number))


def run_name(number: int) -> str:
    return f"{FOLDER}/runs/{job(number).run.id}.json.gz"


def numbers_of(found: History) -> list[int]:
    return [round((run.started_at - START) / timedelta(minutes=1)) for run in found.runs]


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def write(store: Store, name: str, data: bytes) -> None:
    there = store.get(name)
    assert store.put(name, data, replaces=there.version if there else None)


def read(store: Store, name: str) -> bytes:
    blob = store.get(name)
    assert blob is not None
    return blob.data


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


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda data: data[: len(data) // 2], "not valid JSON at line 1, column"),
        (lambda _: b"", "is empty"),
        (lambda _: b"{}", "not a document of perfci"),
        (lambda data: changed(data, "branch", to="main"), "it says that it belongs to 'main'"),
        (lambda data: changed(data, "runs", 0, "points", to=[]), "runs[0].points is not an object"),
    ],
)
@pytest.mark.parametrize("reads", [True, False])
def test_a_damaged_index_is_set_aside_and_the_next_run_repairs_it(
    store: MemoryStore, damage: Callable[[bytes], bytes], says: str, *, reads: bool
) -> None:
    keep(store, 1, 2)
    damaged = damage(read(store, INDEX))
    write(store, INDEX, damaged)
    with pytest.raises(StoreError) as caught:
        load_history(store, "app", "feature") if reads else keep(store, 3)
    assert says in caught.value.message
    assert f"moved to {INDEX}.damaged-1" in caught.value.message
    count = 2 if reads else 3
    assert f"from the {count} stored run(s)" in caught.value.hint
    assert read(store, f"{INDEX}.damaged-1") == damaged
    assert numbers_of(load_history(store, "app", "feature")[0]) == [1, 2, 3][:count]


def test_an_index_of_a_newer_perfci_is_not_touched(store: MemoryStore) -> None:
    keep(store, 1)
    newer = changed(read(store, INDEX), "schema", to="perfci.history/2")
    write(store, INDEX, newer)
    with pytest.raises(StoreError, match="newer perfci") as caught:
        load_history(store, "app", "feature")
    assert "Upgrade" in caught.value.hint
    with pytest.raises(StoreError, match="newer perfci"):
        keep(store, 2)
    assert read(store, INDEX) == newer
    assert store.list(INDEX) == (INDEX,)


def test_a_run_of_a_newer_perfci_is_not_touched(store: MemoryStore) -> None:
    keep(store, 1)
    store.delete(INDEX)
    write(store, run_name(1), b'{"schema": "perfci.stored/2"}')
    with pytest.raises(StoreError, match="newer perfci"):
        load_history(store, "app", "feature")
    assert store.list(f"{FOLDER}/runs/") == (run_name(1),)


def test_a_damaged_run_is_set_aside_and_named(store: MemoryStore) -> None:
    keep(store, 1, 2, 3)
    store.delete(INDEX)
    write(store, run_name(2), read(store, run_name(2))[:-20])
    write(store, run_name(3), read(store, run_name(1)))
    found, (cut, swapped) = load_history(store, "app", "feature")
    assert numbers_of(found) == [1]
    assert run_name(2) in cut
    assert f"moved to {run_name(2)}.damaged-1" in cut
    assert "holds another run" in swapped
    assert load_history(store, "app", "feature") == (found, ())


def test_a_damaged_run_found_while_recording_is_told(store: MemoryStore) -> None:
    keep(store, 1)
    store.delete(INDEX)
    write(store, run_name(1), b"")
    where = record(store, job(2), PASSED, points(2))
    assert where.startswith(f"memory:/{run_name(2)}; a stored run is left out: ")
    assert run_name(1) in where


class ReadOnly(MemoryStore):
    """A store as a pull request of a stranger sees it."""

    def set_aside(self, name: str) -> str:
        raise StoreError(f"cannot move {name}: no right to")


def test_who_may_only_read_still_hears_what_is_damaged() -> None:
    store = ReadOnly()
    keep(store, 1, 2)
    write(store, INDEX, b"{")
    with pytest.raises(StoreError, match="could not be moved out of the way"):
        load_history(store, "app", "feature")
    store.delete(INDEX)
    write(store, run_name(1), b"")
    found, (warning,) = load_history(store, "app", "feature")
    assert numbers_of(found) == [2]
    assert "could not be moved" in warning


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
    assert tries == [1, 2, 3]
    assert numbers_of(history.load(read(store, INDEX), "x")) == [1, 11, 12, 13]


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
