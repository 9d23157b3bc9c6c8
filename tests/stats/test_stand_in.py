"""Stored runs stand in for a base that could not be run; the rest of the run stays paired."""

from dataclasses import replace

import pytest

from perfci.model.comparison import Outcome
from perfci.model.measurement import Stage
from perfci.stats.decide import compare_series, decide
from perfci.stats.series import Design, Series
from tests.stats.lab import PAIRED, jitter, pair, series, side
from tests.stats.test_past import STEADY, past


def stood_in(level: float, *, confirm: float | None = None) -> Series:
    launches = side(jitter(5, 0.01, level))
    if confirm is not None:
        launches += side(jitter(5, 0.01, confirm), Stage.CONFIRM, 6)
    return replace(series((), launches, past=past(STEADY), name="stood_in"), alone=True)


def test_it_is_judged_by_the_history_rule_beside_pairs() -> None:
    together = pair([1.0, 1.002, 0.998, 1.001])
    slow = stood_in(1.4)
    assert decide([together, slow], PAIRED).requests[slow.key].stage is Stage.CONFIRM
    even, worse = compare_series([together, stood_in(1.4, confirm=1.4)], PAIRED)
    assert (even.outcome, even.paired) == (Outcome.UNCHANGED, True)
    assert (worse.outcome, worse.paired) == (Outcome.REGRESSED, False)
    assert worse.change == pytest.approx(0.4, abs=0.02)
    assert worse.base is not None
    assert worse.base.method == "median of stored runs"
    assert worse.base.n == len(STEADY)


def test_a_steady_one_is_unchanged() -> None:
    (found,) = compare_series([stood_in(1.0)], PAIRED)
    assert found.outcome is Outcome.UNCHANGED
    assert found.sensitivity == pytest.approx(0.10)


@pytest.mark.slow
def test_the_error_level_is_shared_by_both_kinds() -> None:
    fixed = replace(PAIRED, rounds=6)
    candidates = [pair(jitter(6, 0.01, 1.015 + step / 5000)) for step in range(100)]
    edge = next(one for one in candidates if 0.005 < (chance(one, fixed) or 1.0) < 0.01)
    (alone,) = compare_series([edge], fixed)
    assert alone.outcome is Outcome.REGRESSED
    shared = compare_series([edge, stood_in(1.0)], fixed)[0]
    assert shared.outcome is not Outcome.REGRESSED


def chance(one: Series, design: Design) -> float | None:
    (found,) = compare_series([one], design)
    return found.p_value
