"""False alarms, detections and cost, counted on launches whose truth is known."""

import pytest

from benchmarks.noise.suites import KINDS, RUN_NOISE, count, layouts, mixed, usual
from benchmarks.noise.tally import MARGIN, Tally
from tests.calibration.bounds import assert_quiet, assert_seeing


@pytest.mark.slow
def test_unchanged_suites_raise_no_alarm_and_cost_little() -> None:
    tally = Tally()
    for seed, run_noise in enumerate(RUN_NOISE):
        tally.merge(count([usual(0.0, 1, run_noise)] * 3, 100 * seed))
    assert_quiet(tally)


@pytest.mark.slow
def test_suites_of_different_spreads_raise_no_alarm_and_cost_little() -> None:
    tally = count([mixed(0.0, 1)] * 4, 0)
    tally.merge(count([layouts(0.0, 1)] * 4, 100))
    assert_quiet(tally)


@pytest.mark.slow
def test_the_hardest_null_raises_no_alarm() -> None:
    # all are worse by exactly the margin
    assert_quiet(count([usual(MARGIN, 1)] * 8, 0), MARGIN)


@pytest.mark.parametrize("change", [0.05, 0.10, 0.25])
def test_true_slowdowns_are_found(change: float) -> None:
    assert_seeing(count([usual(change, 4)] * 4, 0), change)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", KINDS)
def test_calibration_over_many_suites(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [f"{kind:8} worse  unchanged  cannot tell  launches  false suites"]
    for change, share, suites in ((0.0, 1, 100), (MARGIN, 1, 60), (0.05, 4, 40), (0.1, 4, 40)):
        it = count([KINDS[kind](change, share, RUN_NOISE[-1])] * suites, 1000)
        worse, passed = it.found(change), it.passed(change)
        lines.append(
            f"{change:7.0%} {worse:6.2%} {passed:10.2%} {it.undecided(change):12.2%} "
            f"{it.cost(change):9.1f} {it.false_suites:9}/{suites}"
        )
        # 1 suite in 100 is expected at most; 5 would be a rare accident
        assert it.false_suites <= 4
        if change == 0.0:
            assert it.cost(change) <= 6.0
            assert it.undecided(change) <= 0.015
        elif change == MARGIN:
            assert it.outcomes[change].total() == 100 * suites
        elif change == 0.05:
            assert worse >= 0.94
            assert passed <= 0.04
        else:
            assert worse >= 0.995
            assert passed <= 0.003
    with capsys.disabled():
        print("\n" + "\n".join(lines))  # noqa: T201 - the table is what this is for
