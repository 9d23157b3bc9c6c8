"""The measuring loop, with a runner of known truth and a clock that the runner drives."""

from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pytest

from perfci.errors import MeasurementError
from perfci.gate.policy import Policy
from perfci.measure.loop import measure
from perfci.measure.measured import Beforehand, Instruments, Measured
from perfci.model.benchmark import Benchmark
from perfci.model.context import Context
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Clock, Launch, Side, Stage
from perfci.model.metric import Better, Metric
from perfci.model.revision import Mode
from perfci.model.work import Command
from perfci.plan.plan import Outputs, Plan
from perfci.ports import LaunchOrder, LaunchReport
from perfci.stats.series import Design

LATENCY = Metric(name="latency", unit="s", better=Better.LOWER)

BOTH = (Side.BASE, Side.HEAD)


class Ticking:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return datetime(2026, 11, 23, tzinfo=UTC)

    def ticks(self) -> float:
        return self.seconds


class Known:
    """Measures benchmarks whose true worsening is written in their name: `x+25`."""

    def __init__(self, clock: Ticking, seconds: float = 0.1) -> None:
        self.clock = clock
        self.seconds = seconds
        self.orders: list[LaunchOrder] = []
        self.before: Callable[[LaunchOrder], None] = lambda _: None

    def prepare(self, benchmark: Benchmark, sides: tuple[Side, ...]) -> None:
        if benchmark.id.name == "unstartable":
            raise MeasurementError("there is no such program", hint="install it")
        if benchmark.id.name == "newcomer" and Side.BASE in sides:
            raise MeasurementError("it is not on base", side="base", absent=True)

    def launch(self, order: LaunchOrder) -> LaunchReport:
        self.before(order)
        self.orders.append(order)
        self.clock.seconds += self.seconds
        if order.benchmark.id.name == "crashing" and order.number == 3:
            raise MeasurementError("it crashed", side="base", output="boom")
        worse = float(order.benchmark.id.name.partition("+")[2] or 0) / 100
        chance = np.random.Generator(np.random.PCG64(order.seed))
        common = 0.01 * float(np.exp(chance.normal(0, 0.2)))
        launches = {
            side: {
                "latency": self._launch(order, common * (1 + worse * (side is Side.HEAD)), chance)
            }
            for side in order.sides
        }
        if order.benchmark.id.name == "mute":
            return LaunchReport(launches={side: {} for side in order.sides})
        return LaunchReport(launches=launches)

    def close(self) -> None:
        pass

    @staticmethod
    def _launch(order: LaunchOrder, level: float, chance: np.random.Generator) -> Launch:
        values = tuple(float(v) for v in level * np.exp(chance.normal(0, 0.01, 10)))
        return Launch(
            number=order.number,
            stage=order.stage,
            position=order.position,
            clocks={Clock.WALL: values, Clock.CPU: values, Clock.NET: values},
            delay=(0.0,) * 10,
        )


class Silent:
    """Observes nothing."""

    def phase(self, text: str) -> None: ...

    def launched(self, benchmark: str, *, done: int, doubtful: int, left: float | None) -> None: ...

    def warn(self, text: str) -> None: ...


def plan(*names: str, max_time: float = 600.0, rounds: int | None = None, seed: int = 7) -> Plan:
    return Plan(
        project="p",
        mode=Mode.PAIRED,
        mode_reason="asked",
        seed=seed,
        benchmarks=tuple(
            Benchmark(
                id=BenchmarkId(suite="s", name=name),
                work=Command(argv=("true",)),
                metrics=(LATENCY,),
                timeout=1,
                warmup=0,
            )
            for name in names
        ),
        policy=Policy(),
        design=Design(mode=Mode.PAIRED, rounds=rounds),
        max_time=max_time,
        base="main",
        setup=None,
        setup_timeout=1,
        interpreter=None,
        store="file:x",
        branch="main",
        context=Context(),
        updates_baseline=False,
        outputs=Outputs(folder="o", html=False, charts=False, comment="never"),
        settings={},
    )


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


@pytest.fixture
def known(clock: Ticking) -> Known:
    return Known(clock)


COMMITS = Beforehand(base="a", head="b")


def run(what: Plan, known: Known, before: Beforehand = COMMITS) -> Measured:
    instruments = Instruments(runner=lambda _: known, clock=known.clock, observer=Silent())
    return measure(what, before, instruments)


def count(measured: Measured, name: str) -> int:
    (found,) = (item for item in measured.head if item.id.name == name)
    return len(found.launches)


