"""Which clock decides."""

import pytest

from perfci.model.comparison import Outcome
from perfci.model.measurement import Clock, Launch, Stage
from perfci.model.metric import Better, Metric
from perfci.stats.clock import choose
from perfci.stats.decide import decide
from tests.stats.lab import LATENCY, MEMORY, PAIRED, compared, launch, series

CPU_TIME = Metric(name="cpu_time", unit="s", better=Better.LOWER)


def timed(
    wall: float, cpu: float, delay: float | None = 0.001, *, whole: bool = True, number: int = 1
) -> Launch:
    net = min(wall, max(cpu * 1.0000123, wall * 0.9000123))
    clocks = {Clock.NET: (net,), Clock.CPU: (cpu,), Clock.WALL: (wall,)}
    told = () if delay is None else (delay,)
    return Launch(
        number=number, stage=Stage.SCREEN, position=0, clocks=clocks, delay=told, whole=whole
    )


def chosen(*launches: Launch) -> Clock | None:
    choice = choose(LATENCY, [launches, launches])
    return choice.clock if choice else None


def test_net_where_waiting_is_counted_and_the_tree_was_seen() -> None:
    assert chosen(timed(1.0, 0.3), timed(1.0, 0.5)) is Clock.NET


def test_net_on_an_idle_machine_that_never_had_to_wait() -> None:
    assert chosen(timed(1.0, 0.995, 0.0)) is Clock.NET


def test_cpu_where_waiting_cannot_be_read_and_the_work_computes() -> None:
    assert chosen(timed(1.0, 0.95, None), timed(5.0, 0.96, None)) is Clock.CPU


def test_cpu_where_the_kernel_shows_the_counter_but_never_moves_it() -> None:
    assert chosen(timed(1.0, 0.95, 0.0), timed(5.0, 0.96, 0.0)) is Clock.CPU


def test_cpu_where_part_of_the_tree_escaped() -> None:
    escaped = timed(1.0, 0.95, 0.001, whole=False), timed(2.0, 0.95, 0.9, whole=False)
    assert chosen(*escaped) is Clock.CPU


def test_the_launch_that_waited_least_tells_whether_the_work_computes() -> None:
    quiet, loud = timed(1.0, 0.5, 0.001, whole=False), timed(1.0, 1.0, 0.5, whole=False)
    assert chosen(quiet, loud) is Clock.WALL


def test_wall_where_waiting_cannot_be_read_and_the_work_sleeps() -> None:
    assert chosen(timed(1.0, 0.5, None), timed(1.0, 0.4, None)) is Clock.WALL


@pytest.mark.parametrize("parallel", ["base", "head"])
def test_wall_where_either_side_is_parallel(parallel: str) -> None:
    one, many = timed(1.0, 0.99), timed(1.0, 1.9)
    sides = [[many], [one]] if parallel == "base" else [[one], [many]]
    choice = choose(LATENCY, sides)
    assert choice is not None
    assert choice.clock is Clock.WALL
    assert "1.9 processors" in choice.reason


def test_a_side_that_sleeps_is_not_judged_by_cpu() -> None:
    choice = choose(LATENCY, [[timed(1.0, 0.99, None)], [timed(2.0, 1.0, None)]])
    assert choice is not None
    assert choice.clock is Clock.WALL


def test_only_the_first_four_launches_choose() -> None:
    early = [timed(1.0, 0.95) for _ in range(4)]
    assert chosen(*early, *[timed(1.0, 3.0) for _ in range(12)]) is Clock.NET


def test_a_clock_that_reads_zero_is_not_chosen() -> None:
    assert chosen(timed(0.001, 0.0)) is Clock.WALL


def test_what_is_no_duration_has_its_own_clock() -> None:
    value = launch(5.0)
    memory = choose(MEMORY, [[value], [value]])
    assert memory is not None
    assert memory.clock is Clock.VALUE
    processor = choose(CPU_TIME, [[launch(5.0, clock=Clock.CPU)]])
    assert processor is not None
    assert processor.clock is Clock.CPU


def test_no_clock_in_common_is_a_failure() -> None:
    sides = [
        [launch(1.0, number=at, clock=clock) for at in range(4)]
        for clock in (Clock.WALL, Clock.CPU)
    ]
    comparison = compared(series(*sides))
    assert comparison.outcome is Outcome.FAILED
    assert "clock" in comparison.explanation


def test_the_comparison_says_which_clock_and_why() -> None:
    launches = [timed(1.0, 0.95, number=at) for at in range(4)]
    comparison = compared(series(launches, launches))
    assert comparison.clock is Clock.NET
    assert comparison.clock_reason == "waiting for a processor is taken out"
    assert comparison.head is not None
    assert comparison.head.point == pytest.approx(0.9500117)


def test_a_slowdown_in_the_deciding_clock_counts_and_in_another_does_not() -> None:
    base = [timed(1.0, 0.95, number=at) for at in range(4)]
    busier = [
        Launch(
            number=it.number,
            stage=it.stage,
            position=0,
            clocks={**it.clocks, Clock.WALL: (9.0,)},
            delay=it.delay,
        )
        for it in base
    ]
    assert compared(series(base, busier)).outcome is Outcome.UNCHANGED


def ticks(*values: float) -> list[Launch]:
    return [launch(*values, number=at, clock=Clock.WALL) for at in range(4)]


@pytest.mark.parametrize("values", [(0.01, 0.01, 0.02), (0.012, 0.012, 0.012)])
def test_a_clock_of_coarse_steps_never_tells_unchanged(values: tuple[float, ...]) -> None:
    coarse = series(ticks(*values), ticks(*values))
    assert decide([coarse], PAIRED).requests == {}
    comparison = compared(coarse)
    assert comparison.outcome is Outcome.INCONCLUSIVE
    assert "too coarse" in comparison.explanation


@pytest.mark.parametrize("values", [(0.0123456, 0.0123456), (1.234, 1.234, 1.235)])
def test_equal_readings_of_a_fine_clock_are_equal_times(values: tuple[float, ...]) -> None:
    assert compared(series(ticks(*values), ticks(*values))).outcome is Outcome.UNCHANGED


def test_equal_numbers_of_pages_are_unchanged() -> None:
    pages = [launch(8192.0, number=at) for at in range(4)]
    assert compared(series(pages, pages, metric=MEMORY)).outcome is Outcome.UNCHANGED
