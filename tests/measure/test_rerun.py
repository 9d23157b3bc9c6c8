"""A rerun of the same two commits goes on where the last one stopped."""

from dataclasses import replace
from datetime import UTC, datetime

from perfci.errors import MeasurementError, WorktreeError
from perfci.measure.measured import Beforehand, Measured
from perfci.model.benchmark import Benchmark
from perfci.model.comparison import Outcome
from perfci.model.context import Context
from perfci.model.history import History, Point
from perfci.model.measurement import Clock, Side, Stage
from perfci.model.revision import Mode, Revision
from perfci.model.run import Environment, Recording, Run
from perfci.plan.plan import Plan
from perfci.ports import LaunchOrder, LaunchReport
from perfci.stats.compare import compare
from perfci.stats.series import Design
from tests.measure.test_loop import Known, Ticking, count, plan, run


def recorded(measured: Measured, number: int = 1) -> Recording:
    """Return what is kept of a measurement."""
    head = Run(
        id=f"20261126T00000{number}Z-aa",
        commit="b",
        branch="x",
        started_at=datetime(2026, 11, 26, tzinfo=UTC),
        environment=Environment(cpu="c", cores=2, kernel="Linux 6.8"),
        measurements=measured.head,
        failures=measured.failures,
    )
    return Recording(
        project="p",
        version="1",
        mode=Mode.PAIRED,
        mode_reason="asked",
        seed=7,
        rounds=None,
        head=Revision(commit="b"),
        base=Revision(commit="a"),
        run=head,
        base_run=replace(head, measurements=measured.base, failures=measured.fallen),
        earlier=measured.pooled.runs,
    )


def again(what: Plan, known: Known, *earlier: Recording) -> Measured:
    return run(what, known, Beforehand(base="a", head="b", earlier=earlier))


def outcomes(recording: Recording) -> dict[str, Outcome]:
    found = compare(recording.run, recording.base_run, None, Design(mode=Mode.PAIRED))
    return {item.id.name: item.outcome for item in found}


def test_a_rerun_of_what_is_decided_measures_nothing_and_says_the_same() -> None:
    what = plan("a", "b", "slow+25")
    first = run(what, Known(Ticking()))
    runner = Known(Ticking())
    second = again(what, runner, recorded(first))
    assert runner.orders == []
    assert values(second) == values(first)
    assert second.pooled.runs == ("20261126T000001Z-aa",)
    assert outcomes(recorded(second, 2)) == outcomes(recorded(first))
    assert outcomes(recorded(second, 2))["slow+25"] is Outcome.REGRESSED


def values(measured: Measured) -> list[object]:
    return [
        [(launch.number, launch.stage, launch.clocks) for launch in item.launches]
        for item in (*measured.base, *measured.head)
    ]


def test_nothing_is_even_warmed_up_for_it() -> None:
    what = plan("a", "b")
    runner = Known(Ticking())
    first = run(what, runner)

    def fail(benchmark: Benchmark, sides: tuple[Side, ...]) -> None:
        raise MeasurementError("it would have been prepared")

    runner.prepare = fail  # type: ignore[method-assign]
    assert again(what, runner, recorded(first)).failures == ()


def test_a_rerun_of_what_was_cut_off_goes_on_from_there() -> None:
    what = plan("a", "b", "slow+25")
    short = run(replace(what, max_time=0.75), Known(Ticking()))
    assert "undecided" in short.warnings[0]
    runner = Known(Ticking())
    second = again(what, runner, recorded(short))
    kept = {item.key: len(item.launches) for item in short.head}
    for item in second.head:
        fresh = [it for it in runner.orders if it.benchmark.id == item.id]
        assert len(item.launches) == kept[item.key] + len(fresh)
        assert [launch.number for launch in item.launches] == list(range(1, len(item.launches) + 1))
        assert len({launch.position for launch in item.launches}) == len(item.launches)
    assert outcomes(recorded(second, 2))["slow+25"] is Outcome.REGRESSED


def test_the_launches_of_a_rerun_have_chances_of_their_own() -> None:
    what = plan("slow+25")
    first, second = Known(Ticking()), Known(Ticking())
    short = run(replace(what, max_time=0.45), first)
    again(what, second, recorded(short))
    whole = Known(Ticking())
    run(what, whole)
    seeds = {order.number: order.seed for order in whole.orders}
    assert all(order.seed != seeds[order.number] for order in second.orders)


def test_what_is_new_in_the_plan_is_measured_and_what_changed_begins_anew() -> None:
    what = plan("a", "b")
    first = run(what, Known(Ticking()))
    runner = Known(Ticking())
    changed = replace(what.benchmarks[1], warmup=3)
    wider = replace(plan("a", "b", "c"), setup=what.setup)
    wider = replace(wider, benchmarks=(wider.benchmarks[0], changed, wider.benchmarks[2]))
    second = again(wider, runner, recorded(first))
    assert {order.benchmark.id.name for order in runner.orders} == {"b", "c"}
    assert {order.number for order in runner.orders} >= {1, 2, 3, 4}
    assert count(second, "a") == count(first, "a")


