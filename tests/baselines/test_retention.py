"""Old runs go, and the next comparison does not notice."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from perfci.baselines import WINDOW, accept, load_history, refresh, whole_history
from perfci.baselines.branches import listed
from perfci.baselines.gathering import acceptances_of
from perfci.baselines.pairs import keep_pair
from perfci.baselines.place import place_of
from perfci.baselines.retention import (
    Wish,
    began,
    delete_branch,
    delete_runs,
    idle_acceptances,
    idle_pairs,
    idle_runs,
)
from perfci.model.revision import Revision
from perfci.ports import Store
from tests.baselines.branch import (
    ENCODE,
    acceptance_name,
    compared_with,
    decision,
    drawn,
    keep_one,
    keep_row,
)
from tests.stores.branch import FOLDER, INDEX, START, job, numbers_of, read, write
from tests.stores.memory import MemoryStore


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def pruned(store: Store, wish: Wish) -> None:
    """Do what `perfci baseline prune` does to a branch."""
    (branch,) = listed(store, "app")
    place = place_of(store, "app", "feature")
    index, _ = whole_history(store, "app", "feature")
    runs = idle_runs(branch, index, wish)
    accepted, _ = acceptances_of(place, branch.acceptances)
    delete_runs(place, runs, idle_acceptances(accepted, {*branch.runs} - {*runs}))
    refresh(store, "app", "feature")


def stored(store: Store) -> list[int]:
    """Return the numbers of the runs whose objects are there."""
    (branch,) = listed(store, "app")
    ids = {job(number).run.id: number for number in range(300)}
    return [ids[each] for each in branch.runs]


def same_without_index(store: Store) -> bool:
    """Tell whether the index is what it would be, were it made from the objects anew."""
    before = load_history(store, "app", "feature")
    write(store, INDEX + ".kept", read(store, INDEX))
    store.delete(INDEX)
    after = load_history(store, "app", "feature")
    write(store, INDEX, read(store, INDEX + ".kept"))
    store.delete(INDEX + ".kept")
    return before == after


def test_the_newest_stay_and_the_index_tells_of_no_others(store: MemoryStore) -> None:
    keep_row(store, "o" * 40)
    pruned(store, Wish(keep=30))
    assert stored(store) == list(range(11, 41))
    assert numbers_of(load_history(store, "app", "feature")[0]) == list(range(11, 41))
    assert same_without_index(store)


def test_what_is_young_stays_and_number_and_age_protect_each_for_itself(
    store: MemoryStore,
) -> None:
    keep_row(store, "o" * 60)
    since = START + timedelta(minutes=31)
    pruned(store, Wish(since=since, keep=50))
    assert stored(store) == list(range(11, 61))
    pruned(store, Wish(since=since))
    assert stored(store) == list(range(31, 61))


def test_what_the_next_comparison_needs_stays_however_old_it_is(store: MemoryStore) -> None:
    keep_row(store, "o" * 30 + "r" * 40)
    before = compared_with(store)
    assert before == [1.0] * 20
    pruned(store, Wish(keep=5))
    assert stored(store) == [*range(11, 31), *range(66, 71)]
    assert compared_with(store) == before
    assert same_without_index(store)


def test_a_branch_that_slept_keeps_what_its_next_run_is_compared_with(store: MemoryStore) -> None:
    keep_row(store, "o" * 30)
    before = compared_with(store)
    pruned(store, Wish(since=START + timedelta(days=365)))
    assert len(stored(store)) == 20
    assert compared_with(store) == before


def test_a_second_series_that_is_measured_rarely_keeps_its_runs(store: MemoryStore) -> None:
    keep_one(store, 1, {ENCODE: drawn("o")})
    keep_row(store, "o" * 40, first=2)
    keep_one(store, 42, {ENCODE: drawn("o")})
    pruned(store, Wish(keep=25))
    assert 1 in stored(store)
    assert compared_with(store, ENCODE) == [1.0, 1.0]


def test_runs_beyond_the_index_go_too(store: MemoryStore) -> None:
    keep_row(store, "o" * (WINDOW + 30))
    pruned(store, Wish(keep=WINDOW + 10))
    assert stored(store) == list(range(21, WINDOW + 31))


def test_an_acceptance_goes_with_the_last_run_that_it_touches(store: MemoryStore) -> None:
    keep_row(store, "oorr" + "n" * 40)
    accept(store, "app", decision(1, 3, 4))
    keep_row(store, "R", first=45)
    accept(store, "app", decision(2, 45))
    pruned(store, Wish(keep=30))
    assert store.get(acceptance_name(1)) is None
    assert store.get(acceptance_name(2)) is not None
    index, _ = load_history(store, "app", "feature")
    assert index.acceptances == (decision(2).id,)
    assert same_without_index(store)


def test_an_accepted_level_survives(store: MemoryStore) -> None:
    keep_row(store, "o" * 30 + "rr" + "n" * 5)
    accept(store, "app", decision(1, 31, 32))
    before = compared_with(store)
    assert before == [2.0] * 7
    pruned(store, Wish(keep=3))
    assert compared_with(store) == before


class Killed(MemoryStore):
    """Dies before the n-th change."""

    left = -1

    def _live(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise KeyboardInterrupt

    def delete(self, *names: str) -> None:
        for name in names:
            self._live()
            super().delete(name)

    def put(self, name: str, data: bytes, *, replaces: str | None) -> bool:
        self._live()
        return super().put(name, data, replaces=replaces)


@pytest.mark.parametrize("steps", range(1, 15))
def test_whoever_is_killed_while_pruning_leaves_a_store_that_heals(steps: int) -> None:
    store = Killed()
    keep_row(store, "rr" + "o" * 30)
    accept(store, "app", decision(1, 1))
    before = compared_with(store)
    store.left = steps
    with pytest.raises(KeyboardInterrupt):
        pruned(store, Wish(keep=20))
    store.left = -1
    assert compared_with(store) == before
    keep_row(store, "o", first=33)
    assert compared_with(store) == before
    assert same_without_index(store)
    pruned(store, Wish(keep=20))
    assert stored(store) == list(range(14, 34))
    assert same_without_index(store)


def test_a_run_that_is_recorded_meanwhile_is_kept(store: MemoryStore) -> None:
    class Busy(MemoryStore):
        rival = True

        def delete(self, *names: str) -> None:
            if self.rival:
                self.rival = False
                keep_row(self, "o", first=50)
            super().delete(*names)

    busy = Busy()
    keep_row(busy, "o" * 40)
    pruned(busy, Wish(keep=30))
    assert stored(busy) == [*range(11, 41), 50]
    assert same_without_index(busy)


def test_a_wish_without_words_deletes_nothing() -> None:
    assert Wish().surplus(["20261123T065000Z-1"]) == ()


@pytest.mark.parametrize(
    ("identity", "year"), [("20261123T065000Z-1a", 2026), ("99999999T999999Z-1a", 1)]
)
def test_the_age_of_a_run_follows_from_its_id(identity: str, year: int) -> None:
    assert began(identity).year == year


def test_a_whole_branch_goes_with_all_that_lies_there(store: MemoryStore) -> None:
    keep_row(store, "oor")
    accept(store, "app", decision(1, 3))
    write(store, f"{FOLDER}/runs/x.damaged-1", b"x")
    write(store, "v1/app/branches/feature-2/history.json", b"x")
    branch = next(each for each in listed(store, "app") if each.branch == "feature")
    delete_branch(place_of(store, "app", "feature"), branch)
    assert store.list("") == ("v1/app/branches/feature-2/history.json",)


def test_of_the_runs_kept_for_reruns_the_newest_of_the_project_stay(store: MemoryStore) -> None:
    def kept(numbers: Sequence[int]) -> None:
        for number in numbers:
            head = Revision(commit=f"{number:040x}")
            base = Revision(commit="a" * 40)
            keep_pair(store, replace(job(number), head=head, base=base))

    kept(range(1, 8))
    write(store, "v1/app/pairs/notes.txt", b"x")
    names, stay = idle_pairs(store, "app", Wish(keep=4))
    assert stay == 4
    assert [name.rpartition("/")[2] for name in names] == [
        f"{job(number).run.id}.json.gz" for number in (1, 2, 3)
    ]
    names, stay = idle_pairs(store, "app", Wish(since=START + timedelta(minutes=3)))
    assert (len(names), stay) == (2, 5)
