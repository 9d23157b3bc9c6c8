"""Time that does not suffice for all goes to where it decides something."""

from dataclasses import dataclass, field

import pytest

from perfci.measure.allowance import Allowance, affordable
from perfci.measure.ledger import Ledger
from perfci.measure.schedule import Wanted
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Stage
from perfci.ports import LaunchOrder, LaunchReport
from perfci.stats.decide import Request
from tests.measure.test_loop import Known, Ticking, count, plan, run


@dataclass
class Uneven(Known):
    """Takes as long as it is told for each benchmark, by name."""

    clock: Ticking
    lasts: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__(self.clock)

    def launch(self, order: LaunchOrder) -> LaunchReport:
        self.before(order)
        self.seconds = self.lasts.get(order.benchmark.id.name, 0.1)
        return super().launch(order)


def named(*names: str) -> list[BenchmarkId]:
    return [BenchmarkId(suite="s", name=name) for name in names]


def test_those_that_need_least_go_on() -> None:
    a, b, c = named("a", "b", "c")
    needs = {a: 5.0, b: 1.0, c: 3.0}
    assert affordable(needs, 9.0) == {a, b, c}
    assert affordable(needs, 8.9) == {b, c}
    assert affordable(needs, 3.9) == {b}
    assert affordable(needs, 0.9) == frozenset()


def test_what_is_not_known_yet_is_tried() -> None:
    a, b = named("a", "b")
    assert affordable({a: 0.0, b: 5.0}, 1.0) == {a}


def test_a_dear_benchmark_does_not_keep_the_others_from_being_decided() -> None:
    runner = Uneven(Ticking(), lasts={"dear": 10.0})
    measured = run(plan("a", "b", "dear", max_time=20.0), runner)
    assert count(measured, "a") >= 4
    assert count(measured, "b") >= 4
    (text,) = measured.warnings
    assert "1 benchmark undecided" in text
    assert "takes about 30.0 s" in text


def test_a_launch_that_would_end_too_late_is_not_begun() -> None:
    clock = Ticking()
    run(plan("dear", max_time=25.0), Uneven(clock, lasts={"dear": 10.0}))
    assert clock.seconds == pytest.approx(20.0)


@pytest.mark.parametrize(
    ("seconds", "pace", "goes_on"),
    [(10.0, 1.0, True), (9.0, 1.0, False), (9.0, 2.0, True)],
    ids=["both fit", "the confirmation is kept back", "the confirmation is hopeless"],
)
def test_time_for_confirming_is_kept_back_where_it_suffices_for_that(
    seconds: float, pace: float, *, goes_on: bool
) -> None:
    doubt, suspect = plan("doubt", "suspect").benchmarks
    ledger = Ledger(benchmarks=(doubt, suspect), sensitivity=lambda _: 0.05, past=lambda _: ())
    ledger.add(doubt.id, LaunchReport(launches={}), 1.0)
    ledger.add(suspect.id, LaunchReport(launches={}), pace)
    time = Allowance(seconds=seconds, ledger=ledger, clock=Ticking())
    wanted = {doubt.id: Wanted(stage=Stage.SCREEN, by_metric={"latency": 4})}
    later = {suspect.id.series("latency"): Request(stage=Stage.CONFIRM, launches=6)}
    time.share_out(wanted, 0, later)
    assert (doubt.id not in time.dropped) is goes_on


def test_a_hopeless_confirmation_does_not_hold_the_others_up() -> None:
    # of the suspect not even the first look at fresh launches can be had; the others are cheap
    runner = Uneven(Ticking(), lasts={"slow+40": 10.0})
    names = [f"doubt{at}+3.5" for at in range(3)]
    measured = run(plan("slow+40", *names, max_time=4 * 10.0 + 55.0), runner)
    decided = [name for name in names if count(measured, name) >= 8]
    assert len(decided) >= 2, "those in doubt are extended"
    assert "1 benchmark undecided" in measured.warnings[0], "after it has used the rest"


def test_what_was_left_out_goes_on_where_there_is_time_after_all() -> None:
    runner = Uneven(Ticking(), lasts={"late": 22.0})

    def warm_up_slowly(order: LaunchOrder) -> None:
        runner.lasts["warming"] = 20.0 if order.number == 1 else 1.0

    runner.before = warm_up_slowly
    measured = run(plan("warming", "late", max_time=130.0), runner)
    names = [order.benchmark.id.name for order in runner.orders]
    assert names[-3:] == ["late"] * 3, "after the other had its whole look"
    assert measured.warnings == ()


def test_every_measurement_tells_how_long_a_launch_took() -> None:
    measured = run(plan("a", "dear"), Uneven(Ticking(), lasts={"dear": 2.0}))
    paces = {item.id.name: item.pace for item in (*measured.head, *measured.base)}
    assert paces == {"a": pytest.approx(0.1), "dear": pytest.approx(2.0)}
