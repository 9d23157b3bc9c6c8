"""Two files, compared as they are."""

import math

import numpy as np
import pytest

from perfci.model.comparison import Outcome
from perfci.model.measurement import Clock, Stage
from perfci.model.revision import Mode
from perfci.stats.decide import compare_series, decide
from perfci.stats.numeric import t_sf
from perfci.stats.series import Design
from tests.stats.lab import LATENCY, THROUGHPUT, compared, jitter, launch, series, side

FILES = Design(mode=Mode.FILES)


def test_a_clear_worsening_over_several_launches_is_called_and_called_weak() -> None:
    slow = series(side(jitter(6, 0.01)), side(jitter(5, 0.01, 1.3)))
    assert decide([slow], FILES).requests == {}
    comparison = compared(slow, FILES)
    assert comparison.outcome is Outcome.REGRESSED
    assert comparison.change == pytest.approx(0.3, abs=0.02)
    assert not comparison.paired
    assert comparison.weak
    assert "not measured side by side" in comparison.explanation
    assert comparison.base is not None
    assert comparison.head is not None
    assert (comparison.base.n, comparison.head.n) == (6, 5)
    # no smaller one would have been called, however little they spread
    assert comparison.detectable == pytest.approx(0.10)


@pytest.mark.parametrize("level", [1.0, 1.07, 1.09])
def test_less_than_ten_per_cent_is_never_called_worse(level: float) -> None:
    close = series(side(jitter(20, 0.005)), side(jitter(20, 0.005, level)))
    comparison = compared(close, FILES)
    assert comparison.outcome is Outcome.UNCHANGED
    assert comparison.sensitivity == pytest.approx(0.10)


def test_wide_spread_is_inconclusive() -> None:
    wild = series(side(jitter(5, 0.2)), side(jitter(5, 0.2, 1.15)))
    assert compared(wild, FILES).outcome is Outcome.INCONCLUSIVE


def test_the_numbers_are_welchs() -> None:
    base, head = [1.0, 1.01, 0.99, 1.02], [1.2, 1.21, 1.25, 1.19]
    comparison = compared(series(side(base), side(head)), FILES)
    logs = [np.log(base), np.log(head)]
    squared = [(4 * 0.02**2 + 3 * float(np.var(it, ddof=1))) / 7 / 4 for it in logs]
    freedom = sum(squared) ** 2 / sum(it**2 / 7 for it in squared)
    change = float(logs[1].mean() - logs[0].mean())
    assert comparison.change == pytest.approx(math.expm1(change))
    p = float(t_sf((change - math.log(1.01)) / math.sqrt(sum(squared)), freedom))
    assert comparison.p_value == pytest.approx(p)


@pytest.mark.parametrize(
    ("level", "outcome"),
    [(1.0, Outcome.INCONCLUSIVE), (1.1, Outcome.INCONCLUSIVE), (1.5, Outcome.REGRESSED)],
)
def test_one_launch_a_side_supposes_three_per_cent_between_launches(
    level: float, outcome: Outcome
) -> None:
    one = series([launch(*jitter(20, 0.01))], [launch(*jitter(20, 0.01, level))])
    comparison = compared(one, FILES)
    assert comparison.outcome is outcome
    assert comparison.weak
    assert "3 % supposed" in comparison.explanation
    assert comparison.interval is not None
    width = math.log((1 + comparison.interval.high) / (1 + comparison.interval.low))
    assert width > 2 * 1.96 * 0.03 * math.sqrt(2)


def test_a_thousand_values_of_one_launch_do_not_make_it_surer() -> None:
    few = series([launch(*jitter(10, 0.01))], [launch(*jitter(10, 0.01, 1.2))])
    many = series([launch(*jitter(1000, 0.01))], [launch(*jitter(1000, 0.01, 1.2))])
    narrow, wide = (compared(it, FILES).interval for it in (many, few))
    assert narrow is not None
    assert wide is not None
    assert narrow.high - narrow.low > 0.8 * (wide.high - wide.low)


def test_direction_and_family_count() -> None:
    slower = series(side(jitter(6, 0.01)), side(jitter(6, 0.01, 0.6)), metric=THROUGHPUT)
    assert compared(slower, FILES).outcome is Outcome.REGRESSED
    doubtful = series([launch(1.0, 1.01)], [launch(1.24, 1.25)], name="doubtful")
    assert compared(doubtful, FILES).outcome is Outcome.REGRESSED
    others = [series([launch(1.0, 1.01)], [launch(1.0, 1.01)], name=f"n{at}") for at in range(200)]
    assert compare_series([doubtful, *others], FILES)[0].outcome is Outcome.INCONCLUSIVE


def test_stages_do_not_matter_in_files_and_no_clock_in_common_fails() -> None:
    mixed = side(jitter(4, 0.01)) + side(jitter(6, 0.01), Stage.CONFIRM, 5)
    comparison = compared(series(mixed, mixed), FILES)
    assert comparison.head is not None
    assert comparison.head.n == 10
    other = [launch(1.0, number=at, clock=Clock.CPU) for at in range(3)]
    assert compared(series(side([1.0] * 3), other, metric=LATENCY), FILES).outcome is Outcome.FAILED


def test_what_only_one_file_has_is_new_or_missing() -> None:
    assert compared(series((), side([1.0])), FILES).outcome is Outcome.NEW
    gone = compared(series(side([2.0]), ()), FILES)
    assert gone.outcome is Outcome.MISSING
    assert gone.base is not None
    assert gone.base.point == 2.0
