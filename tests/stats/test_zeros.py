"""Counts and sizes that are 0: none on one side and some on the other is a change like any."""

from dataclasses import replace

import pytest

from perfci.model.comparison import Outcome
from perfci.model.history import Point
from perfci.model.measurement import Clock
from perfci.model.metric import Better, Metric
from perfci.model.revision import Mode
from perfci.stats.decide import compare_series, decide
from perfci.stats.series import Design
from tests.stats.lab import MEMORY, THROUGHPUT, compared, series, side

ALLOCATIONS = Metric(name="allocations", unit="count", better=Better.LOWER)
ALLOCATED = Metric(name="allocated", unit="B", better=Better.LOWER)
HISTORY = Design(mode=Mode.HISTORY)


@pytest.mark.parametrize("metric", [ALLOCATIONS, ALLOCATED])
@pytest.mark.parametrize(
    ("base", "head", "outcome", "change"),
    [
        (0.0, 3.0, Outcome.REGRESSED, 5.0),
        (3.0, 0.0, Outcome.IMPROVED, -5 / 6),
        (0.0, 0.0, Outcome.UNCHANGED, 0.0),
        (0.0, 1.0, Outcome.REGRESSED, 1.0),
        (0.0, 0.2, Outcome.REGRESSED, 1.0),
    ],
)
def test_a_zero_counts_as_one_half(
    metric: Metric, base: float, head: float, outcome: Outcome, change: float
) -> None:
    found = compared(
        series(side([base] * 16), side([head] * 16), metric=metric),
        Design(mode=Mode.FILES),
    )
    assert found.outcome is outcome
    assert found.change == pytest.approx(change)
    assert bool(found.warnings) is (base != head)


@pytest.mark.parametrize("metric", [THROUGHPUT, MEMORY])
def test_a_rate_of_zero_is_no_count_and_no_process_is_without_memory(metric: Metric) -> None:
    found = compared(series(side([0.0] * 4), side([3.0] * 4), metric=metric))
    assert found.outcome is Outcome.FAILED


def test_stored_zeros_are_compared_with_alike() -> None:
    past = tuple(
        Point(centres={Clock.VALUE: 0.0}, clock=Clock.VALUE, spread=0.0, n=1, unit="count")
        for _ in range(6)
    )
    given = replace(series((), side([3.0]), metric=ALLOCATIONS, past=past), given=True)
    (found,) = compare_series([given], HISTORY)
    assert found.outcome is Outcome.REGRESSED
    assert decide([given], HISTORY).requests == {}, "what was measured before is not asked again"
