"""Which commit did what to which series."""

import math

import pytest

from perfci.model.metric import Better
from perfci.model.timeline import Course, LevelChange, Timeline
from perfci.stats.course import culprits
from tests.stats.course.made import BEGINNING, timeline


def changed(line: Timeline, at: int, before: float, after: float) -> LevelChange:
    return LevelChange(
        index=at,
        commit=line.spots[at].commit,
        before=before,
        after=after,
        change=after / before - 1 if before > 0 else after - before,
        p_value=1e-6,
    )


def course(
    name: str, *steps: tuple[int, float, float], better: Better = Better.LOWER, **given: list[str]
) -> Course:
    line = timeline([1.0] * 50, name=name, better=better, commits=given.get("commits"))
    return Course(timeline=line, changes=tuple(changed(line, *step) for step in steps))


def test_nothing_is_no_ones_fault() -> None:
    assert culprits([]) == ()
    assert culprits([course("a"), course("b")]) == ()


def test_the_changes_of_one_commit_are_one_culprits_and_most_damage_comes_first() -> None:
    found = culprits(
        [
            course("a", (10, 1.0, 1.1), (30, 1.0, 1.5)),
            course("b", (10, 1.0, 1.2)),
            course("c", (30, 1.0, 1.3)),
        ]
    )
    assert [one.commit for one in found] == ["c30", "c10"]
    assert found[0].damage == pytest.approx(math.log(1.5) + math.log(1.3))
    assert [share.name for share in found[1].shares] == ["b", "a"]
    assert (found[0].time, found[1].time) == (
        BEGINNING.replace(day=2, hour=6),
        BEGINNING.replace(hour=10),
    )


def test_improvements_do_no_damage_and_come_last() -> None:
    (one,) = culprits(
        [
            course("a", (10, 1.0, 0.5)),
            course("b", (10, 1.0, 0.9)),
            course("c", (10, 1.0, 1.1)),
            course("d", (10, 1.0, 0.8), better=Better.HIGHER),
        ]
    )
    assert [(share.name, share.worse) for share in one.shares] == [
        ("d", True),
        ("c", True),
        ("b", False),
        ("a", False),
    ]
    assert one.damage == pytest.approx(-math.log(0.8) + math.log(1.1))
    (only,) = culprits([course("a", (10, 1.0, 0.5))])
    assert only.damage == 0.0


def test_a_change_two_points_off_joins_the_commit_that_most_series_name() -> None:
    found = culprits(
        [
            course("a", (10, 1.0, 1.1)),
            course("b", (10, 1.0, 1.1)),
            course("c", (12, 1.0, 1.9)),
            course("d", (8, 1.0, 1.1)),
            course("e", (13, 1.0, 1.1)),
        ]
    )
    assert [(one.commit, len(one.shares)) for one in found] == [("c10", 4), ("c13", 1)]
    assert {share.change.commit for share in found[0].shares} == {"c10", "c12", "c8"}


def test_a_series_names_a_commit_once() -> None:
    found = culprits([course("a", (10, 1.0, 1.1), (12, 1.1, 1.2)), course("b", (10, 1.0, 1.1))])
    assert sorted((one.commit, len(one.shares)) for one in found) == [("c10", 2), ("c12", 1)]


def test_points_are_counted_in_the_series_of_the_change() -> None:
    commits = [f"c{3 * at}" for at in range(50)]
    found = culprits(
        [
            course("a", (30, 1.0, 1.1)),
            course("b", (30, 1.0, 1.1)),
            course("sparse", (12, 1.0, 1.1), commits=commits),
        ]
    )
    assert [(one.commit, len(one.shares)) for one in found] == [("c30", 3)]


def test_commits_without_a_name_are_told_apart_by_their_times() -> None:
    nameless = [""] * 50
    found = culprits(
        [
            course("a", (10, 1.0, 1.1), (30, 1.0, 1.2), commits=nameless),
            course("b", (10, 1.0, 1.1), commits=nameless),
        ]
    )
    assert [(one.commit, len(one.shares)) for one in found] == [("", 2), ("", 1)]


def test_the_damage_of_values_that_may_be_zero_is_bounded_and_finite() -> None:
    found = culprits([course("a", (10, 0.0, 5.0)), course("b", (20, -1e300, 1e300))])
    assert all(0.0 < one.damage <= math.log(3.0) for one in found)


def test_two_series_of_one_name_are_two() -> None:
    (one,) = culprits([course("a", (10, 1.0, 1.1)), course("a", (10, 1.0, 1.1))])
    assert len(one.shares) == 2
