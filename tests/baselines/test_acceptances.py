"""What was accepted stays accepted, whatever becomes of the index."""

import json
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from perfci.baselines import WINDOW, accept, load_history, whole_history
from perfci.errors import StoreError
from perfci.ports import Store
from perfci.stores.open import open_store
from tests.baselines.branch import (
    ENCODE,
    PARSE,
    acceptance_name,
    compared_with,
    decision,
    drawn,
    keep_one,
    keep_row,
)
from tests.schema.samples import changed
from tests.stores.branch import INDEX, numbers_of, read, run_name, write
from tests.stores.memory import MemoryStore


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def test_without_an_acceptance_the_old_level_holds(store: MemoryStore) -> None:
    keep_row(store, "ooorrr")
    assert compared_with(store) == [1.0, 1.0, 1.0]


def test_an_acceptance_begins_a_new_level(store: MemoryStore) -> None:
    keep_row(store, "ooorr")
    where = accept(store, "app", decision(1, 4, 5))
    assert where == f"memory:/{acceptance_name(1)}"
    assert compared_with(store) == [2.0, 2.0]
    keep_row(store, "nn", first=6)
    assert compared_with(store) == [2.0] * 4


def test_an_acceptance_is_an_object_of_its_own_that_people_can_read(store: MemoryStore) -> None:
    keep_row(store, "or")
    accept(store, "app", decision(1, 2))
    text = read(store, acceptance_name(1)).decode()
    document = json.loads(text)
    assert document["schema"] == "perfci.acceptance/1"
    assert (document["reason"], document["globs"]) == ("a safer parser", ["codec/*"])
    assert list(document["series"]) == [PARSE]
    assert text.count("\n") > 10


def test_only_the_runs_and_series_that_were_named_are_accepted(store: MemoryStore) -> None:
    keep_one(store, 1, {PARSE: drawn("o"), ENCODE: drawn("o")})
    keep_one(store, 2, {PARSE: drawn("r"), ENCODE: drawn("r")})
    keep_row(store, "R", first=3)
    accept(store, "app", decision(1, 2))
    assert compared_with(store) == [2.0]
    assert compared_with(store, ENCODE) == [1.0]


def test_an_acceptance_of_what_never_regressed_marks_nothing(store: MemoryStore) -> None:
    keep_row(store, "oo")
    accept(store, "app", decision(1, 2))
    assert compared_with(store) == [1.0, 1.0]


@pytest.mark.parametrize("damage", ["deleted", "damaged", "without it"])
def test_an_index_made_anew_keeps_the_acceptance(store: MemoryStore, damage: str) -> None:
    keep_row(store, "ooorr")
    before = read(store, INDEX)
    accept(store, "app", decision(1, 4, 5))
    match damage:
        case "deleted":
            store.delete(INDEX)
        case "damaged":
            write(store, INDEX, b"{")
            with pytest.raises(StoreError, match="moved to"):
                load_history(store, "app", "feature")
        case _:  # its writer was killed between the acceptance and the index
            write(store, INDEX, before)
            whole, _ = whole_history(store, "app", "feature")
            assert whole.acceptances == (decision(1).id,)
            keep_row(store, "n", first=6)
    assert compared_with(store)[:2] == [2.0, 2.0]
    keep_row(store, "n", first=7)
    assert compared_with(store)[:3] == [2.0] * 3
    assert json.loads(read(store, INDEX))["acceptances"] == [decision(1).id]


def test_a_lost_run_that_was_accepted_comes_back_accepted(store: MemoryStore) -> None:
    keep_row(store, "ooo")
    without = read(store, INDEX)
    keep_row(store, "r", first=4)
    accept(store, "app", decision(1, 4))
    # an index that knows the acceptance, but not the run
    write(store, INDEX, changed(without, "acceptances", to=[decision(1).id]))
    keep_row(store, "n", first=5)
    assert compared_with(store) == [2.0, 2.0]


def test_a_run_recorded_again_stays_accepted(store: MemoryStore) -> None:
    keep_row(store, "or")
    accept(store, "app", decision(1, 2))
    keep_row(store, "r", first=2)
    assert compared_with(store) == [2.0]


def test_the_same_runs_may_be_accepted_twice(store: MemoryStore) -> None:
    keep_row(store, "or")
    accept(store, "app", decision(1, 2))
    accept(store, "app", decision(2, 2))
    assert compared_with(store) == [2.0]
    assert len(load_history(store, "app", "feature")[0].acceptances) == 2


def test_an_index_and_runs_written_before_there_were_acceptances_are_read(
    store: MemoryStore,
) -> None:
    keep_row(store, "or")
    document = json.loads(read(store, INDEX))
    del document["acceptances"]
    assert "accepted" not in json.dumps(document)
    write(store, INDEX, json.dumps(document).encode())
    assert compared_with(store) == [1.0]
    accept(store, "app", decision(1, 2))
    assert compared_with(store) == [2.0]


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda data: data[:30], "not valid JSON"),
        (lambda data: changed(data, "branch", to="main"), "holds another acceptance"),
        (lambda data: changed(data, "series", PARSE, to=[1]), "is not a text"),
    ],
)
def test_a_damaged_acceptance_is_set_aside_and_named(
    store: MemoryStore, damage: object, says: str
) -> None:
    keep_row(store, "or")
    accept(store, "app", decision(1, 2))
    write(store, acceptance_name(1), damage(read(store, acceptance_name(1))))  # type: ignore[operator]
    store.delete(INDEX)
    _, (warning,) = load_history(store, "app", "feature")
    assert warning.startswith("an acceptance is left out: ")
    assert says in warning
    assert f"moved to {acceptance_name(1)}.damaged-1" in warning
    assert compared_with(store) == [1.0]


