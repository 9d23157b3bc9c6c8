"""What lies in a store is found by its names alone."""

import pytest

from perfci.baselines import branch_key, record
from perfci.baselines.branches import branch_at, listed
from perfci.baselines.finding import find_run, load_run
from perfci.baselines.place import place_of
from perfci.errors import ConfigurationError, FormatError, StoreError
from tests.stores.branch import PASSED, job, keep, points, run_name, write
from tests.stores.memory import MemoryStore

ODD = ("", "main", "Main", "feature/x", "~", ".hidden", "runs", "ä" * 120, "x" * 255, "a~/b")


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def keep_on(store: MemoryStore, number: int, branch: str) -> None:
    record(store, job(number, branch=branch), PASSED, points(number))


def test_every_branch_is_found_again_whatever_its_name(store: MemoryStore) -> None:
    for number, branch in enumerate(ODD):
        keep_on(store, number, branch)
    found = {each.branch: each.runs for each in listed(store, "app")}
    assert found == {branch: (job(number).run.id,) for number, branch in enumerate(ODD)}


@pytest.mark.parametrize("branch", ODD)
def test_the_branch_of_an_object_follows_from_its_name(branch: str) -> None:
    name = f"v1/app/branches/{branch_key(branch)}/history.json"
    assert branch_at(name, "app") == branch


def test_what_is_not_a_run_does_not_count_as_one_and_belongs_to_the_branch(
    store: MemoryStore,
) -> None:
    keep(store, 1)
    foreign = "v1/app/branches/feature/runs/notes.txt"
    write(store, foreign, b"x")
    for stray in ("stray.txt", "%FF/history.json", "Main/history.json", "x~/history.json"):
        write(store, f"v1/app/branches/{stray}", b"x")
        assert branch_at(f"v1/app/branches/{stray}", "app") is None
    (found,) = listed(store, "app")
    assert found.runs == (job(1).run.id,)
    assert foreign in found.objects
    assert listed(store, "other") == ()


def test_a_run_is_found_by_the_beginning_of_its_id(store: MemoryStore) -> None:
    keep(store, 1, 2)
    found = find_run(store, "app", "20261123T0651", branch="feature", elsewhere=False)
    assert found.run.recording == job(1)
    assert found.name.endswith(run_name(1))
    latest = find_run(store, "app", "latest", branch="feature", elsewhere=True)
    assert latest.run.recording == job(2)


def test_a_run_of_another_branch_is_found_where_that_is_allowed(store: MemoryStore) -> None:
    keep(store, 1)
    keep_on(store, 2, "main")
    identity = job(1).run.id
    found = find_run(store, "app", identity, branch="main", elsewhere=True)
    assert found.place.branch == "feature"
    with pytest.raises(ConfigurationError, match="no run of main in memory: is called") as caught:
        find_run(store, "app", identity, branch="main", elsewhere=False)
    assert job(2).run.id in caught.value.hint


def test_a_beginning_of_several_runs_names_them(store: MemoryStore) -> None:
    keep(store, 1, 2)
    with pytest.raises(ConfigurationError, match="fits 2 stored runs") as caught:
        find_run(store, "app", "2026", branch="feature", elsewhere=False)
    assert job(1).run.id in caught.value.hint
    assert job(2).run.id in caught.value.hint


@pytest.mark.parametrize("wanted", ["", "latest", "2026", "../../x", "\x1b[31m"])
def test_where_nothing_is_stored_the_message_says_so(store: MemoryStore, wanted: str) -> None:
    with pytest.raises(ConfigurationError, match="no run of main") as caught:
        find_run(store, "app", wanted, branch="main", elsewhere=True)
    assert "--store" in caught.value.hint
    keep(store, 1)
    with pytest.raises(ConfigurationError) as caught:
        find_run(store, "app", "latest", branch="main", elsewhere=True)
    assert "feature" in caught.value.hint


def test_a_damaged_run_and_one_that_is_gone_are_told_apart(store: MemoryStore) -> None:
    keep(store, 1, 2)
    place = place_of(store, "app", "feature")
    write(store, run_name(1), b"x")
    with pytest.raises(FormatError, match=run_name(1)):
        load_run(place, job(1).run.id)
    blob = store.get(run_name(2))
    assert blob is not None
    write(store, run_name(1), blob.data)
    with pytest.raises(FormatError, match="holds another run"):
        load_run(place, job(1).run.id)
    store.delete(run_name(1))
    with pytest.raises(StoreError, match="not there any more"):
        load_run(place, job(1).run.id)
