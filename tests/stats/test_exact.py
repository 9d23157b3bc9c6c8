"""Metrics that repeat to the bit need two launches and no statistics."""

import pytest

from perfci.model.comparison import Outcome
from perfci.model.history import Point
from perfci.model.measurement import Clock, Stage
from perfci.model.revision import Mode
from perfci.stats.decide import Request, decide
from perfci.stats.series import Design, Series
from tests.stats.lab import INSTRUCTIONS, PAIRED, compared, series, side

COUNT = 1_000_000.0


def counts(base: list[float], head: list[float]) -> Series:
    return series(side(base), side(head), metric=INSTRUCTIONS)


def test_two_launches_are_all_it_asks_for() -> None:
    key = counts([], []).key
    assert decide([counts([], [])], PAIRED).requests[key] == Request(stage=Stage.SCREEN, launches=2)
    assert decide([counts([COUNT] * 2, [COUNT] * 2)], PAIRED).requests == {}


@pytest.mark.parametrize(
    ("ratio", "outcome"),
    [
        (1.0, Outcome.UNCHANGED),
        (1.0049, Outcome.UNCHANGED),
        (1.0051, Outcome.REGRESSED),
        (0.994, Outcome.IMPROVED),
    ],
)
def test_the_limit_is_half_a_per_cent(ratio: float, outcome: Outcome) -> None:
    comparison = compared(counts([COUNT] * 2, [COUNT * ratio] * 2))
    assert comparison.outcome is outcome
    assert comparison.change == pytest.approx(ratio - 1, abs=1e-12)
    assert comparison.interval is not None
    assert comparison.interval.low == comparison.interval.high
    assert comparison.sensitivity == comparison.detectable == 0.005
    assert comparison.p_value is None
    assert comparison.launches == 2


def test_a_few_in_a_million_more_or_less_still_repeat() -> None:
    # the digits of a process number, or a processor's own counters, make that difference
    jittery = counts([COUNT, COUNT * (1 + 9e-5)], [COUNT * 1.01, COUNT * 1.01 * (1 - 9e-5)])
    assert compared(jittery).outcome is Outcome.REGRESSED
    restless = counts([COUNT, COUNT * (1 + 2e-4)], [COUNT * 1.01] * 2)
    assert decide([restless], PAIRED).requests[restless.key].launches == 2


def test_a_base_that_does_not_repeat_is_judged_like_any_metric() -> None:
    restless = counts([COUNT, COUNT * 1.2], [COUNT * 1.1, COUNT * 1.1])
    assert decide([restless], PAIRED).requests[restless.key].launches == 2
    assert compared(restless).outcome is Outcome.INCONCLUSIVE


def test_a_head_on_both_sides_of_the_limit_is_judged_like_any_metric() -> None:
    torn = counts([COUNT] * 2, [COUNT, COUNT * 1.02])
    assert decide([torn], PAIRED).requests[torn.key].launches == 2


def test_a_head_that_jitters_beyond_the_limit_is_worse() -> None:
    assert compared(counts([COUNT] * 2, [COUNT * 1.02, COUNT * 1.03])).outcome is Outcome.REGRESSED


def test_launches_that_another_metric_needed_change_nothing() -> None:
    two = counts([COUNT] * 2, [COUNT] * 2)
    more = counts([COUNT] * 4, [COUNT, COUNT, COUNT * 2, COUNT * 2])
    assert compared(more).outcome is compared(two).outcome is Outcome.UNCHANGED


@pytest.mark.parametrize("launches", [1, 3])
def test_in_files_one_value_stands_for_itself_and_is_called_weak(launches: int) -> None:
    worse = counts([COUNT] * launches, [COUNT * 1.01] * launches)
    comparison = compared(worse, Design(mode=Mode.FILES))
    assert comparison.outcome is Outcome.REGRESSED
    assert comparison.weak == (launches == 1)


def test_in_history_the_newest_run_is_what_counts() -> None:
    past = tuple(
        Point(centres={Clock.VALUE: value}, clock=Clock.VALUE, spread=0.0, n=5, unit="count")
        for value in (COUNT * 3, COUNT)
    )
    design = Design(mode=Mode.HISTORY)
    head = series((), side([COUNT * 1.01] * 2), metric=INSTRUCTIONS, past=past)
    assert decide([head], design).requests == {}
    assert compared(head, design).outcome is Outcome.REGRESSED
