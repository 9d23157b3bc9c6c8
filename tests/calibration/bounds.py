"""What the counts of a sound rule have to be: broken ones miss these bounds, chance does not.

A sound rule misses each of them less than once in 10,000 tries (binomial tails at the rates that
`python -m benchmarks.noise --suites 60` measured: no false suite in 300, nor in 300 at the margin;
98 % of 3,750 true 5 % found; all of as many true 10 %).
"""

from benchmarks.noise.tally import MARGIN, Tally


def assert_quiet(tally: Tally, change: float = 0.0) -> None:
    """Hold suites, of which everything is truly unchanged (or at the margin), against bounds."""
    assert tally.suites >= 8
    assert change in {0.0, MARGIN}
    assert tally.false_suites <= 2
    assert tally.found(change) <= 0.003
    if change == 0.0:
        assert tally.passed(change) >= 0.98
        assert tally.undecided(change) <= 0.015
        assert tally.cost(change) <= 6.0


def assert_seeing(tally: Tally, change: float) -> None:
    """Hold suites of which a quarter is truly worse by a change against bounds."""
    assert tally.outcomes[change].total() >= 100
    assert tally.false_suites <= 2
    if change < 0.10:
        assert tally.found(change) >= 0.88
        assert tally.passed(change) <= 0.11
    else:
        assert tally.found(change) >= 0.97
        assert tally.passed(change) <= 0.02
