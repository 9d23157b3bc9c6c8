"""Which stored points a series is compared with, and which tell of their spread."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import hypothesis.strategies as st
from hypothesis import given

from perfci.model.history import History, Point, StoredRun
from perfci.stats.level import level
from perfci.stats.points import (
    WINDOW,
    beside_base,
    by_level,
    levels_by_series,
    points_by_series,
    runs_compared,
)
from tests.stats.test_level import row

KEY = "codec/x:latency"


def run(number: int, points: Mapping[str, Point], commit: str = "") -> StoredRun:
    return StoredRun(
        id=str(number),
        commit=commit,
        started_at=datetime(2026, 1, 1, tzinfo=UTC),
        fingerprint="here",
        verdict="pass",
        points=points,
    )


def branch(letters: str) -> History:
    """Return a branch with a run for each letter; see `row`."""
    runs = tuple(run(at, {KEY: point}) for at, point in enumerate(row(letters)))
    return History(branch="main", runs=runs)


def lengths(letters: str) -> list[int]:
    return [len(one) for one in by_level(levels_by_series(branch(letters), "here")[KEY])]


def test_the_levels_before_are_handed_over_beside_the_one_that_holds_now() -> None:
    assert lengths("oooo") == [4]
    assert lengths("oooorrAnn") == [4, 3]
    assert lengths("ooooAAnnn") == [4, 5], "accepted in a row is one step"
    assert lengths("ooooAnnBb") == [4, 3, 2]
    assert lengths("AAnn") == [4]


def test_no_more_than_the_newest_of_all_levels_together_are_looked_at() -> None:
    assert lengths("o" * 30 + "A" + "n" * 7) == [12, 8]
    assert lengths("o" * 30 + "AA" + "n" * 18) == [20], "the cut lies within an accepted step"
    assert WINDOW == 20


@given(st.text("orAnBbR", max_size=40))
def test_the_last_level_is_what_head_is_compared_with(letters: str) -> None:
    history = branch(letters)
    now = points_by_series(history, "here").get(KEY, ())
    assert [point.n for point in now] == [point.n for point in level(row(letters))[-WINDOW:]]
    assert all(point.counts for point in now)
    assert runs_compared(history, "here") == len(now)


def test_runs_that_are_left_out_are_not_counted() -> None:
    assert runs_compared(branch("rrrrr"), "here") == 0
    assert runs_compared(branch("orrrr"), "here") == 1
    assert runs_compared(branch("oooo"), "elsewhere") == 0


def test_a_run_of_heads_own_commit_tells_nothing_of_its_base() -> None:
    commits = ("a", "b", "c", "b")
    runs = tuple(run(at, {}, commit) for at, commit in enumerate(commits))
    history = History(branch="main", runs=runs)
    assert [one.commit for one in beside_base(history, "b", "a").runs] == ["a", "c"]
    assert beside_base(history, "b", "b") == history, "uncommitted work beside its own commit"
    assert beside_base(replace(history, runs=()), "b", "a").runs == ()
