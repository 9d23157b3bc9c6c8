"""What is regressed on a branch now, and by which runs."""

from dataclasses import replace

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from perfci.baselines import Regressed, load_history, regressed_now
from perfci.model.history import History, Point, StoredRun
from perfci.model.measurement import Clock
from tests.baselines.branch import ENCODE, PARSE, drawn, keep_one, keep_row
from tests.stores.branch import START, job
from tests.stores.memory import MemoryStore


def regressed(store: MemoryStore) -> tuple[Regressed, ...]:
    return regressed_now(load_history(store, "app", "feature")[0])


def ids(*numbers: int) -> tuple[str, ...]:
    return tuple(job(number).run.id for number in numbers)


@pytest.mark.parametrize("row", ["", "ooo", "oorn", "n"])
def test_nothing_is_regressed_where_the_newest_run_is_not(row: str) -> None:
    store = MemoryStore()
    keep_row(store, row)
    assert regressed(store) == ()


@pytest.mark.parametrize(
    ("row", "runs", "now"),
    [
        ("ooor", (4,), 2.0),
        ("ooorrr", (4, 5, 6), 2.0),
        ("orror", (5,), 2.0),
        ("oornr", (5,), 2.0),
        ("oorrR", (5,), 4.0),
        ("oorRR", (4, 5), 4.0),
    ],
)
def test_it_is_the_row_of_runs_at_the_newest_level(
    row: str, runs: tuple[int, ...], now: float
) -> None:
    store = MemoryStore()
    keep_row(store, row)
    (found,) = regressed(store)
    assert (found.key, found.unit, found.before) == (PARSE, "s", 1.0)
    assert (found.runs, found.now) == (ids(*runs), now)


def test_without_a_baseline_in_the_index_the_whole_row_is_meant() -> None:
    store = MemoryStore()
    keep_row(store, "rrR")
    (found,) = regressed(store)
    assert (found.before, found.now, found.runs) == (None, 2.0, ids(1, 2, 3))


def test_each_series_counts_from_the_newest_run_that_measured_it() -> None:
    store = MemoryStore()
    keep_one(store, 1, {PARSE: drawn("o"), ENCODE: drawn("o")})
    keep_one(store, 2, {PARSE: drawn("r"), ENCODE: drawn("r")})
    keep_one(store, 3, {PARSE: drawn("r")})
    assert [(item.key, item.runs) for item in regressed(store)] == [
        (ENCODE, ids(2)),
        (PARSE, ids(2, 3)),
    ]


def test_each_environment_has_its_own_answer() -> None:
    def line(number: int, fingerprint: str, letter: str) -> StoredRun:
        return StoredRun(
            id=str(number),
            commit="e4f5",
            started_at=START,
            fingerprint=fingerprint,
            verdict="pass",
            points={PARSE: drawn(letter)},
        )

    runs = (line(1, "a", "o"), line(2, "b", "o"), line(3, "a", "r"), line(4, "b", "o"))
    found = regressed_now(History(branch="main", runs=runs))
    assert [(item.fingerprint, item.runs) for item in found] == [("a", ("3",))]
    found = regressed_now(History(branch="main", runs=(*runs, line(5, "b", "R"))))
    assert [(item.fingerprint, item.now) for item in found] == [("a", 2.0), ("b", 4.0)]


points = st.builds(
    Point,
    centres=st.dictionaries(st.sampled_from(Clock), st.floats(allow_nan=False)),
    clock=st.sampled_from(Clock),
    spread=st.just(0.0),
    n=st.just(5),
    unit=st.sampled_from(["s", "B"]),
    regressed=st.booleans(),
    accepted=st.booleans(),
)
lines = st.builds(
    StoredRun,
    id=st.just(""),
    commit=st.just(""),
    started_at=st.just(START),
    fingerprint=st.sampled_from(["a", "b"]),
    verdict=st.just("pass"),
    points=st.dictionaries(st.sampled_from([PARSE, ENCODE, "no key", ""]), points),
)


@settings(max_examples=50)
@given(st.lists(lines, max_size=8))
def test_whatever_an_index_holds_the_rows_are_of_regressed_runs(found: list[StoredRun]) -> None:
    runs = tuple(replace(run, id=f"{number:02}") for number, run in enumerate(found))
    by_id = {run.id: run for run in runs}
    for item in regressed_now(History(branch="main", runs=runs)):
        there = [by_id[identity] for identity in item.runs]
        assert item.key in {PARSE, ENCODE}
        assert list(item.runs) == sorted(item.runs)
        assert all(run.fingerprint == item.fingerprint for run in there)
        assert not any(run.points[item.key].counts for run in there)
        measured = [
            run.id for run in runs if run.fingerprint == item.fingerprint and item.key in run.points
        ]
        assert item.runs == tuple(measured[-len(there) :])
