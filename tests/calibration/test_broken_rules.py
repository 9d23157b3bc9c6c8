"""The counts can tell a sound rule from a broken one: each of these breaks its bounds."""

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.noise import rivals
from benchmarks.noise.suites import count, usual
from benchmarks.noise.tally import MARGIN
from perfci.model.comparison import Outcome
from perfci.model.measurement import Stage
from perfci.stats import evidence, rule
from perfci.stats.board import Board
from perfci.stats.numeric import Floats
from tests.calibration.bounds import assert_quiet, assert_seeing

Broken = pytest.raises(AssertionError)


def convict(board: Board) -> None:
    """Call every suspect worse without a fresh launch."""
    found = board.look(Stage.SCREEN, 4)
    for row, place in enumerate(board.live):
        board.settle(place, Outcome.REGRESSED, found.at(row), (Stage.SCREEN, 4))
    board.live = []


def uncorrected(p: Floats, alpha: float, family: int) -> NDArray[np.bool_]:
    """Test every hypothesis at every look as if it were the only one, at the usual 5 %."""
    fallen: NDArray[np.bool_] = p <= 0.05
    return fallen


@pytest.mark.slow
def test_a_rule_that_confirms_nothing_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_confirm", convict)
    tally = count([usual(0.0, 1)] * 12, 0)
    assert tally.false_suites > 4
    with Broken:
        assert_quiet(tally)


@pytest.mark.slow
def test_a_rule_that_corrects_for_no_suite_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "holm", uncorrected)
    tally = count([usual(MARGIN, 1)] * 8, 0)
    assert tally.false_suites > 2
    with Broken:
        assert_quiet(tally, MARGIN)


@pytest.mark.slow
def test_a_rule_that_suspects_nothing_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "SUSPICION", 0.0)
    tally = count([usual(0.05, 4)] * 4, 0)
    assert tally.found(0.05) == 0.0
    with Broken:
        assert_seeing(tally, 0.05)


def test_a_rule_that_passes_what_looks_good_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "LIMIT_LEVEL", 0.5)
    tally = count([usual(0.05, 4)] * 4, 0)
    assert tally.passed(0.05) > 0.2
    with Broken:
        assert_seeing(tally, 0.05)


POOLED = [it for it in rivals.RIVALS if "p < 0.05" in it.name or "z of" in it.name]


@pytest.mark.parametrize("rival", POOLED, ids=lambda it: f"{it.name}, {it.data}")
def test_a_rule_that_pools_the_values_of_launches_is_seen(rival: rivals.Rival) -> None:
    noise = usual(0.0, 1)[0].noise
    tally = rivals.judge_synthetic(noise, 0.0, 12, rival, 0)
    assert tally.false_suites > 2
    with Broken:
        assert_quiet(tally)


def test_a_ratio_that_is_wide_enough_to_be_quiet_is_blind() -> None:
    (twice,) = [it for it in rivals.RIVALS if it.name == "ratio 200%"]
    noise = usual(0.0, 1)[0].noise

    def found(change: float) -> float:
        return rivals.judge_synthetic(noise, change, 12, twice, 0).found(change)

    assert found(0.0) == 0.0
    assert found(0.25) < 0.1