def test_an_acceptance_of_a_newer_perfci_is_not_touched(store: MemoryStore) -> None:
    keep_row(store, "or")
    newer = b'{"schema": "perfci.acceptance/2"}'
    write(store, acceptance_name(1), newer)
    with pytest.raises(StoreError, match="newer perfci"):
        keep_row(store, "n", first=3)
    assert read(store, acceptance_name(1)) == newer


@pytest.mark.parametrize("made_anew", [False, True])
def test_what_is_red_for_more_runs_than_the_index_holds_keeps_its_baseline(
    store: MemoryStore, *, made_anew: bool
) -> None:
    keep_row(store, "ooo" + "r" * (WINDOW + 5))
    if made_anew:
        store.delete(INDEX)
    assert compared_with(store) == [1.0] * 3
    found, _ = load_history(store, "app", "feature")
    assert numbers_of(found) == [1, 2, 3, *range(9, WINDOW + 9)]
    accept(store, "app", decision(1, WINDOW + 8))
    assert compared_with(store) == [2.0]
    keep_row(store, "n" * 20, first=WINDOW + 9)
    found, _ = load_history(store, "app", "feature")
    assert numbers_of(found) == list(range(29, WINDOW + 29)), "the old level is needed no more"


class Jammed(MemoryStore):
    """The index is always being written by somebody else."""

    jammed = False

    def put(self, name: str, data: bytes, *, replaces: str | None) -> bool:
        return not (self.jammed and name == INDEX) and super().put(name, data, replaces=replaces)


def test_a_jammed_index_ends_in_an_error_and_the_acceptance_is_kept() -> None:
    store = Jammed()
    keep_row(store, "or")
    store.jammed = True
    with pytest.raises(StoreError, match="written by others") as caught:
        accept(store, "app", decision(1, 2))
    assert "acceptance itself is stored" in caught.value.hint
    store.jammed = False
    keep_row(store, "n", first=3)
    assert compared_with(store) == [2.0, 2.0]


class Contested(MemoryStore):
    """Another accepts, and another pushes, between the first reads and writes of the index."""

    rivals = 0

    def put(self, name: str, data: bytes, *, replaces: str | None) -> bool:
        if name == INDEX and self.rivals:
            number, self.rivals = self.rivals, 0
            if number == 2:
                accept(self, "app", decision(2, 2, key=ENCODE))
            else:
                keep_one(self, 3, {PARSE: drawn("n"), ENCODE: drawn("n")})
            self.rivals = number - 1
        return super().put(name, data, replaces=replaces)


@pytest.mark.parametrize(
    ("rivals", "parse", "encode"),
    [(1, [2.0, 2.0], [1.0, 2.0]), (2, [2.0], [2.0])],
    ids=["a push", "an acceptance"],
)
def test_who_comes_between_loses_nothing_and_is_not_lost(
    rivals: int, parse: list[float], encode: list[float]
) -> None:
    store = Contested()
    keep_one(store, 1, {PARSE: drawn("o"), ENCODE: drawn("o")})
    keep_one(store, 2, {PARSE: drawn("r"), ENCODE: drawn("r")})
    store.rivals = rivals
    tries: list[int] = []
    accept(store, "app", decision(1, 2), pause=tries.append)
    assert tries == [1], "whoever came between brought it in along with their own"
    assert compared_with(store) == parse
    assert compared_with(store, ENCODE) == encode


def test_acceptances_and_pushes_at_once_lose_nothing(tmp_path: Path) -> None:
    keys = [f"codec/part-{number}:latency" for number in range(4)]

    def store() -> Store:
        return open_store("file:kept", tmp_path)

    keep_one(store(), 1, {key: drawn("o") for key in keys})
    keep_one(store(), 2, {key: drawn("r") for key in keys})
    with ThreadPoolExecutor(8) as pool:
        jobs: list[Future[Any]] = [
            pool.submit(accept, store(), "app", decision(number, 2, key=key))
            for number, key in enumerate(keys)
        ]
        pushed = dict.fromkeys(keys, drawn("n"))
        jobs += [pool.submit(keep_one, store(), number, pushed) for number in range(3, 7)]
        for each in jobs:
            each.result()
    kept = open_store("file:kept", tmp_path)
    found, warnings = load_history(kept, "app", "feature")
    assert warnings == ()
    assert numbers_of(found) == [1, 2, 3, 4, 5, 6]
    assert all(found.runs[1].points[key].accepted for key in keys)
    assert [compared_with(kept, key) for key in keys] == [[2.0] * 5] * 4
    kept.delete(INDEX)
    assert load_history(kept, "app", "feature")[0] == found
    assert kept.get(run_name(6)) is not None
