"""A copy of a store is the same bytes, however often it is begun."""

from pathlib import Path

import pytest

from perfci.baselines import accept, load_history, refresh
from perfci.baselines.copying import Copied, Outcome, copied, names
from perfci.errors import StoreError
from perfci.ports import Store
from perfci.stores.open import open_store
from tests.baselines.branch import decision, keep_row
from tests.stores.branch import FOLDER, INDEX, numbers_of, read, run_name, write
from tests.stores.memory import MemoryStore


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore()
    keep_row(store, "oorn")
    accept(store, "app", decision(1, 3))
    write(store, f"{FOLDER}/runs/x.damaged-1", b"\0\xff")
    write(store, "v1/app/pairs/a-b/20261123T065000Z-1.json.gz", b"pair")
    write(store, "v1/other/branches/main/history.json", b"not ours")
    return store


class Narrow(MemoryStore):
    """A store that takes so many new objects and then fails."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self.room = room

    def put(self, name: str, data: bytes, *, replaces: str | None) -> bool:
        if not self.room:
            raise StoreError("no more")
        written = super().put(name, data, replaces=replaces)
        self.room -= written
        return written


def copy(source: Store, target: Store, branch: str | None = None) -> list[Copied]:
    done = list(copied(source, target, names(source, "app", branch)))
    refresh(target, "app", "feature")
    return done


def contents(store: Store) -> dict[str, bytes]:
    return {name: read(store, name) for name in store.list("v1/app/")}


def test_from_store_to_store_and_back_nothing_changes(store: MemoryStore, tmp_path: Path) -> None:
    there, back = open_store("file:there", tmp_path), MemoryStore()
    assert {item.outcome for item in copy(store, there)} == {Outcome.COPIED}
    copy(there, back)
    assert contents(back) == contents(there) == contents(store)
    assert there.list("v1/other") == ()
    assert load_history(back, "app", "feature") == load_history(store, "app", "feature")


def test_the_index_comes_after_all_that_it_is_made_of(store: MemoryStore) -> None:
    order = names(store, "app")
    assert order[-1] == INDEX
    assert set(order) == set(store.list("v1/app/"))


def test_a_copy_that_was_stopped_goes_on(store: MemoryStore) -> None:
    target = Narrow(3)
    objects = names(store, "app")
    with pytest.raises(StoreError, match="no more"):
        list(copied(store, target, objects))
    target.room = len(objects)
    outcomes = [item.outcome for item in copied(store, target, objects)]
    assert outcomes == [Outcome.THERE] * 3 + [Outcome.COPIED] * (len(objects) - 3)
    assert contents(target) == contents(store)


def test_one_branch_may_be_copied_alone(store: MemoryStore) -> None:
    target = MemoryStore()
    copy(store, target, "feature")
    assert target.list("") == store.list(f"{FOLDER}/")


def test_what_the_target_has_already_stays_and_both_histories_are_one(store: MemoryStore) -> None:
    target = MemoryStore()
    keep_row(target, "oo", first=10)
    assert {item.outcome for item in copy(store, target)} == {Outcome.COPIED, Outcome.RENEWED}
    assert numbers_of(load_history(target, "app", "feature")[0]) == [1, 2, 3, 4, 10, 11]
    index, _ = load_history(target, "app", "feature")
    assert index.acceptances == (decision(1).id,)


def test_another_object_of_the_same_name_is_never_replaced(store: MemoryStore) -> None:
    target = MemoryStore()
    write(target, run_name(1), b"something else")
    differing = [item.name for item in copy(store, target) if item.outcome is Outcome.DIFFERS]
    assert differing == [run_name(1)]
    assert read(target, run_name(1)) == b"something else"


def test_what_is_pruned_meanwhile_is_passed_over(store: MemoryStore) -> None:
    objects = names(store, "app")
    store.delete(run_name(1))
    outcomes = {item.name: item.outcome for item in copied(store, MemoryStore(), objects)}
    assert outcomes[run_name(1)] is Outcome.GONE
