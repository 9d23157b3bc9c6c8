"""Two recorded runs, or a run and its history: every series gets an answer."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from perfci.model.comparison import Comparison, Outcome
from perfci.model.history import History, StoredRun
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Clock, Failure, Launch, Measurement, Side, Stage
from perfci.model.metric import Metric
from perfci.model.revision import Mode
from perfci.model.run import Environment, Run
from perfci.stats.centre import point
from perfci.stats.compare import compare
from perfci.stats.decide import compare_series
from perfci.stats.series import Design
from tests.stats.lab import (
    ERRORS,
    LATENCY,
    MEMORY,
    PAIRED,
    THROUGHPUT,
    jitter,
    launch,
    series,
    side,
)

HERE = Environment(cpu="AMD EPYC 7763", cores=2, kernel="Linux 6.8")
FILES, HISTORY = Design(mode=Mode.FILES), Design(mode=Mode.HISTORY)
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def made(
    name: str, level: float = 1.0, *, metric: Metric = LATENCY, n: int = 5, gated: bool = True
) -> Measurement:
    id_ = BenchmarkId(suite="codec", name=name)
    return Measurement(id=id_, metric=metric, launches=side(jitter(n, 0.005, level)), gated=gated)


def run_of(*measurements: Measurement, failures: Sequence[Failure] = (), id_: str = "now") -> Run:
    return Run(
        id=id_,
        commit="",
        branch="main",
        started_at=NOW,
        environment=HERE,
        measurements=measurements,
        failures=tuple(failures),
    )


def failure(name: str, side_: Side = Side.HEAD, *metrics: Metric) -> Failure:
    id_ = BenchmarkId(suite="codec", name=name)
    return Failure(id=id_, side=side_, reason="it crashed", metrics=metrics)


def told(comparisons: Sequence[Comparison]) -> list[tuple[str, str]]:
    return [(it.key.removeprefix("codec/"), it.outcome.value) for it in comparisons]


def test_heads_order_then_the_missing_then_the_failed() -> None:
    head = run_of(
        made("z"), made("new"), made("a"), failures=[failure("broken", Side.HEAD, LATENCY)]
    )
    base = run_of(made("gone"), made("a"), made("z"), made("broken"))
    assert told(compare(head, base, None, PAIRED)) == [
        ("z:latency", "unchanged"),
        ("new:latency", "new"),
        ("a:latency", "unchanged"),
        ("gone:latency", "missing"),
        ("broken:latency", "failed"),
    ]


def test_the_answer_is_that_of_the_series_alone() -> None:
    head, base = made("a", 1.3), made("a")
    alone = compare_series([series(base.launches, head.launches, name="a")], PAIRED)
    assert compare(run_of(head), run_of(base), None, PAIRED) == alone


def test_only_gated_measurements_are_compared() -> None:
    beside = made("a", metric=MEMORY, gated=False)
    found = compare(run_of(made("a"), beside), run_of(made("a"), beside), None, PAIRED)
    assert told(found) == [("a:latency", "unchanged")]
    dropped = compare(run_of(made("a")), run_of(made("a"), beside), None, PAIRED)
    assert told(dropped) == [("a:latency", "unchanged")]


def test_the_sensitivity_of_the_plan_is_kept_and_five_per_cent_is_usual() -> None:
    fine = replace(made("fine"), sensitivity=0.02)
    found = compare(run_of(fine, made("usual")), run_of(fine, made("usual")), None, PAIRED)
    assert [it.sensitivity for it in found] == [0.02, 0.05]


def test_a_failure_on_base_alone_is_a_failure_and_says_so() -> None:
    head = run_of(made("a"), failures=[failure("a", Side.BASE, LATENCY, MEMORY)])
    found = compare(head, run_of(made("a")), None, PAIRED)
    assert told(found) == [("a:latency", "failed"), ("a:memory_usage", "failed")]
    assert found[0].explanation == "base failed: it crashed"


def test_in_files_the_base_files_own_failure_is_bases() -> None:
    base = run_of(failures=[failure("a", Side.HEAD, LATENCY)])
    found = compare(run_of(made("a")), base, None, FILES)
    assert [(it.outcome, it.explanation) for it in found] == [
        (Outcome.FAILED, "base failed: it crashed")
    ]


def test_heads_failure_is_told_where_both_sides_failed() -> None:
    both = [failure("a", Side.BASE, LATENCY), failure("a", Side.HEAD, LATENCY)]
    found = compare(run_of(failures=both), run_of(), None, PAIRED)
    assert [it.explanation for it in found] == ["it crashed"]


@pytest.mark.parametrize("measured", [True, False])
def test_a_failure_that_names_no_metric_is_not_lost(measured: bool) -> None:  # noqa: FBT001 - a parameter
    there = [made("a", metric=THROUGHPUT)] if measured else []
    found = compare(run_of(*there, failures=[failure("a")]), None, None, Design(mode=Mode.RECORD))
    assert told(found) == [("a:throughput" if measured else "a:latency", "failed")]


def test_another_unit_on_the_other_side_is_refused() -> None:
    other = made("a", metric=replace(LATENCY, unit="B"))
    found = compare(run_of(made("a"), made("b")), run_of(other, made("b")), None, PAIRED)
    assert told(found) == [("a:latency", "failed"), ("b:latency", "unchanged")]
    assert "the units differ: B in base, s in head" in found[0].explanation


def test_record_mode_calls_everything_new() -> None:
    found = compare(run_of(made("a"), made("b")), None, None, Design(mode=Mode.RECORD))
    assert told(found) == [("a:latency", "new"), ("b:latency", "new")]
    assert found[0].head is not None


def stored(*measurements: Measurement, id_: str, fingerprint: str = HERE.fingerprint) -> StoredRun:
    return StoredRun(
        id=id_,
        commit="",
        started_at=NOW,
        fingerprint=fingerprint,
        verdict="pass",
        points={it.key: point(it) for it in measurements},
    )


def history(*runs: StoredRun) -> History:
    return History(branch="main", runs=runs)


def test_history_compares_with_runs_of_an_equal_environment() -> None:
    runs = [stored(made("a"), id_=str(at)) for at in range(9)]
    elsewhere = stored(made("a", 9.0), id_="x", fingerprint="other")
    found = compare(run_of(made("a")), None, history(*runs, elsewhere), HISTORY)
    assert told(found) == [("a:latency", "unchanged")]
    assert found[0].base is not None
    assert found[0].base.n == 9


def test_a_run_is_not_compared_with_itself() -> None:
    runs = [stored(made("a"), id_=str(at)) for at in range(9)]
    itself = stored(made("a", 5.0), id_="now")
    before = compare(run_of(made("a", 5.0)), None, history(*runs), HISTORY)
    after = compare(run_of(made("a", 5.0)), None, history(*runs, itself), HISTORY)
    assert before == after


def test_what_the_newest_stored_run_had_and_head_has_not_is_missing() -> None:
    older = stored(made("a"), made("older"), id_="1")
    newest = stored(made("a"), made("gone", 3.0, metric=MEMORY), made("beside"), id_="2")
    odd = replace(newest, points={**newest.points, "no key": next(iter(newest.points.values()))})
    head = run_of(made("a"), made("beside", gated=False))
    found = compare(head, None, history(older, odd), HISTORY)
    assert told(found)[1:] == [("gone:memory_usage", "missing")]
    assert found[1].base is not None
    assert found[1].base.point == pytest.approx(3.0, rel=0.01)
    assert found[1].metric == MEMORY


def test_a_newer_run_of_another_suite_neither_is_missed_nor_hides_what_is() -> None:
    own = stored(made("a"), made("gone"), id_="1")
    other = stored(made("elsewhere"), id_="2")
    found = compare(run_of(made("a")), None, history(own, other), HISTORY)
    assert told(found)[1:] == [("gone:latency", "missing")]
    renamed = compare(run_of(made("b")), None, history(own), HISTORY)
    assert [key for key, outcome in told(renamed) if outcome == "missing"] == [
        "a:latency",
        "gone:latency",
    ]


def test_a_newer_run_of_a_part_of_the_suite_hides_nothing_that_is_missed() -> None:
    whole = stored(made("a"), made("gone"), id_="1")
    part = replace(stored(made("a"), id_="2"), partial=True)
    found = compare(run_of(made("a")), None, history(whole, part), HISTORY)
    assert told(found)[1:] == [("gone:latency", "missing")]
    assert told(compare(run_of(made("a")), None, history(part), HISTORY))[1:] == []


def test_without_any_history_everything_is_new() -> None:
    assert told(compare(run_of(made("a")), None, None, HISTORY)) == [("a:latency", "new")]


def test_a_point_keeps_every_clock_and_the_spread_of_the_deciding_one() -> None:
    launches = [
        Launch(
            number=at,
            stage=Stage.SCREEN,
            position=0,
            clocks={Clock.NET: (net, net, 99.0), Clock.CPU: (0.5,) * 3, Clock.WALL: (net + 1,) * 3},
            delay=(0.1,) * 3,
        )
        for at, net in enumerate([1.0, 1.1, 1.2])
    ]
    id_ = BenchmarkId(suite="codec", name="a")
    kept = point(Measurement(id=id_, metric=LATENCY, launches=tuple(launches)))
    assert kept.centres == {Clock.NET: 1.1, Clock.CPU: 0.5, Clock.WALL: 2.1}
    assert kept.clock is Clock.NET
    assert kept.n == 3
    logs = [math.log(net) for net in (1.0, 1.1, 1.2)]
    mean = sum(logs) / 3
    assert kept.spread == pytest.approx(math.sqrt(sum((it - mean) ** 2 for it in logs) / 2))


@pytest.mark.parametrize(
    ("values", "centres"), [((math.nan, 1.0), {}), ((0.0, 0.0), {Clock.VALUE: 0.0})]
)
def test_a_point_never_holds_what_is_no_number(
    values: tuple[float, ...], centres: dict[Clock, float]
) -> None:
    launches = tuple(launch(*values, number=at) for at in range(2))
    id_ = BenchmarkId(suite="codec", name="a")
    kept = point(Measurement(id=id_, metric=MEMORY, launches=launches))
    assert kept.centres == centres
    assert kept.spread == 0.0


def test_the_spread_of_an_absolute_metric_is_in_its_own_unit() -> None:
    id_ = BenchmarkId(suite="codec", name="a")
    rates = Measurement(id=id_, metric=ERRORS, launches=side([0.0, 0.02]))
    assert point(rates).spread == pytest.approx(0.02 / math.sqrt(2))
