"""The rule is a replay: the order of things, and things it need not look at, change nothing."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfci.model.comparison import Outcome
from perfci.model.measurement import Launch, Stage
from perfci.model.metric import Better, Metric
from perfci.stats.decide import compare_series, decide
from perfci.stats.series import Series
from tests.stats.lab import LATENCY, PAIRED, Noise, Truth, launch, run

T = TypeVar("T")
CHANGES = st.sampled_from([0.0, 0.0, 0.01, 0.05, 0.1, 0.3, -0.2])
SPREADS = st.sampled_from([0.0005, 0.01, 0.03, 0.1])
SUITES = st.lists(st.tuples(CHANGES, SPREADS), min_size=1, max_size=6)
SEEDS = st.integers(0, 2**32 - 1)
FEW = settings(max_examples=10, deadline=None, derandomize=True)


def suite_of(parts: Sequence[tuple[float, float]]) -> list[Truth]:
    return [
        Truth(name=f"n{at}", change=change, noise=Noise(run=0.05, launch=spread, value=spread))
        for at, (change, spread) in enumerate(parts)
    ]


def outcomes(series: Sequence[Series]) -> dict[str, Outcome]:
    return {it.key: it.outcome for it in compare_series(series, PAIRED)}


@given(SUITES, SEEDS)
@FEW
def test_when_nothing_more_is_asked_for_nothing_was_cut_short(
    parts: list[tuple[float, float]], seed: int
) -> None:
    series = run(suite_of(parts), seed)
    for it in compare_series(series, PAIRED):
        assert "ended" not in it.explanation
        assert it.launches in {4, 8, 12, 16} | {
            screen + fresh for screen in (4, 8, 12, 16) for fresh in (6, 12, 24, 36)
        }
        if it.outcome is Outcome.REGRESSED:
            assert it.launches >= 10


@pytest.mark.slow
@given(SUITES, SEEDS, st.randoms(use_true_random=False))
@FEW
def test_the_order_of_benchmarks_and_launches_changes_no_outcome(
    parts: list[tuple[float, float]], seed: int, chance: Random
) -> None:
    series = run(suite_of(parts), seed)
    mixed = [
        replace(it, base=shuffled(it.base, chance), head=shuffled(it.head, chance))
        for it in shuffled(series, chance)
    ]
    assert outcomes(mixed) == outcomes(series)


def shuffled(items: Sequence[T], chance: Random) -> tuple[T, ...]:
    return tuple(chance.sample(list(items), len(items)))


@pytest.mark.slow
@given(SUITES, SEEDS, st.floats(0.01, 100))
@FEW
def test_launches_that_a_decision_did_not_need_change_nothing(
    parts: list[tuple[float, float]], seed: int, wild: float
) -> None:
    series = run(suite_of(parts), seed)
    decided = compare_series(series, PAIRED)
    longer = []
    for it in series:
        # as if another metric of the same benchmark had needed them
        first = len(it.head) + 1
        more = [launch(wild, number=first + at, stage=Stage.SCREEN) for at in range(4)]
        more += [launch(wild, number=first + 4 + at, stage=Stage.CONFIRM) for at in range(12)]
        flat = [launch(1.0, number=it.number, stage=it.stage) for it in more]
        longer.append(replace(it, base=(*it.base, *flat), head=(*it.head, *more)))
    again = compare_series(longer, PAIRED)
    assert decide(longer, PAIRED).requests == {}
    for before, after in zip(decided, again, strict=True):
        assert after == before


@pytest.mark.slow
@given(SUITES, SEEDS, st.floats(1e-9, 1e9))
@FEW
def test_the_unit_changes_no_outcome(
    parts: list[tuple[float, float]], seed: int, factor: float
) -> None:
    series = run(suite_of(parts), seed)
    assert outcomes([scaled(it, lambda value: value * factor) for it in series]) == outcomes(series)


@pytest.mark.slow
@given(SUITES, SEEDS)
@FEW
def test_a_rate_is_judged_like_the_duration_it_is_one_over(
    parts: list[tuple[float, float]], seed: int
) -> None:
    # of one name, so that both have the same key and pool
    rate = Metric(name=LATENCY.name, unit="1/s", better=Better.HIGHER)
    durations = run(suite_of(parts), seed)
    rates = [replace(scaled(it, lambda value: 1 / value), metric=rate) for it in durations]
    assert outcomes(rates) == outcomes(durations)
    told = zip(compare_series(rates, PAIRED), compare_series(durations, PAIRED), strict=True)
    for fast, slow in told:
        assert fast.change is not None
        assert slow.change is not None
        assert (1 + fast.change) * (1 + slow.change) == pytest.approx(1)
        assert fast.p_value == pytest.approx(slow.p_value, abs=1e-9)


def scaled(one: Series, how: Callable[[float], float]) -> Series:
    def turned(launches: Sequence[Launch]) -> tuple[Launch, ...]:
        return tuple(
            replace(
                it,
                clocks={
                    clock: tuple(how(value) for value in values)
                    for clock, values in it.clocks.items()
                },
            )
            for it in launches
        )

    return replace(one, base=turned(one.base), head=turned(one.head))


@given(SUITES, SEEDS, st.integers(0, 60))
@FEW
def test_cut_short_anywhere_it_neither_fails_nor_passes_what_it_would_still_measure(
    parts: list[tuple[float, float]], seed: int, most: int
) -> None:
    cut = run(suite_of(parts), seed, most=most)
    asked = decide(cut, PAIRED).requests
    for it in compare_series(cut, PAIRED):
        if it.key in asked:
            assert it.outcome is Outcome.INCONCLUSIVE
