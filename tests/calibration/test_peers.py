"""The peers' rules, on rows whose answers can be worked out by hand."""

import numpy as np

from benchmarks.noise import peers
from perfci.stats.numeric import Floats


def row(*values: float) -> Floats:
    return np.array([values], dtype=np.float64)


def test_a_ratio_alarms_above_its_limit_only() -> None:
    assert peers.ratio(row(1.0), row(2.01), 2.0).all()
    assert not peers.ratio(row(1.0), row(2.0), 2.0).any()


def test_pooled_tests_see_a_shift_and_call_only_the_slower_side_worse() -> None:
    base, head = row(*np.linspace(1.00, 1.10, 20)), row(*np.linspace(1.08, 1.18, 20))
    for rule in (peers.mann_whitney, peers.student):
        assert rule(base, head).all()
        assert not rule(head, base).any()
        assert not rule(base, base + 0.001).any()


def test_the_prediction_limit_is_the_mean_and_3_1_deviations_of_five_runs() -> None:
    history = row(1.0, 2.0, 3.0, 4.0, 5.0)
    # t(0.99, 4) = 3.7469; times sqrt(2.5) times sqrt(1.2)
    limit = 3.0 + 3.7469 * np.sqrt(2.5 * 1.2)
    assert peers.t_limit(history, row(limit + 0.01)).all()
    assert not peers.t_limit(history, row(limit - 0.01)).any()


def test_the_z_of_pairs_needs_both_significance_and_one_per_cent() -> None:
    base = row(*[100.0] * 10)
    steady = row(*[100.8, 101.0] * 5)
    assert not peers.z_of_pairs(base, steady).any()  # sure, but 0.9 %
    assert peers.z_of_pairs(base, steady + 0.2).all()
    assert not peers.z_of_pairs(base, row(*[90.0, 114.0] * 5)).any()  # 2 %, but unsure
