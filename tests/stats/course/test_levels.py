"""Level changes and episodes whose truth is known."""

import math

import numpy as np
import pytest

from perfci.model.metric import Better
from perfci.stats.course import follow, follow_all
from perfci.stats.course.scores import chance, weight
from perfci.stats.numeric import t_sf
from tests.stats.course.made import found, indices, stepped, timeline, wandering, white


@pytest.mark.parametrize("size", [0.05, -0.05, 0.2, 1.0, -0.6])
@pytest.mark.parametrize("at", [5, 40, 95, 98])
def test_a_clean_step_is_found_exactly_where_it_is(at: int, size: float) -> None:
    # a step after 5 points stands on too little where it is small
    if at == 5 and abs(size) < 0.2:
        return
    assert found(stepped(1, at, 100, size, spread=0.004)) == [at]


def test_levels_tell_their_medians_and_the_ratio() -> None:
    course = follow(timeline([10.0] * 30 + [12.0] * 30))
    (change,) = course.changes
    assert (change.index, change.commit) == (30, "c30")
    assert (change.before, change.after) == (10.0, 12.0)
    assert change.change == pytest.approx(0.2)
    assert 0.0 < change.p_value < 1e-10
    assert course.noise < 0.01
    (weak,) = follow(timeline(stepped(1, 50, 100, 0.03, spread=0.02))).changes
    assert 1e-20 < weak.p_value < 1e-5


def test_several_steps_are_found_in_the_order_of_time() -> None:
    values = white(3, 200, 0.01)
    values[50:] *= 1.1
    values[90:] *= 0.8
    values[150:] *= 1.05
    assert found(values) == [50, 90, 150]


def test_where_values_can_be_zero_a_change_is_a_difference() -> None:
    (change,) = follow(timeline([0.0, 1.0] * 20 + [10.0, 11.0] * 20)).changes
    assert (change.index, change.change) == (40, 10.0)
    negative = follow(timeline([-5.0] * 20 + [-7.0] * 20))
    assert [one.change for one in negative.changes] == [-2.0]


def test_a_change_below_two_per_cent_is_none() -> None:
    assert found([100.0] * 50 + [101.5] * 50) == []
    assert found([100.0] * 50 + [102.5] * 50) == [50]


def test_a_change_a_little_below_two_per_cent_is_seldom_told_in_as_much_noise() -> None:
    told = sum(bool(found(stepped(seed, 100, 200, 0.018, spread=0.02))) for seed in range(100))
    assert told <= 34


def test_a_while_on_another_level_is_an_episode_and_no_change() -> None:
    values = white(4, 120, 0.01)
    values[60:70] *= 1.3
    course = follow(timeline(values))
    assert course.changes == ()
    (episode,) = course.episodes
    assert (episode.first, episode.last) == (60, 69)
    assert episode.change == pytest.approx(0.3, abs=0.02)


def test_what_lasts_longer_than_an_episode_is_two_changes() -> None:
    values = white(5, 120, 0.01)
    values[60:80] *= 1.3
    course = follow(timeline(values))
    assert indices(course) == [60, 80]
    assert course.episodes == ()


def test_single_wild_values_are_no_change() -> None:
    values = white(6, 200, 0.01)
    values[::17] *= 5.0
    values[-1] *= 5.0
    assert found(values) == []


def test_two_newest_points_far_off_are_a_change_and_one_is_not() -> None:
    values = white(7, 80, 0.01)
    values[-1] *= 1.3
    assert found(values) == []
    values[-2] *= 1.3
    assert found(values) == [78]


def test_two_newest_points_after_few_must_lie_the_farther_off() -> None:
    before = [1.01, 0.99] * 5
    assert found([*before, 1.036, 1.036]) == []
    assert found([*before, 1.3, 1.3]) == [10]


def test_two_newest_points_are_no_change_where_one_went_as_far_before() -> None:
    values = white(7, 80, 0.01)
    values[30] *= 1.3
    values[-2:] *= 1.3
    assert found(values) == []


def test_a_step_is_seen_through_a_scatter_with_two_peaks() -> None:
    hits = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        values = np.exp(rng.normal(0.0, 0.01, 160) + 0.25 * rng.integers(0, 2, 160))
        values[80:] *= 1.08
        hits += any(abs(at - 80) <= 5 for at in found(values))
    assert hits >= 12


def two_peaks(seed: int, n: int, share: float = 0.5) -> np.ndarray:
    """Return noise of runners with two processors, of which the slower is as frequent as given."""
    rng = np.random.default_rng(seed)
    return np.exp(rng.normal(0.0, 0.005, n) + 0.25 * (rng.random(n) < share))


def test_a_step_between_narrow_peaks_is_found_where_it_is_and_told_as_large_as_it_is() -> None:
    hits = 0
    for seed in range(20):
        values = two_peaks(seed, 120)
        values[60:] *= 1.05
        course = follow(timeline(values))
        assert len(course.changes) <= 1
        for change in course.changes:
            assert change.index in (59, 60, 61)
            # a median that went over to the other peak would tell 30 or -20 %
            assert 0.0 < change.change < 0.15
            hits += 1
    assert hits >= 16


