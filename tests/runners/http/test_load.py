"""Load: the arithmetic of slices and grids, the two loops, and the pacer."""

import asyncio
import gc
import math
from collections.abc import Callable, Coroutine
from itertools import pairwise
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfci.model.work import Http
from perfci.runners.http.load import Slice, doubts, due, is_late, parts, pool, requests, span
from perfci.runners.http.pacer import Pacer
from perfci.runners.http.phases import Grid, closed_loop, open_loop, undisturbed
from perfci.runners.servers.asking import Tally
from perfci.wiring.process import SystemClock

T = TypeVar("T")
TICKS = SystemClock().ticks
SECONDS = st.floats(0.001, 600)
RATES = st.floats(0.01, 20_000)


def run(work: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner() as runner:
        return runner.run(work)


def open_work(rate: float, duration: float) -> Http:
    return Http(url="http://127.0.0.1:1", rate=rate, duration=duration)


@given(duration=SECONDS)
def test_a_closed_loop_is_cut_into_1_to_10_parts_of_about_a_second(duration: float) -> None:
    number = parts(Http(url="http://127.0.0.1:1", duration=duration))

    assert 1 <= number <= 10
    assert duration / number >= 0.66 or number == 1
    assert duration / number <= 1.5 or number == 10


@given(rate=RATES, duration=SECONDS)
def test_every_part_of_an_open_loop_has_its_share_and_none_is_lost(
    rate: float, duration: float
) -> None:
    work = open_work(rate, duration)
    ends = [0, *(due(work, part) for part in range(parts(work)))]
    shares = [after - before for before, after in pairwise(ends)]

    assert sum(shares) == requests(work)
    assert abs(requests(work) - rate * duration) <= max(0.5, 1 - rate * duration)
    assert min(shares) >= 1
    assert max(shares) - min(shares) <= 1


@given(start=st.floats(0, 1e6), gap=st.floats(0.001, 10), number=st.integers(2, 1000))
def test_evenly_spaced_answers_have_their_own_rate(start: float, gap: float, number: int) -> None:
    arrivals = [start + index * gap for index in range(number)]

    assert math.isclose(number / span(arrivals, 1.0), 1 / gap, rel_tol=1e-3)


@given(arrivals=st.lists(st.floats(0, 1e6), max_size=5).map(sorted))
def test_a_span_is_never_0(arrivals: list[float]) -> None:
    assert span(arrivals, 2.5) > 0.0
    assert span([7.0] * len(arrivals), 2.5) == 2.5


@given(
    intended=st.floats(0, 1000),
    wait=st.floats(0, 10),
    freed=st.floats(0, 1000),
)
def test_only_what_the_generator_held_back_is_late(
    intended: float, wait: float, freed: float
) -> None:
    now = max(intended, freed) + wait

    assert not is_late(max(intended, freed), intended, freed)
    if abs(wait - 0.001) > 1e-9:
        assert is_late(now, intended, freed) is (wait > 0.001)


def test_slices_pool_by_what_they_are_made_of() -> None:
    tally = Tally()
    for good, answering, late in (([0.1] * 30, 1.0, 1), ([0.2] * 10, 3.0, 0)):
        part = Slice(good=good, late=late, sending=2.0, answering=answering, cpu=0.5)
        part.enter("status 500", 9.0)
        pool(tally, part)

    assert tally.totals == {"throughput": 10.0, "generator_usage": 0.25}
    assert (tally.asked, tally.errors.total()) == (42, 2)
    assert sorted(tally.durations["latency"]) == [0.1] * 30 + [0.2] * 10


def test_a_generator_that_is_the_bottleneck_is_told_without_figures_that_vary() -> None:
    calm, busy, busier, late = Tally(), Tally(), Tally(), Tally()
    pool(calm, Slice(good=[1.0] * 200, late=2, sending=1.0, answering=1.0, cpu=0.84))
    pool(busy, Slice(good=[1.0], sending=1.0, answering=1.0, cpu=0.85))
    pool(busier, Slice(good=[1.0], sending=1.0, answering=1.0, cpu=0.97))
    pool(late, Slice(good=[1.0] * 200, late=3, sending=1.0, answering=1.0, cpu=0.1))

    assert doubts("a/b", calm) == []
    assert doubts("a/b", busy) == doubts("a/b", busier)
    assert "85%" in doubts("a/b", busy)[0]
    assert "wrk" in doubts("a/b", busy)[0]
    assert "late" in doubts("a/b", late)[0]


def sleeping(seconds: float, *, wrong: str = "") -> Callable[[float], Coroutine[Any, Any, str]]:
    async def exchange(limit: float) -> str:
        await asyncio.sleep(seconds)
        return wrong

    return exchange


def test_a_closed_loop_asks_one_after_the_other_on_each_connection() -> None:
    found = run(closed_loop(sleeping(0.02), TICKS, connections=3, seconds=0.2, patience=5.0))

    assert 3 <= found.asked <= 30
    assert min(found.good) >= 0.02
    assert found.asked / found.answering <= 3 / 0.02
    # until the last answers have come
    assert found.answering > 0.2


def test_a_closed_loop_asks_once_however_short_it_is() -> None:
    found = run(closed_loop(sleeping(0.01), TICKS, connections=2, seconds=0.0, patience=5.0))

    assert found.asked == 2


def grid(rate: float, enough: int, most: int = 0, patience: float = 5.0, at_once: int = 99) -> Grid:
    return Grid(rate=rate, enough=enough, most=most or enough, patience=patience, in_flight=at_once)


def test_an_open_loop_sends_by_the_clock_whatever_the_answers_take() -> None:
    found = run(open_loop(sleeping(0.1), TICKS, grid(100, 20)))

    assert found.asked == 20
    assert found.sending >= 19 / 100
    assert min(found.good) >= 0.1
    assert max(found.good) < 2.0  # one after the other they would take 2 s


def test_what_waits_for_a_connection_counts_from_when_it_was_due() -> None:
    found = run(open_loop(sleeping(0.02), TICKS, grid(200, 20, at_once=1)))

    # the n-th is due at n * 5 ms, and begins at n * 20 ms at the earliest
    for index, seconds in enumerate(sorted(found.good)):
        assert seconds >= 0.02 + index * 0.015 - 0.001
    # it was not the generator that held them back
    assert found.late < 15


def test_what_is_not_sent_in_time_is_a_timeout() -> None:
    found = run(open_loop(sleeping(0.2), TICKS, grid(1000, 5, patience=0.1, at_once=1)))

    assert found.errors["timeout"] == 4
    assert found.asked == 5


def test_an_open_loop_sends_on_while_its_own_requests_wait() -> None:
    found = run(open_loop(sleeping(0.1), TICKS, grid(100, 5, most=1000)))

    assert 10 <= found.asked < 1000
    assert run(open_loop(sleeping(0.1), TICKS, grid(100, 5, most=7))).asked == 7


def test_the_pacer_never_wakes_early_and_lets_others_run() -> None:
    async def waits() -> list[float]:
        begun = TICKS()
        woken = []
        with Pacer(TICKS) as pacer:
            for index in range(20):
                await pacer.until(begun + index * 0.002)
                woken.append(TICKS() - begun - index * 0.002)
        return woken

    assert min(run(waits())) >= 0.0

    async def never_waits() -> bool:
        ran = asyncio.Event()
        asyncio.get_running_loop().call_soon(ran.set)
        with Pacer(TICKS) as pacer:
            await pacer.until(0.0)
        return ran.is_set()

    assert run(never_waits())


def test_the_pacer_does_without_the_kernels_timer() -> None:
    async def waits() -> float:
        with Pacer(TICKS, kernel=False) as pacer:
            begun = TICKS()
            await pacer.until(begun + 0.005)
            return TICKS() - begun

    assert run(waits()) >= 0.005


def test_a_cancelled_wait_leaves_nothing_behind() -> None:
    async def cancelled() -> None:
        with Pacer(TICKS) as pacer:
            waiting = asyncio.create_task(pacer.until(TICKS() + 60))
            await asyncio.sleep(0.01)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
            await pacer.until(TICKS() + 0.001)

    run(cancelled())


class Litter:
    """Lies about until the collector comes."""

    lying = 0

    def __init__(self) -> None:
        self.myself = self
        Litter.lying += 1

    def __del__(self) -> None:
        Litter.lying -= 1


@pytest.mark.slow
def test_what_errors_leave_behind_does_not_pile_up() -> None:
    most = 0

    async def exchange(limit: float) -> str:
        nonlocal most
        Litter()
        most = max(most, Litter.lying)
        await asyncio.sleep(0)
        return "broken"

    with undisturbed():
        found = run(open_loop(exchange, TICKS, grid(1e6, 5000)))

    assert found.errors == {"broken": 5000}
    assert 500 < most < 3000


def test_the_collector_rests_and_is_woken_again() -> None:
    assert gc.isenabled()
    with undisturbed():
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(KeyboardInterrupt), undisturbed():
        raise KeyboardInterrupt
    assert gc.isenabled()