def test_an_unchanged_benchmark_costs_few_launches(known: Known) -> None:
    measured = run(plan("a", "b", "c"), known)
    assert all(count(measured, name) <= 8 for name in "abc")
    assert len(measured.base) == len(measured.head) == 3


def test_a_suspect_is_confirmed_on_fresh_launches(known: Known) -> None:
    measured = run(plan("a", "b", "slow+25"), known)
    (slow,) = (item for item in measured.head if item.id.name == "slow+25")
    stages = [launch.stage for launch in slow.launches]
    assert stages[:4] == [Stage.SCREEN] * 4
    assert stages.count(Stage.CONFIRM) >= 6
    assert count(measured, "slow+25") > count(measured, "a")


def test_benchmarks_interleave_round_by_round_in_changing_order(known: Known) -> None:
    run(plan("a", "b", "c", "d", "e"), known)
    first = [[o.benchmark.id.name for o in known.orders[i : i + 5]] for i in (0, 5, 10, 15)]
    assert all(sorted(turn) == list("abcde") for turn in first)
    assert len({tuple(turn) for turn in first}) > 1


def test_the_same_seed_repeats_order_and_chance(clock: Ticking) -> None:
    one, two, other = Known(clock), Known(clock), Known(clock)
    run(plan("a", "b", "c+9"), one)
    run(plan("a", "b", "c+9"), two)
    run(plan("a", "b", "c+9", seed=8), other)
    assert one.orders == two.orders
    assert one.orders != other.orders


def test_every_launch_has_a_chance_of_its_own(known: Known) -> None:
    run(plan("a", "b", "c"), known)
    assert len({order.seed for order in known.orders}) == len(known.orders)


def test_time_is_bounded_and_what_was_measured_is_kept(known: Known) -> None:
    measured = run(plan("a", "b", "c", max_time=0.55), known)
    assert len(known.orders) == 5, "a sixth would have ended late"
    assert "max_time" in measured.warnings[0]
    assert sum(len(item.launches) for item in measured.head) == 5


def test_a_fixed_number_of_rounds_is_kept(known: Known) -> None:
    measured = run(plan("a", "slow+50", rounds=9), known)
    assert [count(measured, name) for name in ("a", "slow+50")] == [9, 9]


def test_a_benchmark_that_fails_does_not_stop_the_others(known: Known) -> None:
    measured = run(plan("a", "unstartable", "crashing"), known)
    reasons = {item.id.name: item.reason for item in measured.failures}
    assert reasons == {
        "unstartable": "there is no such program; install it",
        "crashing": "it crashed",
    }
    assert {item.id.name: item.side for item in measured.failures}["crashing"] is Side.BASE
    assert count(measured, "a") >= 4
    assert count(measured, "crashing") == 2, "and what it gave before is kept"


def test_a_metric_that_never_comes_fails_its_benchmark_at_once(known: Known) -> None:
    measured = run(plan("a", "mute"), known)
    assert [item.reason for item in measured.failures] == ["s/mute gave no latency"]
    assert sum(order.benchmark.id.name == "mute" for order in known.orders) == 1


def test_what_base_does_not_have_is_measured_on_head_alone(known: Known) -> None:
    measured = run(plan("a", "newcomer"), known)
    assert not measured.failures
    assert "it is not on base; head alone was measured, as new" in measured.warnings
    assert [item.id.name for item in measured.base] == ["a"]
    assert count(measured, "newcomer") >= 3


def test_an_interrupt_keeps_what_was_measured(known: Known) -> None:
    def stop(order: LaunchOrder) -> None:
        if order.position == 5:
            raise KeyboardInterrupt

    known.before = stop
    measured = run(plan("a", "b"), known)
    assert measured.interrupted
    assert sum(len(item.launches) for item in measured.head) == 5


def test_the_time_bounds_the_warming_up_and_says_what_it_left_out() -> None:
    clock = Ticking()
    runner = Known(clock)

    def slow(benchmark: Benchmark, sides: tuple[Side, ...]) -> None:
        clock.seconds += 4.0

    runner.prepare = slow  # type: ignore[method-assign]
    instruments = Instruments(runner=lambda _: runner, clock=clock, observer=Silent())
    measured = measure(plan("a", "b", "c", max_time=5.0), Beforehand(), instruments)

    (late,) = measured.failures
    assert late.id.name == "c"
    assert "measure.max_time (5.0 s) was used up while others were warmed up" in late.reason
