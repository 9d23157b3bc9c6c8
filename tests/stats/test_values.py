"""Values that cannot be compared fail; they never pass."""

import math
from dataclasses import replace

import pytest

from perfci.model.comparison import Outcome
from perfci.model.history import Point
from perfci.model.measurement import Clock
from perfci.model.metric import Metric
from perfci.model.revision import Mode
from perfci.stats.decide import decide
from perfci.stats.series import Design, Series
from tests.stats.lab import (
    ERRORS,
    LATENCY,
    MEMORY,
    PAIRED,
    THROUGHPUT,
    compared,
    launch,
    series,
    side,
)

GOOD = [1.0, 1.01, 0.99, 1.02]


def with_bad(value: float, where: str, metric: Metric = MEMORY) -> Series:
    good, bad = side(GOOD), side([*GOOD[:3], value])
    return series(bad if where == "base" else good, bad if where == "head" else good, metric=metric)


@pytest.mark.parametrize("where", ["base", "head"])
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e308, -1.0, 0.0])
@pytest.mark.parametrize("mode", [Mode.PAIRED, Mode.FILES])
def test_a_value_without_a_ratio_fails(value: float, where: str, mode: Mode) -> None:
    bad = with_bad(value, where)
    comparison = compared(bad, Design(mode=mode))
    assert comparison.outcome is Outcome.FAILED
    assert f"launch 4 of {where}" in comparison.explanation
    assert comparison.change is None
    assert decide([bad], Design(mode=mode)).requests == {}


@pytest.mark.parametrize("mode", [Mode.HISTORY, Mode.RECORD])
def test_a_bad_value_fails_without_a_base_too(mode: Mode) -> None:
    past = (Point(centres={Clock.VALUE: 1.0}, clock=Clock.VALUE, spread=0.01, n=5, unit="B"),)
    bad = series((), side([1.0, math.nan, 1.0, 1.0, 1.0]), metric=MEMORY, past=past)
    assert compared(bad, Design(mode=mode)).outcome is Outcome.FAILED


def test_a_rate_of_zero_says_how_to_go_on_without_it() -> None:
    assert (
        "leave throughput out by `metrics`"
        in compared(with_bad(0.0, "head", THROUGHPUT)).explanation
    )


def test_a_duration_of_zero_says_that_the_clock_cannot_see_it() -> None:
    assert "too short" in compared(with_bad(0.0, "head", LATENCY)).explanation


@pytest.mark.parametrize("mode", [Mode.PAIRED, Mode.FILES])
@pytest.mark.parametrize("metric", [LATENCY, MEMORY])
def test_a_value_below_0_says_that_there_is_no_ratio_to_it(metric: Metric, mode: Mode) -> None:
    told = compared(with_bad(-0.5, "head", metric), Design(mode=mode)).explanation
    assert "launch 4 of head holds -0.5, and a ratio needs values above 0" in told
    assert "too short" not in told


@pytest.mark.parametrize("mode", [Mode.PAIRED, Mode.FILES])
def test_zero_on_both_sides_is_unchanged(mode: Mode) -> None:
    zeros = series(side([0.0] * 4), side([0.0] * 4), metric=MEMORY)
    comparison = compared(zeros, Design(mode=mode))
    assert comparison.outcome is Outcome.UNCHANGED
    assert comparison.change == 0.0
    for estimate in (comparison.base, comparison.head):
        assert estimate is not None
        assert (estimate.point, estimate.interval) == (0.0, None), "there is no logarithm of 0"


def test_an_absolute_metric_may_be_zero_or_negative_but_not_nan() -> None:
    absolute = replace(ERRORS, name="balance")
    low = series(side([-0.5] * 4), side([-0.5] * 4), metric=absolute)
    assert compared(low).outcome is Outcome.UNCHANGED
    assert compared(with_bad(math.nan, "head", absolute)).outcome is Outcome.FAILED


@pytest.mark.parametrize("mode", list(Mode))
def test_a_launch_without_values_fails(mode: Mode) -> None:
    empty = [launch(number=at) for at in range(1, 6)]
    one = series(side([*GOOD, 1.0]), empty, metric=MEMORY)
    assert compared(one, Design(mode=mode)).outcome is Outcome.FAILED


@pytest.mark.parametrize("mode", list(Mode))
def test_nothing_measured_at_all_never_passes(mode: Mode) -> None:
    outcome = compared(series((), (), metric=MEMORY), Design(mode=mode)).outcome
    assert outcome in {Outcome.INCONCLUSIVE, Outcome.NEW}


def test_a_later_launch_that_lost_the_clock_fails_instead_of_asking_for_ever() -> None:
    base = side(GOOD)
    head = (*side(GOOD)[:3], launch(1.0, number=4, clock=Clock.CPU))
    lost = series(base, head, metric=MEMORY)
    assert decide([lost], PAIRED).requests == {}
    assert compared(lost).outcome is Outcome.FAILED


def test_a_failed_series_leaves_the_others_alone() -> None:
    good = replace(series(side(GOOD), side(GOOD)), id=replace(with_bad(1.0, "head").id, name="x"))
    assert decide([good, with_bad(math.nan, "head")], PAIRED).requests == {}