def test_two_peaks_alone_and_another_mix_of_them_are_no_change() -> None:
    assert sum(len(found(two_peaks(seed, 150))) for seed in range(40)) <= 1
    mixed = [np.concatenate([two_peaks(s, 60, 0.2), two_peaks(99 - s, 60, 0.7)]) for s in range(40)]
    assert sum(len(found(values)) for values in mixed) <= 8


def test_a_few_newest_points_beside_narrow_peaks_are_a_change() -> None:
    hits = 0
    for seed in range(20):
        values = two_peaks(seed, 100)
        values[-5:] *= 1.1
        hits += found(values) in ([94], [95], [96])
    assert hits >= 8


def test_a_step_between_values_that_repeat_exactly_is_found_where_it_is() -> None:
    hits = 0
    for seed in range(20):
        values = np.random.default_rng(seed).choice([1.0, 1.28], 120)
        values[60:] *= 1.05
        hits += found(values) == [60]
    assert hits >= 16


def test_a_step_among_three_narrow_peaks_is_found_exactly_where_it_is() -> None:
    # a density as wide as for normal noise would blur the peaks: 5 of 20
    hits = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        values = np.exp(rng.normal(0.0, 0.003, 120) + 0.1 * rng.integers(0, 3, 120))
        values[60:] *= 1.05
        hits += found(values) == [60]
    assert hits >= 16


def test_newest_points_on_another_peak_are_told_as_far_off_as_most_values_moved() -> None:
    rng = np.random.default_rng(2)
    values = np.exp(rng.normal(0.0, 0.002, 86) + math.log(1.3) * (rng.random(86) < 0.45))
    values[80:] = 1.1 * np.array([1.3, 1.0, 1.301, 1.298, 1.002, 1.303])
    logs = np.log(values)
    (change,) = follow(timeline(values)).changes
    assert change.index == 80
    assert change.change == pytest.approx(
        math.expm1(np.median(logs[80:, np.newaxis] - logs[20:80])), rel=1e-9
    )
    assert change.change < 0.12


def test_the_clearest_step_is_found_where_dozens_of_places_look_like_one() -> None:
    for seed in range(2):
        values = wandering(seed, 400, 0.8)
        values[200:] *= 1.5
        assert found(values) == [200]


def test_a_step_is_found_among_wild_values() -> None:
    values = stepped(1, 60, 120, 0.1)
    values[::9] *= 5.0
    assert found(values) == [60]


def test_three_wild_values_in_a_row_are_neither_a_level_nor_an_episode() -> None:
    values = white(2, 120, 0.01)
    values[60:63] *= 1.3
    course = follow(timeline(values))
    assert (course.changes, course.episodes) == ((), ())


def test_all_of_500_levels_are_found() -> None:
    levels = np.repeat([0.2 * (0, 3, 1, 4, 2, 5)[at % 6] for at in range(500)], 30)
    noise = np.random.default_rng(3).normal(0.0, 0.01, levels.size)
    assert found(np.exp(levels + noise)) == list(range(30, levels.size, 30))


def test_white_noise_shows_nothing_in_nearly_all_of_200_series() -> None:
    courses = follow_all(timeline(white(seed, 100)) for seed in range(200))
    assert sum(bool(course.changes) for course in courses) <= 2
    assert sum(bool(course.episodes) for course in courses) <= 2
    assert not any(course.trend for course in courses)


def test_neighbours_that_resemble_each_other_raise_few_alarms() -> None:
    # of 8,000 points; without a thought of them it would be 67
    assert sum(len(found(wandering(seed, 200, 0.8))) for seed in range(40)) <= 36


def test_the_direction_changes_nothing_but_what_is_worse() -> None:
    lower, higher = (timeline(stepped(1, 40, 80, 0.2), better=way) for way in Better)
    one, other = follow(lower), follow(higher)
    assert one.changes == other.changes
    assert [change.worse(lower) for change in one.changes] == [lower.sign > 0]
    assert [change.worse(higher) for change in other.changes] == [higher.sign > 0]


def test_a_level_all_of_whose_values_lie_beyond_all_before_begins_at_the_first_of_them() -> None:
    before = [1.0, 1.01, 1.02, 1.03] * 10
    # a first value between the levels, nearer to the one before
    assert found([*before, 1.05, *[1.3, 1.31, 1.32, 1.33] * 10]) in ([40], [41])
    assert found([*before, 1.2, *[1.3, 1.31, 1.32, 1.33] * 10]) == [40]


@pytest.mark.parametrize("freedom", [4.0, 20.0, 120.0])
@pytest.mark.parametrize("t", [0.5, 2.0, 4.0, 8.0])
def test_a_worth_gives_students_own_p_value(t: float, freedom: float) -> None:
    exact = 2.0 * float(t_sf(t, freedom))
    assert chance(weight(t, freedom), looks=1) == pytest.approx(exact, rel=0.15)
    assert chance(0.0, looks=2) == 1.0
    assert chance(1e9, looks=1) == 1e-300
