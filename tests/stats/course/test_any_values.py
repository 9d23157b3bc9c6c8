"""Whatever finite values come in, an orderly answer comes out."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfci.model.metric import Better
from perfci.model.timeline import Course
from perfci.stats.course import follow
from perfci.stats.course.scale import scaled
from tests.stats.course.made import found, stepped, timeline, white

anything = st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=60)
levels = st.lists(
    st.tuples(st.floats(0.01, 100.0), st.integers(1, 40)), min_size=1, max_size=5
).map(lambda parts: [level * (1 + 0.01 * (k % 3)) for level, n in parts for k in range(n)])


def orderly(course: Course) -> None:
    n = len(course.timeline.spots)
    at = [change.index for change in course.changes]
    assert at == sorted(set(at))
    assert all(0 < index < n for index in at)
    for change in course.changes:
        assert change.change != 0.0
        assert all(map(math.isfinite, (change.before, change.after, change.change)))
        assert 0.0 < change.p_value <= 1.0
        assert change.commit == course.timeline.spots[change.index].commit
    for episode in course.episodes:
        assert 0 < episode.first <= episode.last < n - 1
        assert math.isfinite(episode.change)
    assert math.isfinite(course.noise)
    assert course.noise >= 0.0
    if course.trend:
        assert math.isfinite(course.trend.slope)
        assert course.trend.first <= n - 50


@given(anything | levels)
@settings(max_examples=60, deadline=None)
def test_the_answer_is_orderly(values: list[float]) -> None:
    orderly(follow(timeline(values)))


@given(levels, st.integers(-300, 300))
@settings(max_examples=25, deadline=None)
def test_a_factor_changes_nothing_but_before_and_after(values: list[float], power: int) -> None:
    one, other = follow(timeline(values)), follow(timeline([math.ldexp(v, power) for v in values]))
    assert (one.episodes, one.trend, one.noise) == (other.episodes, other.trend, other.noise)
    assert other.changes == tuple(
        replace(
            change, before=math.ldexp(change.before, power), after=math.ldexp(change.after, power)
        )
        for change in one.changes
    )


@given(levels)
@settings(max_examples=20, deadline=None)
def test_names_times_and_the_direction_change_nothing(values: list[float]) -> None:
    named = timeline(values, name="x", better=Better.HIGHER, commits=["same"] * len(values))
    one, other = follow(timeline(values)), follow(named)
    assert [replace(c, commit="same") for c in one.changes] == list(other.changes)
    assert (one.episodes, one.trend, one.noise) == (other.episodes, other.trend, other.noise)


@pytest.mark.parametrize("value", [0.0, -0.0, 1.0, -3.5, 1e300, -1e300, 5e-324])
@pytest.mark.parametrize("n", [0, 1, 2, 3, 9, 10, 11, 12, 49, 50, 500])
def test_a_constant_shows_nothing(value: float, n: int) -> None:
    course = follow(timeline([value] * n))
    assert (course.changes, course.episodes, course.trend, course.noise) == ((), (), None, 0.0)


@pytest.mark.parametrize("n", range(2, 10))
def test_few_points_show_no_change(n: int) -> None:
    assert found([1.0] * (n // 2) + [9.0] * (n - n // 2)) == []


@pytest.mark.parametrize("bad", [math.inf, -math.inf, math.nan])
@pytest.mark.parametrize("n", [0, 60])
def test_values_that_are_not_finite_are_refused(bad: float, n: int) -> None:
    with pytest.raises(ValueError, match="not finite"):
        follow(timeline([1.0] * n + [bad]))


@pytest.mark.parametrize(("low", "high"), [(1e-300, 1e300), (5e-324, 1.7e308), (-1.7e308, 1.7e308)])
def test_a_step_across_all_numbers_is_found_and_told_in_finite_ones(
    low: float, high: float
) -> None:
    for first, second in ((low, high), (high, low)):
        course = follow(timeline([first] * 20 + [second] * 20))
        assert [change.index for change in course.changes] == [20]
        orderly(course)


def test_heavy_tails_show_little() -> None:
    rng = np.random.default_rng(1)
    shown = sum(len(found(rng.standard_t(1, 150))) for _ in range(40))
    assert shown <= 4
    shown = sum(len(found(np.exp(rng.standard_t(2, 150) * 0.05))) for _ in range(40))
    assert shown <= 4


def test_equal_values_in_blocks_do_not_look_like_a_change() -> None:
    rng = np.random.default_rng(2)
    assert sum(len(found(rng.choice([100.0, 100.0, 101.0, 110.0], 150))) for _ in range(40)) <= 4


def test_a_hundred_thousand_points_are_followed() -> None:
    values = white(1, 100_000, 0.02)
    values[70_000:] *= 1.1
    course = follow(timeline(values))
    assert 70_000 in [change.index for change in course.changes]
    assert len(course.changes) <= 20
    orderly(course)


def test_steps_at_the_very_ends_are_found_or_left_but_never_misplaced() -> None:
    for at in (1, 2, 3, 4, 5, 95, 96, 97, 98, 99):
        assert found(stepped(1, at, 100, 1.0)) in ([], [at])


def test_a_power_of_two_changes_no_bit_where_the_usual_size_lies_between_two() -> None:
    values = np.array([1.0, 34.0])
    assert (scaled(values).x == scaled(values * 2.0**-4).x).all()
