"""Where the level begins that a series is compared with."""

from dataclasses import replace

import hypothesis.strategies as st
import pytest
from hypothesis import given

from perfci.model.history import Point
from perfci.model.measurement import Clock
from perfci.stats.level import height, level, levels, near

POINT = Point(centres={Clock.NET: 1.0}, clock=Clock.NET, spread=0.0, n=5, unit="s")
HEIGHTS = {"o": 1.0, "r": 2.0, "A": 2.0, "n": 2.0, "B": 4.0, "b": 4.0, "R": 4.0}


def row(letters: str) -> tuple[Point, ...]:
    """Draw runs: o n b ordinary, r R regressed, A B accepted; at 1, 2 and 4 seconds."""
    return tuple(
        replace(
            POINT,
            centres={Clock.NET: HEIGHTS[letter]},
            regressed=letter in "rRAB",
            accepted=letter in "AB",
            n=number,  # each point is another
        )
        for number, letter in enumerate(letters)
    )


@pytest.mark.parametrize(
    ("runs", "first"),
    [
        ("oooo", 0),
        ("oooorr", 0),
        ("ooooA", 4),
        ("ooooAAnn", 4),
        ("oooorrAnn", 6),
        ("ooooArAnn", 4),
        ("ooooAnnrr", 4),
        ("ooooAnnBbb", 7),
        ("ooooAnnRRBBbbb", 9),
        ("ooooAB", 5),
        ("ooooARB", 6),
        ("AAnn", 0),
        ("ooooAnno", 4),
    ],
)
def test_the_level_begins_at_the_step_that_was_accepted_last(runs: str, first: int) -> None:
    points = row(runs)
    assert level(points) == tuple(point for point in points[first:] if point.counts)


def test_runs_accepted_in_a_row_are_one_step_though_they_differ_a_little() -> None:
    values = (1.0, 1.0, 2.1, 1.9, 2.05, 2.0)
    points = [
        replace(point, centres={Clock.NET: value})
        for point, value in zip(row("ooAAAn"), values, strict=True)
    ]
    assert level(points) == tuple(points[2:])


def test_an_accepted_run_read_by_another_clock_or_in_another_unit_is_a_step_of_its_own() -> None:
    *before, first, second = row("ooAA")
    for other in (
        replace(second, centres={Clock.WALL: 2.0}, clock=Clock.WALL),
        replace(second, unit="B"),
    ):
        assert level([*before, first, other]) == (other,)


points = st.text("orAnBbR", max_size=30).map(row)
wild = st.lists(
    st.builds(
        Point,
        centres=st.dictionaries(st.sampled_from(Clock), st.floats(allow_nan=False)),
        clock=st.sampled_from(Clock),
        spread=st.just(0.0),
        n=st.integers(0, 9),
        unit=st.sampled_from(["s", "B"]),
        regressed=st.booleans(),
        accepted=st.booleans(),
    ),
    max_size=12,
)


@given(points | wild)
def test_the_level_is_the_newest_of_what_counts(found: tuple[Point, ...]) -> None:
    counted = tuple(point for point in found if point.counts)
    kept = level(found)
    assert kept == counted[len(counted) - len(kept) :]
    assert bool(kept) == bool(counted)


@given(points | wild)
def test_the_levels_together_are_what_counts_and_the_last_holds_now(
    found: tuple[Point, ...],
) -> None:
    every = levels(found)
    assert [point for one in every for point in one] == [point for point in found if point.counts]
    assert all(every)
    assert (every[-1] if every else ()) == level(found)
    assert all(one[0].accepted for one in every[1:])


@given(points | wild)
def test_a_level_begins_with_what_was_accepted_or_with_everything(
    found: tuple[Point, ...],
) -> None:
    counted = tuple(point for point in found if point.counts)
    kept = level(found)
    accepted = [place for place, point in enumerate(counted) if point.accepted]
    if not accepted:
        assert kept == counted
        return
    assert kept[0].accepted
    first = len(counted) - len(kept)
    assert first <= accepted[-1]
    # nothing ordinary lies between the begin of the step and its last accepted run
    assert all(point.accepted for point in counted[first : accepted[-1] + 1])


@given(points | wild)
def test_what_nobody_accepted_changes_nothing(found: tuple[Point, ...]) -> None:
    assert level(found) == level([point for point in found if point.counts])


@given(points | wild, points | wild)
def test_ordinary_runs_only_ever_join_the_level(
    found: tuple[Point, ...], later: tuple[Point, ...]
) -> None:
    ordinary = [replace(point, regressed=False, accepted=False) for point in later]
    assert level([*found, *ordinary]) == (*level(found), *ordinary)


def test_a_value_belongs_to_a_step_within_half_of_its_height() -> None:
    assert near(1.51, 2.0, 1.0)
    assert near(2.49, 2.0, 1.0)
    assert not near(1.49, 2.0, 1.0)
    assert not near(2.51, 2.0, 1.0)
    assert near(17.0, 2.0, None)


def test_the_height_is_the_median_in_one_clock_and_unit() -> None:
    others = [
        replace(POINT, centres={Clock.NET: 3.0}),
        replace(POINT, centres={Clock.NET: 9.0}),
        replace(POINT, centres={Clock.WALL: 100.0}),
        replace(POINT, centres={Clock.NET: 100.0}, unit="B"),
    ]
    assert height([POINT, *others], POINT) == 3.0
    assert height([], POINT) is None
