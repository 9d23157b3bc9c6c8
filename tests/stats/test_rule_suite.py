"""The paired rule over a whole suite: one error level, and what the series tell of each other."""

from dataclasses import replace

import pytest

from perfci.model.comparison import Outcome
from perfci.model.measurement import Stage
from perfci.model.revision import Mode
from perfci.stats.decide import Request, compare_series, decide
from perfci.stats.needed import next_look
from perfci.stats.series import Design
from tests.stats.lab import (
    LATENCY,
    PAIRED,
    THROUGHPUT,
    Noise,
    Truth,
    compared,
    jitter,
    pair,
    run,
    wanted,
)

SCREEN, CONFIRM = Stage.SCREEN, Stage.CONFIRM


def test_nobody_is_confirmed_before_everybody_is_screened() -> None:
    slow, late = pair(jitter(4, 0.005, 1.5), name="slow"), pair([1.0], name="late")
    assert set(decide([slow, late], PAIRED).requests) == {late.key}


def test_a_lower_sensitivity_lowers_the_margin_and_the_limit() -> None:
    suite = [
        pair(jitter(4, 0.001, 1.008), jitter(6, 0.001, 1.008), name=f"n{at}", sensitivity=0.01)
        for at in range(5)
    ]
    assert {it.outcome for it in compare_series(suite, PAIRED)} == {Outcome.REGRESSED}
    usual = [replace(it, sensitivity=0.05) for it in suite]
    assert {it.outcome for it in compare_series(usual, PAIRED)} == {Outcome.UNCHANGED}


def test_improved_grows_harder_with_the_number_of_series() -> None:
    assert compared(pair(jitter(4, 0.01, 0.955))).outcome is Outcome.IMPROVED
    suite = [pair(jitter(4, 0.01, 0.955), name=f"n{at}") for at in range(400)]
    assert {it.outcome for it in compare_series(suite, PAIRED)} == {Outcome.UNCHANGED}


def test_no_spread_below_the_floor_is_believed() -> None:
    suite = [pair(jitter(4, 1e-5), name=f"n{at}") for at in range(5)]
    interval = compare_series(suite, PAIRED)[0].interval
    assert interval is not None
    # 0.1 % a launch is a standard error of 0.05 % over four
    assert interval.high - interval.low > 2 * 1.96 * 0.0005


def test_holm_divides_the_error_among_suspects() -> None:
    screen = jitter(4, 0.02, 1.15)
    doubtful = pair(screen, jitter(6, 0.01, 1.06), name="doubtful")
    assert compared(doubtful).outcome is Outcome.REGRESSED
    others = [pair(screen, jitter(6, 0.02), name=f"n{at}") for at in range(40)]
    among = compare_series([doubtful, *others], PAIRED)[0]
    assert among.p_value is not None
    assert among.p_value < 0.0025
    assert among.outcome is Outcome.INCONCLUSIVE
    assert decide([doubtful, *others], PAIRED).requests[doubtful.key].launches == 6


def test_a_cleared_suspect_does_not_make_it_easier_for_the_others() -> None:
    screen = jitter(4, 0.02, 1.15)
    doubtful = pair(screen, jitter(12, 0.02, 1.045), name="doubtful")
    assert compared(doubtful).outcome is Outcome.REGRESSED
    others = [pair(screen, jitter(6, 0.01, 0.96), name=f"n{at}") for at in range(40)]
    among = compare_series([doubtful, *others], PAIRED)
    assert {it.outcome for it in among[1:]} == {Outcome.UNCHANGED}
    assert among[0].p_value is not None
    assert among[0].p_value < 0.0025
    assert among[0].outcome is Outcome.INCONCLUSIVE


def test_a_proven_suspect_makes_it_easier_for_the_others() -> None:
    screen = jitter(4, 0.03, 1.15)
    doubtful = pair(screen, jitter(12, 0.05, 1.06), name="doubtful")
    assert compared(doubtful).outcome is Outcome.INCONCLUSIVE
    proven = [pair(screen, jitter(6, 0.001, 1.15), name=f"n{at}") for at in range(40)]
    among = compare_series([doubtful, *proven], PAIRED)
    assert {it.outcome for it in among} == {Outcome.REGRESSED}


