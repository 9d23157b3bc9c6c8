"""One uninterrupted piece of load: a closed loop, or an open one.

A closed loop never has more requests under way than connections, and a server that stalls holds
its questions back, too: its latency tells nothing of those who would have come meanwhile. An open
loop sends on a fixed grid and counts from the intended instant, so that it does.
"""

import asyncio
import gc
import resource
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from perfci.runners.http.load import Slice, is_late, span
from perfci.runners.http.pacer import Pacer

Exchange = Callable[[float], Awaitable[str]]
"""Sends one request and reads its answer within some seconds; returns what went wrong, empty for
a good answer; raises nothing but cancellation."""
Ticks = Callable[[], float]
"""Seconds on a clock that never jumps."""


_LITTER = 1000
"""Errors after which what they leave behind is collected: 2 to 6 kB each that nobody else frees."""


@contextmanager
def undisturbed() -> Iterator[None]:
    """Keep Python's collector from stopping the generator in the middle of a measurement."""
    was_on = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def processor_seconds() -> float:
    """Return the processor time that this process has taken so far."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


async def closed_loop(
    exchange: Exchange, ticks: Ticks, *, connections: int, seconds: float, patience: float
) -> Slice:
    """Let each connection send its next request when the last was answered.

    Args:
        exchange: one request.
        ticks: the clock.
        connections: how many ask at the same time.
        seconds: after which none sends another; each sends at least one.
        patience: seconds that an answer may take.
    """
    found = Slice()
    active: list[float] = []
    begun, cpu = ticks(), processor_seconds()

    async def connection() -> None:
        ended = begun
        while ended == begun or ended < begun + seconds:
            sent = ticks()
            wrong = await exchange(patience)
            ended = ticks()
            _enter(found, wrong, ended - sent)
        active.append(ended - begun)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(connections):
            tasks.create_task(connection())
    found.sending = ticks() - begun
    found.cpu = processor_seconds() - cpu
    found.answering = sum(active) / len(active)
    return found


def _enter(found: Slice, wrong: str, seconds: float) -> None:
    found.enter(wrong, seconds)
    if wrong and found.errors.total() % _LITTER == 0:
        gc.collect()


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """When an open loop sends."""

    rate: float
    """Requests a second."""
    enough: int
    """Requests after which it stops, as soon as these have been answered."""
    most: int
    """Requests after which it stops whatever happens, at least `enough`.

    Between the two it sends on while an earlier request waits: a server that stalls at the end of
    a slice would else be spared the rest of its stall.
    """
    patience: float
    """Seconds that an answer may take, from the instant when its request was due."""
    in_flight: int
    """Requests under way at most; the others wait, and their waiting counts."""


async def open_loop(exchange: Exchange, ticks: Ticks, grid: Grid) -> Slice:
    """Send on a fixed grid however long the answers take; count from the intended instant."""
    return await _OpenLoop(exchange=exchange, ticks=ticks, grid=grid).run()


@dataclass(slots=True, kw_only=True)
class _OpenLoop:
    exchange: Exchange
    ticks: Ticks
    grid: Grid
    found: Slice = field(default_factory=Slice)
    arrivals: list[float] = field(default_factory=list)
    waiting: int = 0
    """How many of the first `enough` requests have no answer yet."""

    async def run(self) -> Slice:
        grid, ticks = self.grid, self.ticks
        self.waiting = grid.enough
        slots = asyncio.Semaphore(grid.in_flight)
        begun, cpu = ticks(), processor_seconds()
        freed, sent = begun, 0
        with Pacer(ticks) as pacer:
            async with asyncio.TaskGroup() as tasks:
                for index in range(grid.most):
                    intended = begun + index / grid.rate
                    await pacer.until(intended)
                    if index >= grid.enough and not self.waiting:
                        break
                    self.found.late += is_late(ticks(), intended, freed)
                    if slots.locked():
                        await slots.acquire()
                        freed = ticks()
                    else:
                        await slots.acquire()
                    tasks.create_task(self._one(slots, intended, first=index < grid.enough))
                    sent = index + 1
                # a single request is sent in no time, and yet stands for a whole step of the grid
                self.found.sending = max(ticks() - begun, sent / grid.rate)
                self.found.cpu = processor_seconds() - cpu
        self.found.answering = span(sorted(self.arrivals), ticks() - begun)
        return self.found

    async def _one(self, slots: asyncio.Semaphore, intended: float, *, first: bool) -> None:
        try:
            left = intended + self.grid.patience - self.ticks()
            wrong = await self.exchange(left) if left > 0.0 else "timeout"
            ended = self.ticks()
            _enter(self.found, wrong, ended - intended)
            if not wrong:
                self.arrivals.append(ended)
            self.waiting -= first
        finally:
            slots.release()
