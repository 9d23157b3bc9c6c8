"""Made verdicts over equal code, counted and summed up."""

from dataclasses import replace

import pytest

from perfci.gate.policy import Policy
from perfci.model.comparison import Comparison
from perfci.model.evaluation import Evaluation
from perfci.model.measurement import Clock, Launch, Measurement, Stage
from perfci.noise.gates import Gate, gate_of
from perfci.noise.summary import Row, Summary, summarise
from perfci.stats.wording import ended_early
from tests.reports.builders import ERRORS, LATENCY, MEMORY, came, evaluation


def gate(*comparisons: Comparison, series: int = 0) -> Gate:
    return gate_of(evaluation(*comparisons), series=series or len(comparisons))


def calm(key: str = "codec/parse", **more: object) -> Comparison:
    return came(key, "unchanged", 0.004, (-0.01, 0.01), launches=4, **more)  # type: ignore[arg-type]


def alarm(change: float) -> Comparison:
    return came("codec/parse", "regressed", change)


def only(*gates: Gate) -> Row:
    (row,) = summarise(gates).rows
    return row


def test_a_false_alarm_is_counted_and_so_is_whether_it_would_have_failed_the_gate() -> None:
    small, large = gate(alarm(0.05), calm("codec/other")), gate(alarm(0.2), calm("codec/other"))
    summary = summarise([small, large, *[gate(calm(), calm("codec/other"))] * 3])

    assert (summary.false_alarms, summary.blocking, summary.alarmed) == (2, 1, 2)
    assert [(row.key, row.false_alarms, row.blocking) for row in summary.rows] == [
        ("codec/parse:latency", 2, 1),
        ("codec/other:latency", 0, 0),
    ]
    assert str(summary) == (
        "2 false alarms (1 would have failed the gate) in 5 gates of 2 series (10 verdicts),"
        " more than chance explains"
    )


def test_an_accepted_glob_or_a_budget_does_not_make_an_alarm_of_what_is_unchanged() -> None:
    evaluated = evaluation(calm(), policy=Policy())
    over = replace(evaluated.verdict.findings[0], blocking=True, over_budget=True)
    verdict = replace(evaluated.verdict, findings=(over,))
    summary = summarise([gate_of(replace(evaluated, verdict=verdict), series=1)])
    assert (summary.false_alarms, summary.blocking) == (0, 0)


@pytest.mark.parametrize(
    ("alarmed", "gates", "beyond"), [(0, 5, False), (1, 5, True), (1, 6, False), (2, 30, True)]
)
def test_more_alarms_than_one_gate_in_a_hundred_explains_are_told_apart(
    alarmed: int, gates: int, *, beyond: bool
) -> None:
    # 1 - 0.99^5 = 4.9 %, 1 - 0.99^6 = 5.9 %, two of thirty: 3.6 %
    made = [gate(alarm(0.2))] * alarmed + [gate(calm())] * (gates - alarmed)
    assert summarise(made).beyond_chance is beyond


def test_improved_and_inconclusive_are_counted_apart() -> None:
    summary = summarise(
        [
            gate(came("codec/parse", "improved", -0.1)),
            gate(came("codec/parse", "inconclusive", 0.02, needed=40)),
            gate(came("codec/parse", "inconclusive", 0.02, explanation=ended_early(Stage.SCREEN))),
        ]
    )
    (row,) = summary.rows
    assert (row.improved, row.inconclusive, row.cut, row.needed) == (1, 2, 1, 40)
    assert str(summary).endswith("(3 verdicts); 1 false improvement; 2 inconclusive")


def test_the_largest_change_is_that_in_either_direction() -> None:
    halved = only(gate(came("a/b", "unchanged", -0.5)), gate(came("a/b", "unchanged", 0.9)))
    assert halved.largest == pytest.approx(1.0)
    points = only(gate(came("a/b", "unchanged", -0.02, metric=ERRORS)))
    assert points.largest == pytest.approx(0.02)


def test_what_is_seen_is_the_median_and_shrinks_with_the_root_of_the_launches() -> None:
    # a 95 % interval of 8 % in logarithms: 2.05 half widths of 4 % are hidden beside the margin
    wide = came("a/b", "unchanged", 0.0, (-0.0392106, 0.0408108), detectable=0.095)
    row = only(gate(wide), gate(replace(wide, detectable=0.07)), gate(wide))
    assert row.sees == 0.095
    assert row.noise == pytest.approx(0.082, rel=1e-4)
    assert row.blind
    seen = [row.sees_with(times) for times in (1, 2, 4)]
    assert seen == pytest.approx([0.0963, 0.0703, 0.0523], abs=2e-4)
    assert row.possible_with(1) == pytest.approx(0.1079, abs=2e-4)


def test_values_that_repeat_have_no_noise() -> None:
    row = only(gate(came("a/b", "unchanged", 0.0, (0.0, 0.0))))
    assert (row.noise, row.sees_with(4), row.possible_with(1)) == (None, None, None)


def walls(evaluated: Evaluation, level: float) -> Evaluation:
    """Return an evaluation whose base has taken so many seconds of wall time."""
    launch = Launch(
        number=1, stage=Stage.SCREEN, position=0, clocks={Clock.WALL: (level,), Clock.CPU: (1.0,)}
    )
    run = evaluated.recording.base_run
    assert run is not None
    before = tuple(
        Measurement(id=it.id, metric=it.metric, launches=(launch,)) for it in run.measurements
    )
    base = replace(run, measurements=before)
    return replace(evaluated, recording=replace(evaluated.recording, base_run=base))


def test_run_against_run_compares_the_wall_time_of_gates_that_follow_each_other() -> None:
    levels = [1.0, 1.1, 0.8, 0.9]
    row = only(*(gate_of(walls(evaluation(calm()), level), series=1) for level in levels))
    assert row.plain == pytest.approx(1.1 / 0.8 - 1)
    assert row.plain_clock is Clock.WALL
    assert only(gate(calm())).plain is None


def test_run_against_run_of_what_is_no_duration_compares_the_values() -> None:
    row = only(*(gate(calm(metric=MEMORY, base=base)) for base in (1e6, 1.5e6)))
    assert row.plain == pytest.approx(0.5, rel=1e-6)
    assert row.plain_clock is Clock.VALUE


def test_a_gate_without_some_verdict_is_undecided_and_the_row_says_in_how_many_it_is() -> None:
    one = gate(calm(), series=2)
    assert one.undecided
    assert not gate(calm()).undecided
    summary = summarise([one, gate(calm(), calm("codec/other"))])
    assert [row.gates for row in summary.rows] == [2, 1]
    assert summary.verdicts == 3


def test_no_gate_at_all_is_a_summary_as_well() -> None:
    empty: Summary = summarise([])
    assert str(empty) == "0 false alarms in 0 gates of 0 series (0 verdicts)"
    assert not empty.beyond_chance


def test_launches_are_those_of_the_benchmarks_not_of_their_metrics() -> None:
    both = gate(calm(metric=LATENCY), calm(metric=MEMORY), calm("codec/other"))
    assert both.launches == 8