@pytest.mark.parametrize("rounds", [1, 2])
def test_fewer_than_three_launches_never_tell(rounds: int) -> None:
    design = Design(mode=Mode.PAIRED, rounds=rounds)
    for level in (1.0, 0.5, 3.0):
        data = pair([level] * rounds)
        assert wanted(data, design) is None
        assert compared(data, design).outcome is Outcome.INCONCLUSIVE


def test_fixed_rounds_are_one_stage() -> None:
    design = Design(mode=Mode.PAIRED, rounds=10)
    assert wanted(pair([]), design) == Request(stage=SCREEN, launches=10)
    slow = pair(jitter(10, 0.01, 1.2))
    assert wanted(slow, design) is None
    assert compared(slow, design).outcome is Outcome.REGRESSED
    assert compared(pair(jitter(10, 0.01)), design).outcome is Outcome.UNCHANGED
    assert compared(pair(jitter(10, 0.3)), design).outcome is Outcome.INCONCLUSIVE


def test_fixed_rounds_hold_the_error_over_all_comparisons() -> None:
    design = Design(mode=Mode.PAIRED, rounds=9)
    doubtful = pair(jitter(9, 0.015, 1.03), name="doubtful")
    assert compared(doubtful, design).outcome is Outcome.REGRESSED
    others = [pair(jitter(9, 0.015), name=f"n{at}") for at in range(40)]
    among = compare_series([doubtful, *others], replace(design))
    assert among[0].outcome is not Outcome.REGRESSED


def test_running_out_of_time_leaves_inconclusive_with_an_estimate() -> None:
    truths = [Truth(name=f"n{at}", noise=Noise(value=0.02)) for at in range(5)]
    cut = run(truths, seed=1, most=11)
    found = compare_series(cut, PAIRED)
    assert [it.outcome for it in found] == [Outcome.UNCHANGED] * 2 + [Outcome.INCONCLUSIVE] * 3
    assert found[2].launches == 3
    assert found[2].needed is not None
    assert "ended before" in found[2].explanation
    assert found[4].change is None
    assert found[4].explanation == "it was not measured"


def test_metrics_that_are_spread_differently_do_not_share_a_prior() -> None:
    calm = [pair(jitter(4, 0.004), name=f"n{at}", metric=LATENCY) for at in range(6)]
    wild = [pair(jitter(4, 0.2), name=f"n{at}", metric=THROUGHPUT) for at in range(6)]
    together = compare_series([*calm, *wild], PAIRED)
    assert together[:6] == compare_series(calm, PAIRED)


def test_one_noisy_series_among_quiet_ones_stands_for_itself() -> None:
    # its spread drawn down to theirs, and believed at theirs, it would be called unchanged
    quiet = [pair(jitter(4, 0.01), name=f"n{at}") for at in range(20)]
    noisy = pair([1.12, 0.9, 1.08, 0.93], name="noisy")
    found = compare_series([*quiet, noisy], PAIRED)
    assert {it.outcome for it in found[:-1]} == {Outcome.UNCHANGED}
    assert found[-1].outcome is Outcome.INCONCLUSIVE
    interval = found[-1].interval
    assert interval is not None
    assert interval.high - interval.low > 0.2
    alone = compared(noisy).interval
    assert alone is not None
    assert interval.high == pytest.approx(alone.high, rel=0.3)


def test_one_look_believes_what_it_measured_rather_than_what_is_usual() -> None:
    noisy = pair(jitter(5, 0.1, 1.3))
    assert compared(noisy, Design(mode=Mode.PAIRED, rounds=5)).outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(
    ("first", "estimate", "look"),
    [(4, None, 4), (8, 5, 8), (8, 9, 12), (12, 400, 16), (16, 3, 16)],
)
def test_what_would_decide_is_a_look_that_is_still_ahead(
    first: int, estimate: int | None, look: int
) -> None:
    assert next_look((4, 8, 12, 16), first, estimate) == look
