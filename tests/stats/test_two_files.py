"""Two files: what is told of launches and values that another tool measured."""

import math

import numpy as np
import pytest

from perfci.model.comparison import Comparison, Outcome
from perfci.model.given import Given
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Clock
from perfci.model.metric import Better, Metric
from perfci.model.revision import Mode
from perfci.stats.decide import compare_series
from perfci.stats.series import Design, Series

LATENCY = Metric(name="latency", unit="s", better=Better.LOWER)
FILES = Design(mode=Mode.FILES)
Launches = list[list[float]]


def compared(*sides: tuple[Launches, Launches]) -> tuple[Comparison, ...]:
    series = [
        Series(
            id=BenchmarkId(suite="default", name=f"b{at}"),
            metric=LATENCY,
            sensitivity=0.05,
            base=Given(Clock.WALL, base),
            head=Given(Clock.WALL, head),
            given=True,
        )
        for at, (base, head) in enumerate(sides)
    ]
    return compare_series(series, FILES)


def test_a_lone_launch_lies_where_the_median_of_its_values_does() -> None:
    base, head = [1.0, 1.9, 1.05, 0.9, 9.0, 1.5, 1.0], [2.0, 2.1, 1.8, 2.1, 90.0, 2.9, 2.0]
    (found,) = compared(([base], [head]))
    assert found.change == pytest.approx(2.1 / 1.05 - 1)
    assert found.base is not None
    assert found.base.point == 1.05


def test_of_more_series_than_are_looked_at_together_each_has_its_own_change() -> None:
    rng = np.random.default_rng(2)
    noise = np.exp(rng.normal(0.0, 0.001, (2, 1_500, 6, 1)))
    changes = np.linspace(0.0, 0.5, 1_500)
    noise[1] *= (1.0 + changes)[:, None, None]
    found = compared(*zip(noise[0].tolist(), noise[1].tolist(), strict=True))
    told = [each.change for each in found if each.change is not None]
    assert told == pytest.approx(changes.tolist(), abs=0.005)
    assert {each.outcome for each in found[:100]} == {Outcome.UNCHANGED}
    assert {each.outcome for each in found[-100:]} == {Outcome.REGRESSED}


def test_the_interval_of_a_side_holds_its_true_level_as_often_as_it_says() -> None:
    rng = np.random.default_rng(3)
    launches = np.exp(rng.normal(0.0, 0.02, (2_000, 8, 1))).tolist()
    held = 0
    for found in compared(*zip(launches, launches, strict=True)):
        assert found.base is not None
        interval = found.base.interval
        assert interval is not None
        held += interval.low <= 1.0 <= interval.high
        assert math.sqrt(interval.low * interval.high) == pytest.approx(found.base.point)
    assert 0.93 < held / 2_000 < 0.98
