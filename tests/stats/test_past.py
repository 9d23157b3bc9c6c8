"""The history rule: head against stored runs."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from perfci.model.comparison import Outcome
from perfci.model.history import History, Point, StoredRun
from perfci.model.measurement import Clock, Launch, Stage
from perfci.model.revision import Mode
from perfci.stats.decide import Request, compare_series, decide
from perfci.stats.numeric import t_quantile, t_sf
from perfci.stats.points import points_by_series
from perfci.stats.series import Design, Series
from tests.stats.lab import MEMORY, THROUGHPUT, compared, jitter, launch, series, side

HISTORY = Design(mode=Mode.HISTORY)
RECORD = Design(mode=Mode.RECORD)
SCREEN, CONFIRM = Stage.SCREEN, Stage.CONFIRM
STEADY = [1.0, 1.01, 0.99, 1.02, 0.98, 1.0, 1.01, 0.99]


def stored(value: float, clock: Clock = Clock.VALUE, unit: str = "s") -> Point:
    return Point(centres={clock: value}, clock=clock, spread=0.01, n=5, unit=unit)


def past(values: Sequence[float]) -> tuple[Point, ...]:
    return tuple(stored(value) for value in values)


def head(
    level: float, *, confirm: float | None = None, runs: Sequence[float] = STEADY, name: str = "x"
) -> Series:
    launches = side(jitter(5, 0.01, level))
    if confirm is not None:
        launches += side(jitter(5, 0.01, confirm), CONFIRM, 6)
    return series((), launches, past=past(runs), name=name)


def wanted(one: Series, design: Design = HISTORY) -> Request | None:
    return decide([one], design).requests.get(one.key)


def test_a_set_is_five_launches_or_as_many_as_rounds_say() -> None:
    empty = series((), (), past=past(STEADY))
    assert wanted(empty) == Request(stage=SCREEN, launches=5)
    assert wanted(empty, replace(HISTORY, rounds=3)) == Request(stage=SCREEN, launches=3)
    assert wanted(replace(empty, head=side([1.0] * 3))) == Request(stage=SCREEN, launches=2)


def test_an_unchanged_run_is_unchanged_up_to_ten_per_cent() -> None:
    assert wanted(head(1.0)) is None
    comparison = compared(head(1.0), HISTORY)
    assert comparison.outcome is Outcome.UNCHANGED
    assert comparison.sensitivity == pytest.approx(0.10)
    assert comparison.detectable is not None
    assert comparison.detectable >= 0.10
    assert not comparison.paired
    assert not comparison.weak
    assert comparison.base is not None
    assert (comparison.base.n, comparison.base.method) == (8, "median of stored runs")


def test_a_suspicion_asks_for_a_second_set_which_must_agree() -> None:
    assert wanted(head(1.4)) == Request(stage=CONFIRM, launches=5)
    assert compared(head(1.4), HISTORY).outcome is Outcome.INCONCLUSIVE
    confirmed = head(1.4, confirm=1.5)
    assert wanted(confirmed) is None
    comparison = compared(confirmed, HISTORY)
    assert comparison.outcome is Outcome.REGRESSED
    assert comparison.change == pytest.approx(0.5, abs=0.02)
    assert comparison.launches == 10
    assert compared(head(1.4, confirm=1.0), HISTORY).outcome is Outcome.UNCHANGED


def test_where_nothing_can_confirm_a_suspicion_stands_and_is_called_weak() -> None:
    design = replace(HISTORY, confirms=False)
    assert wanted(head(1.4), design) is None
    comparison = compared(head(1.4), design)
    assert comparison.outcome is Outcome.REGRESSED
    assert comparison.weak
    assert "confirm" in comparison.explanation


def test_less_than_ten_per_cent_is_never_called_worse() -> None:
    runs = jitter(20, 0.001)
    assert compared(head(1.09, confirm=1.09, runs=runs), HISTORY).outcome is not Outcome.REGRESSED
    assert compared(head(1.13, confirm=1.13, runs=runs), HISTORY).outcome is Outcome.REGRESSED


def test_a_large_sensitivity_asks_for_twice_as_much() -> None:
    large = head(1.5, confirm=1.5, runs=jitter(20, 0.001))
    assert compared(replace(large, sensitivity=0.2), HISTORY).outcome is Outcome.REGRESSED
    assert compared(replace(large, sensitivity=0.3), HISTORY).outcome is not Outcome.REGRESSED


def test_the_numbers_are_those_of_the_formulas() -> None:
    logs = [math.log(value) for value in STEADY]
    variance = (0.05**2 + 7 * float(np.var(logs, ddof=1))) / 8
    error = math.sqrt(variance * (1 + 1 / 8))
    x = math.log(1.02) - float(np.mean(logs))
    comparison = compared(series((), side([1.02] * 5), past=past(STEADY)), HISTORY)
    assert comparison.change == pytest.approx(math.expm1(x))
    assert comparison.p_value == pytest.approx(float(t_sf(x / error, 8)))
    assert comparison.interval is not None
    reach = float(t_quantile(0.975, 8)) * error
    assert comparison.interval.high == pytest.approx(math.expm1(x + reach))


def test_one_stored_run_can_show_a_large_worsening_and_is_called_weak() -> None:
    comparison = compared(head(2.0, confirm=2.0, runs=[1.0]), HISTORY)
    assert comparison.outcome is Outcome.REGRESSED
    assert comparison.weak
    assert comparison.explanation.startswith("1 run is stored")
    # a busy neighbour moves one run by as much
    assert compared(head(1.6, confirm=1.6, runs=[1.0]), HISTORY).outcome is Outcome.INCONCLUSIVE
    unsure = compared(head(1.0, runs=[1.0, 1.0]), HISTORY)
    assert unsure.outcome is Outcome.INCONCLUSIVE
    assert unsure.needed is None
    assert "2 runs are stored, and it takes five" in unsure.explanation


def test_restless_history_is_inconclusive_and_says_why() -> None:
    comparison = compared(head(1.0, runs=jitter(20, 0.3)), HISTORY)
    assert comparison.outcome is Outcome.INCONCLUSIVE
    assert "20 stored runs spread by" in comparison.explanation


def test_only_the_last_twenty_runs_count() -> None:
    assert compared(head(1.0, runs=[50.0] * 9 + STEADY * 2 + STEADY[:4]), HISTORY).outcome is (
        Outcome.UNCHANGED
    )


def test_holm_holds_the_error_over_all_series() -> None:
    # 1.28 over a history of 4 % is enough alone, and not among a thousand
    runs = jitter(6, 0.05)
    alone = head(1.28, runs=runs, name="alone")
    assert wanted(alone) == Request(stage=CONFIRM, launches=5)
    many = [head(1.0, runs=runs, name=f"n{at}") for at in range(1000)]
    assert alone.key not in decide([alone, *many], HISTORY).requests
    unmeasured = [replace(it, head=()) for it in many]
    assert compare_series([alone, *unmeasured], HISTORY)[0].launches == 5
    assert "confirm" not in compare_series([alone, *unmeasured], HISTORY)[0].explanation


def test_a_throughput_that_grew_is_no_regression() -> None:
    one = replace(
        head(1.6), metric=THROUGHPUT, past=tuple(stored(1.0, unit="1/s") for _ in "12345")
    )
    comparison = compared(one, HISTORY)
    assert comparison.outcome is Outcome.IMPROVED
    assert comparison.change == pytest.approx(0.6, abs=0.02)


def test_without_stored_runs_it_is_new_and_five_launches_are_recorded() -> None:
    empty, full = series((), ()), series((), side(jitter(5, 0.01)))
    for design in (HISTORY, RECORD):
        assert wanted(empty, design) == Request(stage=SCREEN, launches=5)
        assert wanted(full, design) is None
        comparison = compared(full, design)
        assert comparison.outcome is Outcome.NEW
        assert comparison.head is not None
        assert comparison.head.n == 5
        assert comparison.head.interval is not None
        assert comparison.head.interval.low < comparison.head.point < comparison.head.interval.high
    assert wanted(empty, replace(RECORD, rounds=2)) == Request(stage=SCREEN, launches=2)


def test_record_mode_looks_at_no_stored_run() -> None:
    assert compared(head(9.0), RECORD).outcome is Outcome.NEW


def everything(wall: float, net: float, number: int) -> Launch:
    clocks = {Clock.NET: (net,), Clock.CPU: (net,), Clock.WALL: (wall,)}
    return Launch(number=number, stage=SCREEN, position=0, clocks=clocks, delay=(0.01,))


@pytest.mark.parametrize(
    ("known", "clock"),
    [
        ({Clock.NET: 0.9, Clock.CPU: 0.9, Clock.WALL: 5.0}, Clock.NET),
        ({Clock.CPU: 0.9, Clock.WALL: 5.0}, Clock.CPU),
        ({Clock.WALL: 1.0}, Clock.WALL),
    ],
)
def test_the_clock_is_one_that_every_stored_run_knows(
    known: Mapping[Clock, float], clock: Clock
) -> None:
    point = Point(centres=known, clock=Clock.WALL, spread=0.01, n=5, unit="s")
    one = series((), [everything(1.0, 0.9, at) for at in range(5)], past=(point,) * 6)
    comparison = compared(one, HISTORY)
    assert comparison.clock is clock
    assert comparison.change == pytest.approx(0.0)


def test_points_in_another_unit_or_clock_are_no_baseline() -> None:
    one = series((), side([1.0] * 5), past=(stored(1.0, unit="B"), stored(1.0, Clock.CPU)))
    assert compared(one, HISTORY).outcome is Outcome.NEW


def test_zeros_are_equal_to_stored_zeros_and_to_nothing_else() -> None:
    zeros = series((), [launch(0.0, number=at) for at in range(5)], metric=MEMORY)
    none, some = stored(0.0, unit="B"), stored(4.0, unit="B")
    assert compared(replace(zeros, past=(none,)), HISTORY).outcome is Outcome.UNCHANGED
    assert compared(replace(zeros, past=(some,)), HISTORY).outcome is Outcome.FAILED
    more = series((), side([4.0] * 5), metric=MEMORY, past=(none,))
    assert compared(more, HISTORY).outcome is Outcome.FAILED


def test_a_baseline_is_of_this_environment_unregressed_and_not_the_run_itself() -> None:
    def run(id_: str, fingerprint: str, value: float, *, regressed: bool = False) -> StoredRun:
        return StoredRun(
            id=id_,
            commit="",
            started_at=datetime(2026, 1, 1, tzinfo=UTC),
            fingerprint=fingerprint,
            verdict="pass",
            points={"codec/x:latency": replace(stored(value), regressed=regressed)},
        )

    runs = (
        run("1", "here", 1.0),
        run("2", "elsewhere", 2.0),
        run("3", "here", 3.0, regressed=True),
        run("4", "here", 4.0),
        run("5", "here", 5.0),
    )
    found = points_by_series(History(branch="main", runs=runs), "here", without="5")
    assert [point.centres[Clock.VALUE] for point in found["codec/x:latency"]] == [1.0, 4.0]


def test_running_out_of_time_is_inconclusive() -> None:
    early = series((), side([1.0, 1.0]), past=past(STEADY), name="early")
    late = series((), (), past=past(STEADY), name="late")
    found = compare_series([early, late, head(1.0)], HISTORY)
    assert [it.outcome for it in found] == [
        Outcome.INCONCLUSIVE,
        Outcome.INCONCLUSIVE,
        Outcome.UNCHANGED,
    ]
    assert found[0].launches == 2
    assert found[1].explanation == "it was not measured"


def test_stored_runs_in_another_unit_are_told_and_not_passed_over() -> None:
    other = series((), side([4.0] * 5), metric=MEMORY, past=(stored(4.0, unit="s"),))
    found = compared(other, HISTORY)
    assert found.outcome is Outcome.FAILED
    assert "the units differ: s in the stored runs, B in head" in found.explanation