def test_of_several_runs_all_launches_count_once_the_oldest_first() -> None:
    what = plan("slow+25")
    first = recorded(run(replace(what, max_time=0.25), Known(Ticking())), 1)
    beside = recorded(run(replace(what, max_time=0.35, seed=9), Known(Ticking())), 2)
    after = recorded(again(replace(what, max_time=0.25), Known(Ticking()), first), 3)
    runner = Known(Ticking())
    pooled = again(replace(what, max_time=0.01), runner, first, beside, after)
    assert pooled.pooled.runs == (first.run.id, beside.run.id, after.run.id)
    (head,) = pooled.head
    values = [launch.clocks for launch in head.launches]
    assert values[:2] == [launch.clocks for launch in first.run.measurements[0].launches]
    assert len(values) == 2 + 3 + 2, "what one had taken from another is there once"
    assert [launch.number for launch in head.launches] == list(range(1, 8))


def test_a_part_of_the_suite_or_other_rounds_are_a_matter_of_their_own() -> None:
    what = plan("a", "slow+25")
    kept = recorded(run(what, Known(Ticking())))
    part = replace(what, design=replace(what.design, partial=True))
    fixed = replace(what, design=replace(what.design, rounds=5))
    assert again(part, Known(Ticking()), kept).pooled.runs == ()
    assert again(fixed, Known(Ticking()), kept).pooled.runs == ()
    assert again(what, Known(Ticking()), replace(kept, partial=True)).pooled.runs == ()


def test_a_rerun_does_not_look_beyond_the_last_look() -> None:
    # at the margin nothing is ever decided: 16 launches to screen, or 36 more to confirm
    what = plan(*(f"edge{at}+3.3" for at in range(4)))
    first = run(what, Known(Ticking()))
    runner = Known(Ticking())
    again(what, runner, recorded(first))
    assert runner.orders == []
    stages = [launch.stage for item in first.head for launch in item.launches]
    assert stages.count(Stage.SCREEN) <= 4 * 16


class Broken(Known):
    """Base cannot run what is called so."""

    def prepare(self, benchmark: Benchmark, sides: tuple[Side, ...]) -> None:
        if benchmark.id.name.startswith("broken") and Side.BASE in sides:
            raise MeasurementError("it exited with 3", side="base")


def test_what_base_cannot_run_is_measured_on_head_alone() -> None:
    measured = run(plan("a", "broken"), Broken(Ticking()))
    assert not measured.failures
    assert [failure.reason for failure in measured.fallen] == ["it exited with 3"]
    assert count(measured, "broken") == 5
    assert [item.id.name for item in measured.base] == ["a"]
    found = outcomes(recorded(measured))
    assert found == {"a": Outcome.UNCHANGED, "broken": Outcome.INCONCLUSIVE}


def test_where_base_does_not_build_all_are() -> None:
    before = Beforehand(base="a", head="b", broken=WorktreeError("setup failed on base"))
    measured = run(plan("a", "b"), Known(Ticking()), before)
    assert {failure.id.name for failure in measured.fallen} == {"a", "b"}
    assert measured.warnings == (
        "base cannot run it: setup failed on base; head alone was measured",
    )


def test_a_rerun_after_base_could_not_run_tries_it_again() -> None:
    what = plan("a", "broken")
    first = run(what, Broken(Ticking()))
    second = again(what, Known(Ticking()), recorded(first))
    assert second.fallen == ()
    assert outcomes(recorded(second, 2)) == {"a": Outcome.UNCHANGED, "broken": Outcome.UNCHANGED}


def test_without_history_a_base_that_cannot_run_is_no_pass() -> None:
    measured = run(plan("broken"), Broken(Ticking()))
    recording = recorded(measured)
    (found,) = compare(
        recording.run, recording.base_run, History(branch="main"), Design(mode=Mode.PAIRED)
    )
    assert found.outcome is Outcome.INCONCLUSIVE
    assert "it exited with 3" in found.explanation
    assert "no run that it could be compared with is stored" in found.explanation


def test_of_a_fork_a_base_that_cannot_run_is_a_failure() -> None:
    what = replace(plan("a", "broken"), context=Context(is_fork=True))
    measured = run(what, Broken(Ticking()))
    assert [failure.reason for failure in measured.failures] == ["it exited with 3"]
    assert measured.fallen == ()


def test_what_stored_runs_know_is_no_news_where_base_lacks_it() -> None:
    point = Point(centres={Clock.WALL: 0.01}, clock=Clock.WALL, spread=0.01, n=5, unit="s")
    before = Beforehand(base="a", head="b", past={"s/newcomer:latency": (point,) * 7})
    assert [it.id.name for it in run(plan("newcomer"), Known(Ticking()), before).fallen] == [
        "newcomer"
    ]
    assert run(plan("newcomer"), Known(Ticking())).fallen == ()


def test_a_difference_of_checksums_fails_the_benchmark_alone() -> None:
    class Summing(Known):
        def launch(self, order: LaunchOrder) -> LaunchReport:
            sums = {side: frozenset({side.value}) for side in order.sides}
            found = sums if order.benchmark.id.name == "other" else {}
            return replace(super().launch(order), checksums=found)

    measured = run(plan("a", "other"), Summing(Ticking()))
    assert [failure.id.name for failure in measured.failures] == ["other"]
    assert count(measured, "a") >= 4
