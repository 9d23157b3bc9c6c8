"""Location, spread, and what the suite says of them."""

import numpy as np
import pytest

from perfci.stats.evidence import holm
from perfci.stats.prior import fit, fit_pools, supposed
from perfci.stats.robust import locate, medians


def test_below_five_launches_it_is_the_plain_mean_and_variance() -> None:
    located = locate([[1.0, 2.0, 3.0, 10.0]])
    assert located.mean[0] == 4.0
    assert located.variance[0] == pytest.approx(np.var([1, 2, 3, 10], ddof=1))
    assert located.freedom[0] == 3


def test_from_five_launches_each_end_is_trimmed_and_the_variance_is_yuens() -> None:
    located = locate([[9.0, 2.0, 3.0, 4.0, -50.0, 6.0]])
    assert located.mean[0] == (2 + 3 + 4 + 6) / 4
    # winsorised: 2 2 3 4 6 6, times (n - 1) n / (h (h - 1)) with n = 6, h = 4
    assert located.variance[0] == pytest.approx(np.var([2, 2, 3, 4, 6, 6], ddof=1) * 30 / 12)
    assert located.freedom[0] == 3


@pytest.mark.parametrize(("n", "trimmed"), [(8, 1), (12, 1), (16, 2), (24, 3), (36, 4)])
def test_an_eighth_of_the_launches_is_trimmed(n: int, trimmed: int) -> None:
    wild = [1e9] * trimmed + [1.0] * (n - 2 * trimmed) + [-1e9] * trimmed
    assert locate([wild]).mean[0] == 1.0
    assert locate([[*wild[:-1], 1e9]]).mean[0] > 1e6


def test_rows_of_different_lengths_do_not_disturb_each_other() -> None:
    rows = [[1.0], [1.0, 2.0], [3.0, 1.0, 2.0, 5.0, 4.0]]
    together, alone = locate(rows), [locate([row]) for row in rows]
    assert together.mean.tolist() == [float(one.mean[0]) for one in alone]
    assert together.variance.tolist() == [float(one.variance[0]) for one in alone]
    assert together.n.tolist() == [1, 2, 5]
    assert medians([[3.0, 1.0, 2.0], [4.0, 1.0]]).tolist() == [2.0, 2.5]


@pytest.mark.parametrize(("worth", "spread"), [(3.0, 0.02), (12.0, 0.004)])
def test_the_prior_finds_the_distribution_that_variances_were_drawn_from(
    worth: float, spread: float
) -> None:
    chance = np.random.default_rng(5)
    true = spread**2 * worth / chance.chisquare(worth, 4000)
    freedom = np.full(4000, 3.0)
    seen = true * chance.chisquare(3.0, 4000) / 3.0
    prior = fit(seen, freedom, floor=0.001)
    assert prior is not None
    assert prior.freedom == pytest.approx(worth, rel=0.25)
    # the location is a trimmed mean of skewed values: near, not exact
    assert prior.variance == pytest.approx(spread**2, rel=0.25)


def test_equal_variances_are_trusted_as_fifty_launches() -> None:
    prior = fit(np.full(10, 4e-4), np.full(10, 3.0), floor=0.001)
    assert prior is not None
    assert prior.freedom == 50.0


def test_fewer_than_three_spreads_make_no_prior_and_rounding_is_no_spread() -> None:
    assert fit(np.array([4e-4, 4e-4, 0.0]), np.full(3, 3.0), floor=0.001) is None
    assert fit(np.array([4e-4, 4e-4, 1e-31]), np.full(3, 3.0), floor=0.001) is None
    assert supposed(0.02).freedom == 4.0


def test_a_pool_says_nothing_of_another() -> None:
    variance = np.array([1e-4, 1e-4, 1e-4, 4e-2, 4e-2, 4e-2, 1.0])
    pools = ["time"] * 3 + ["memory"] * 3 + ["alone"]
    fitted = fit_pools(pools, variance, np.full(7, 3.0), np.full(7, 0.001))
    assert set(fitted) == {"time", "memory"}
    assert fitted["memory"].variance == pytest.approx(400 * fitted["time"].variance)


def test_holm_steps_down_and_stops_at_the_first_that_stands() -> None:
    p = np.array([0.02, 0.004, 0.2, 0.012])
    assert holm(p, 0.05, 4).tolist() == [True, True, False, True]
    assert holm(p, 0.05, 8).tolist() == [False, True, False, False]
    assert not holm(np.array([]), 0.05, 0).any()
