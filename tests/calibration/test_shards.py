"""A suite in shards, gated together, is as quiet and sees as much as in one piece."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from benchmarks.noise.follow import PAIRED
from benchmarks.noise.suites import KINDS, RUN_NOISE, count, judge, mixed, usual
from benchmarks.noise.synthetic import Truth
from benchmarks.noise.tally import MARGIN, Judged, Tally
from perfci.model.identity import BenchmarkId
from perfci.plan.shards import split
from tests.calibration.bounds import assert_quiet, assert_seeing

SHARDS = 4


def judge_sharded(truths: Sequence[Truth], seed: int, shards: int) -> list[Judged]:
    """Judge a suite shard by shard, each with its share of the error level, and join them."""
    named = {BenchmarkId(suite="codec", name=it.name): it for it in truths}
    found: list[Judged] = []
    for at, ids in enumerate(split(tuple(named), shards)):
        own = [named[each] for each in sorted(ids)]
        share = replace(PAIRED, alpha=PAIRED.alpha * len(own) / len(truths))
        found += judge(own, seed * 1000 + at, share)
    return found


def count_sharded(suites: Sequence[Sequence[Truth]], seed: int, shards: int = SHARDS) -> Tally:
    tally = Tally()
    for at, truths in enumerate(suites):
        tally.add(judge_sharded(truths, seed + at, shards))
    return tally


@pytest.mark.slow
def test_unchanged_suites_in_shards_raise_no_alarm_and_cost_little() -> None:
    tally = count_sharded([usual(0.0, 1)] * 4, 0)
    tally.merge(count_sharded([mixed(0.0, 1)] * 4, 100))
    assert_quiet(tally)


@pytest.mark.slow
def test_the_hardest_null_in_shards_raises_no_alarm() -> None:
    assert_quiet(count_sharded([usual(MARGIN, 1)] * 8, 0), MARGIN)


@pytest.mark.slow
@pytest.mark.parametrize("change", [0.05, 0.25])
def test_true_slowdowns_in_shards_are_found(change: float) -> None:
    assert_seeing(count_sharded([usual(change, 4)] * 4, 0), change)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", KINDS)
def test_calibration_of_shards_beside_whole_suites(
    kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [f"{kind:8} {'':10} worse  unchanged  cannot tell  launches  false suites"]
    # whole suites are the yardstick of cost and of what is found: 1,000 benchmarks tell those
    for change, share, suites, beside in (
        (0.0, 1, 30, 10),
        (MARGIN, 1, 30, 2),
        (0.05, 4, 10, 10),
        (0.1, 4, 10, 10),
        (0.25, 4, 5, 5),
    ):
        truths = [KINDS[kind](change, share, RUN_NOISE[-1])] * suites
        whole, parted = count(truths[:beside], 1000), count_sharded(truths, 1000)
        for name, it in (("whole", whole), (f"{SHARDS} shards", parted)):
            lines.append(
                f"{change:7.0%}  {name:10} {it.found(change):6.2%} {it.passed(change):10.2%} "
                f"{it.undecided(change):12.2%} {it.cost(change):9.1f} "
                f"{it.false_suites:9}/{it.suites}"
            )
        # 1 suite in 100 is expected at most; 4 of 30 would be a rare accident
        assert parted.false_suites <= 3
        if change > MARGIN:
            assert parted.found(change) >= whole.found(change) - 0.03
        elif change == 0.0:
            assert parted.cost(change) <= whole.cost(change) + 0.4
            assert parted.undecided(change) <= 0.015
    with capsys.disabled():
        print("\n" + "\n".join(lines))  # noqa: T201 - the table is what this is for
