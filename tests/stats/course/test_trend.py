"""Drift, and that it is told from steps."""

import math

import numpy as np
import pytest

from perfci.stats.course import follow
from tests.stats.course.made import found, timeline, wandering, white


def drifting(seed: int, n: int, change: float, spread: float = 0.02) -> np.ndarray:
    return white(seed, n, spread) * np.exp(np.linspace(0.0, math.log1p(change), n))


@pytest.mark.parametrize("change", [0.3, -0.3])
def test_a_drift_is_a_trend_and_no_staircase(change: float) -> None:
    for seed in range(20):
        course = follow(timeline(drifting(seed, 200, change)))
        assert course.changes == ()
        trend = course.trend
        assert trend is not None
        assert trend.first == 0
        assert trend.change == pytest.approx(change, rel=0.2)
        assert trend.p_value < 1e-3


def test_the_interval_of_a_slope_holds_the_true_one_in_about_95_of_100() -> None:
    true = math.expm1(math.log(1.3) / 199)
    held = 0
    for seed in range(60):
        trend = follow(timeline(drifting(seed, 200, 0.3))).trend
        assert trend is not None
        held += trend.interval.low <= true <= trend.interval.high
        assert trend.interval.low <= trend.slope <= trend.interval.high
        assert trend.interval.level == 0.95
    assert held >= 52


def test_a_drift_after_a_step_begins_with_the_step() -> None:
    values = np.concatenate([white(1, 60, 0.01), 2.0 * drifting(2, 150, 0.2, 0.01)])
    course = follow(timeline(values))
    assert [change.index for change in course.changes] == [60]
    assert course.trend is not None
    assert course.trend.first == 60


def test_below_50_points_or_two_per_cent_nothing_is_called_a_trend() -> None:
    assert follow(timeline(drifting(1, 49, 0.1, 0.001))).trend is None
    assert follow(timeline(drifting(1, 200, 0.015, 0.001))).trend is None


def test_a_drift_of_values_that_may_be_zero_is_told_in_shares_of_the_usual_size() -> None:
    rng = np.random.default_rng(1)
    values = np.linspace(-10.0, 10.0, 200) + rng.normal(0.0, 0.5, 200)
    trend = follow(timeline(values)).trend
    assert trend is not None
    assert trend.change == pytest.approx(4.0, rel=0.2)


def test_a_level_that_wanders_is_rarely_called_a_trend_and_widens_the_interval() -> None:
    told = [follow(timeline(wandering(seed, 150, 0.8))).trend for seed in range(40)]
    assert sum(trend is not None for trend in told) <= 2
    true, held, known = math.expm1(math.log(1.5) / 299), 0, 0
    for seed in range(40):
        drift = np.exp(np.linspace(0.0, math.log(1.5), 300))
        trend = follow(timeline(wandering(seed, 300, 0.8, 0.01) * drift)).trend
        if trend and trend.first == 0:
            known += 1
            held += trend.interval.low <= true <= trend.interval.high
    assert known >= 20
    assert held >= 0.85 * known


@pytest.mark.parametrize("way", [1, -1])
def test_a_drift_across_all_numbers_is_told_in_finite_ones(way: int) -> None:
    trend = follow(timeline(np.exp(np.linspace(-700.0, 700.0, 200))[::way])).trend
    assert trend is not None
    told = (trend.change, trend.slope, trend.interval.low, trend.interval.high)
    assert all(map(math.isfinite, told))
    assert trend.change * way > 0


def test_a_random_walk_is_rarely_called_a_trend_as_its_levels_are_cut() -> None:
    assert found(np.exp(np.cumsum(np.random.default_rng(3).normal(0.0, 0.02, 400))))
