"""What is done about an index or a run that is damaged, or of a newer perfci."""

from collections.abc import Callable

import pytest

from perfci.baselines import load_history, record
from perfci.errors import StoreError
from perfci.schema import history
from tests.schema.samples import changed
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
    assert f"from the {count} stored runs" in caught.value.hint
    assert read(store, f"{INDEX}.damaged-1") == damaged
    assert numbers_of(load_history(store, "app", "feature")[0]) == [1, 2, 3][:count]


class Forge(MemoryStore):
    """A store that replaces nothing in its place."""

    swaps = False


@pytest.mark.parametrize("reads", [True, False])
def test_where_nothing_is_replaced_in_place_a_damaged_index_is_made_again_at_once(
    *, reads: bool
) -> None:
    store = Forge()
    keep(store, 1, 2)
    damaged = read(store, INDEX)[:-20]
    write(store, INDEX, damaged)
    says = "not valid JSON"
    if reads:
        found, (told,) = load_history(store, "app", "feature")
        assert numbers_of(found) == [1, 2]
    else:
        told = record(store, job(3), PASSED, points(3))
        assert numbers_of(history.load(read(store, INDEX), INDEX)) == [1, 2, 3]
    assert says in told
    assert f"moved to {INDEX}.damaged-1" in told
    assert f"made again from the {2 if reads else 3} stored runs" in told
    assert read(store, f"{INDEX}.damaged-1") == damaged
    assert numbers_of(load_history(store, "app", "feature")[0]) == [1, 2, 3][: 2 if reads else 3]


def test_a_damaged_index_without_any_run_is_no_fresh_beginning(store: MemoryStore) -> None:
    keep(store, 1)
    store.delete(run_name(1))
    write(store, INDEX, b"{")
    with pytest.raises(StoreError, match="the index of a branch is damaged") as caught:
        load_history(store, "app", "feature")
    assert "from the 0 stored runs" in caught.value.hint
    assert read(store, f"{INDEX}.damaged-1") == b"{"


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
