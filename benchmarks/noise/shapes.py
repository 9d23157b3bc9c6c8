"""Recorded launches in the shapes in which other tools see them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks.noise.draw import Draws, Whole
from benchmarks.noise.recorded import Streams
from benchmarks.noise.sides import LATENCY
from perfci.model.measurement import Clock
from perfci.stats.clock import choose
from perfci.stats.numeric import Floats

LAUNCHES = 6
"""A side, for rules that see both sides: what perfci spends on average, at most."""
RUN = 2
"""Launches in one run of a history; its number is their median."""
RUNS = 20
"""Stored runs in a history."""
SPAN = (RUNS + 1) * RUN
"""Launches that the longest shape takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a rule sees of some benchmarks, one row each."""

    base: Floats
    """Values of base; in a history, one number a stored run."""
    head: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """The values of one stream in one clock: launches by values."""

    base: Floats
    head: Floats

    def take(self, side: Floats, starts: Whole, launches: int, skip: int = 0) -> Floats:
        """Return consecutive launches from each start on: benchmarks by launches by values."""
        places = (starts[:, None] + skip + np.arange(launches)) % len(side)
        found: Floats = side[places]
        return found


Shape = Callable[[Stack, Whole], Seen]


def interleaved(stack: Stack, starts: Whole) -> Seen:
    """Base and head in turn, value by value."""
    return Seen(
        base=_pooled(stack.take(stack.base, starts, LAUNCHES)),
        head=_pooled(stack.take(stack.head, starts, LAUNCHES)),
    )


def back_to_back(stack: Stack, starts: Whole) -> Seen:
    """First all of base, then all of head, in one job."""
    return Seen(
        base=_pooled(stack.take(stack.base, starts, LAUNCHES)),
        head=_pooled(stack.take(stack.head, starts, LAUNCHES, LAUNCHES)),
    )


def history(stack: Stack, starts: Whole) -> Seen:
    """Runs of base, one after the other, then one run of head.

    The whole history is as old as the recording is long: kinder than months on other machines.
    """
    runs = stack.take(stack.base, starts, RUNS * RUN).reshape(len(starts), RUNS, -1)
    return Seen(
        base=np.median(runs, axis=2),
        head=_pooled(stack.take(stack.head, starts, RUN, RUNS * RUN)),
    )


def newest(stack: Stack, starts: Whole) -> Seen:
    """One stored run of base, and one of head after it."""
    seen = history(stack, starts)
    return Seen(base=seen.base[:, -1:], head=seen.head)


def stacks(streams: Streams, *, wall: bool) -> dict[tuple[int, str, bool], Stack]:
    """Return every stream's values, by slowdown, workload, and whether the sides are swapped.

    Args:
        streams: the recorded launches.
        wall: whether in wall time; else in the clock that perfci would choose for the stream.
    """
    found: dict[tuple[int, str, bool], Stack] = {}
    for percent, by_workload in streams.items():
        for workload, stream in by_workload.items():
            sides = [[pair.base for pair in stream], [pair.head for pair in stream]]
            choice = None if wall else choose(LATENCY, sides)
            clock = choice.clock if choice else Clock.WALL
            base, head = (
                np.array([launch.clocks[clock] for launch in side], dtype=np.float64)
                for side in sides
            )
            found[percent, workload, False] = Stack(base=base, head=head)
            found[percent, workload, True] = Stack(base=head, head=base)
    return found


def groups(draws: Draws, workloads: list[str]) -> list[tuple[tuple[int, str, bool], Whole, Whole]]:
    """Return the drawn benchmarks by stream: its key, their flat places, their starts."""
    found = []
    places = np.arange(draws.workload.size)
    swapped, percent = draws.swapped.ravel(), draws.percent.ravel()
    workload, start = draws.workload.ravel(), draws.start.ravel()
    for at, name in enumerate(workloads):
        for size in np.unique(percent):
            for turned in (False, True):
                mine = places[(workload == at) & (percent == size) & (swapped == turned)]
                if mine.size:
                    found.append(((int(size), name, turned), mine, start[mine]))
    return found


def _pooled(values: Floats) -> Floats:
    """Forget which launch a value is from."""
    return values.reshape(len(values), -1)
