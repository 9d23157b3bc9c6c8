"""The special functions against scipy's."""

import numpy as np
import pytest
from scipy import special, stats

from perfci.stats.numeric import Floats, digamma, inverse_trigamma, t_quantile, t_sf, trigamma

DEGREES = np.geomspace(0.5, 1e4, 40)[:, None]


def furthest(found: Floats, expected: Floats) -> float:
    return float(np.max(np.abs(found / expected - 1)))


def test_digamma_and_trigamma_agree_with_scipy() -> None:
    x = np.geomspace(1e-3, 1e5, 1500)
    # digamma crosses 0 at 1.46, where only an absolute error means anything
    scale = np.maximum(np.abs(special.digamma(x)), 0.01)
    assert np.max(np.abs(digamma(x) - special.digamma(x)) / scale) < 1e-12
    assert furthest(trigamma(x), special.polygamma(1, x)) < 1e-12


def test_inverse_trigamma_is_the_inverse() -> None:
    y = np.geomspace(1e-7, 1e6, 500)
    assert furthest(special.polygamma(1, inverse_trigamma(y)), y) < 1e-12


def test_t_tail_agrees_with_scipy_far_out_and_near_the_middle() -> None:
    t = np.concatenate([[0.0], np.geomspace(1e-9, 1e3, 120)])[None]
    expected = stats.t.sf(t, DEGREES)
    found = t_sf(t, DEGREES)
    representable = expected > 1e-280
    assert furthest(found[representable], expected[representable]) < 1e-10
    assert furthest(t_sf(-t, DEGREES), stats.t.sf(-t, DEGREES)) < 1e-10


def test_t_quantile_agrees_with_scipy_in_both_tails() -> None:
    levels = [1e-12, 1e-9, 1e-6, 1e-3, 0.01, 0.3, 0.49, 0.51, 0.95, 0.99, 0.9999, 1 - 1e-6]
    p = np.array(levels)[None]
    assert furthest(t_quantile(p, DEGREES), stats.t.ppf(p, DEGREES)) < 1e-10


@pytest.mark.parametrize("nu", [0.5, 3.0, 8.7, 1e4])
def test_t_is_symmetric_and_total(nu: float) -> None:
    assert t_sf(0.0, nu) == pytest.approx(0.5, rel=1e-14)
    assert t_sf(np.inf, nu) == 0.0
    assert t_sf(-np.inf, nu) == 1.0
    assert np.isnan(t_sf(np.nan, nu))
    assert t_quantile(0.5, nu) == 0.0
    assert t_quantile(0.01, nu) == pytest.approx(-float(t_quantile(0.99, nu)), rel=1e-12)


def test_scalars_and_arrays_give_the_same() -> None:
    nu = np.array([1.5, 7.0, 33.0])
    assert [float(t_sf(2.0, one)) for one in nu] == pytest.approx(t_sf(2.0, nu).tolist(), rel=1e-14)
    alone = [float(t_quantile(0.99, one)) for one in nu]
    assert alone == pytest.approx(t_quantile(0.99, nu).tolist(), rel=1e-13)
    assert t_quantile(0.99, np.array([])).shape == (0,)
