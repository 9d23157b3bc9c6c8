"""What a launch is measured for: a costly pass of its own ends when its metric is decided."""

from dataclasses import dataclass, field, replace

import pytest

from perfci.measure.loop import measure
from perfci.measure.measured import Beforehand, Instruments, Measured
from perfci.model.benchmark import Benchmark
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Clock, Launch, Side, Stage
from perfci.model.metric import Metric, built_in
from perfci.plan.plan import Plan
from perfci.ports import LaunchOrder, LaunchReport
from tests.measure.test_loop import Known, Silent, Ticking, plan

LATENCY, INSTRUCTIONS = "latency", "instructions"


@dataclass
class Counting(Known):
    """Counts where it is wanted; the true counts are given by side and number of the launch."""

    clock: Ticking
    head: tuple[float, ...] = (1e8,)
    base: tuple[float, ...] = (1e8,)
    seconds: float = 0.1
    counted: list[LaunchOrder] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(self.clock)

    def launch(self, order: LaunchOrder) -> LaunchReport:
        report = super().launch(order)
        if not order.wants(INSTRUCTIONS):
            return report
        self.counted.append(order)
        counts = {Side.BASE: self.base, Side.HEAD: self.head}
        launches = {
            side: {**found, INSTRUCTIONS: _count(order, counts[side])}
            for side, found in report.launches.items()
        }
        return replace(report, launches=launches)


def _count(order: LaunchOrder, values: tuple[float, ...]) -> Launch:
    return Launch(
        number=order.number,
        stage=order.stage,
        position=order.position,
        clocks={Clock.VALUE: (values[order.number % len(values)],)},
    )


def gating(name: str, *metrics: str) -> Plan:
    found: list[Metric] = [metric for metric in map(built_in, metrics) if metric]
    made = plan(name)
    (benchmark,) = made.benchmarks
    return replace(made, benchmarks=(replace(benchmark, metrics=tuple(found)),))


def run(what: Plan, counting: Counting) -> Measured:
    instruments = Instruments(runner=lambda _: counting, clock=counting.clock, observer=Silent())
    return measure(what, Beforehand(base="a", head="b"), instruments)


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


def test_counts_that_are_equal_are_decided_by_two_launches(clock: Ticking) -> None:
    counting = Counting(clock)
    run(gating("a", INSTRUCTIONS), counting)
    assert [order.number for order in counting.orders] == [1, 2]


def test_one_per_cent_more_is_decided_by_two_launches(clock: Ticking) -> None:
    counting = Counting(clock, head=(1.01e8,))
    run(gating("a", INSTRUCTIONS), counting)
    assert [order.number for order in counting.orders] == [1, 2]


def test_counting_ends_when_it_is_decided_though_the_latency_is_not(clock: Ticking) -> None:
    counting = Counting(clock)
    measured = run(gating("a+25", LATENCY, INSTRUCTIONS), counting)
    assert [order.number for order in counting.counted] == [1, 2]
    assert len(counting.orders) > 8
    launches = {item.metric.name: len(item.launches) for item in measured.head}
    assert launches[INSTRUCTIONS] == 2
    assert launches[LATENCY] == len(counting.orders)


def test_a_confirmation_of_the_latency_counts_nothing(clock: Ticking) -> None:
    counting = Counting(clock)
    run(gating("a+25", LATENCY, INSTRUCTIONS), counting)
    confirming = [order for order in counting.orders if order.stage is Stage.CONFIRM]
    assert confirming
    assert not any(order.wants(INSTRUCTIONS) for order in confirming)
    assert all(order.wants(LATENCY) for order in confirming)


def test_counts_that_do_not_repeat_go_on_after_two_launches(clock: Ticking) -> None:
    uneven = (1.000e8, 1.004e8, 0.997e8, 1.002e8, 0.999e8)
    counting = Counting(clock, base=uneven, head=tuple(reversed(uneven)))
    run(gating("a", INSTRUCTIONS), counting)
    assert len(counting.counted) >= 4


def test_latency_may_be_decided_while_counting_goes_on(clock: Ticking) -> None:
    uneven = (1.00e8, 1.06e8, 0.95e8, 1.03e8, 0.97e8)
    counting = Counting(clock, base=uneven, head=tuple(reversed(uneven)))
    run(gating("a", LATENCY, INSTRUCTIONS), counting)
    assert counting.orders[-1].wanted == {INSTRUCTIONS}
    assert len(counting.counted) >= 4


def test_an_order_for_all_wants_what_gates_and_nothing_else() -> None:
    (benchmark,) = gating("a", LATENCY, INSTRUCTIONS).benchmarks
    order = _order(benchmark)
    assert order.wants(LATENCY)
    assert order.wants(INSTRUCTIONS)
    assert not order.wants("memory_usage")
    assert not replace(order, wanted=frozenset({LATENCY})).wants(INSTRUCTIONS)


def _order(benchmark: Benchmark) -> LaunchOrder:
    return LaunchOrder(
        benchmark=replace(benchmark, id=BenchmarkId(suite="s", name="a")),
        sides=(Side.HEAD,),
        number=1,
        stage=Stage.SCREEN,
        position=0,
        seed=1,
    )
