"""Which clock decides: the one that this machine's other work disturbs least."""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from perfci.model.measurement import Clock, Launch
from perfci.model.metric import Assumption, Metric
from perfci.stats.launches import Pair, median
from perfci.stats.read import clocks_of
from perfci.stats.terms import Terms

FIRST = 4
"""Launches a side by which the clock is chosen, once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A clock, and why it."""

    clock: Clock
    reason: str


_OUTSIDE = Choice(clock=Clock.WALL, reason="it was timed from outside, as whoever asks waits")


def choose(metric: Metric, sides: Sequence[Sequence[Launch]]) -> Choice | None:
    """Choose one clock for all sides alike; None where no clock was read on every side.

    Args:
        metric: of the series.
        sides: launches of each side (base and head, or head alone), the first `FIRST` count.

    Source: statistics.md E1.3, E5b 8.
    """
    read = [clocks_of(side, FIRST) for side in sides if side]
    if not read:
        return None
    common = set.intersection(*read)
    if not metric.timed:
        order = (Clock.VALUE, Clock.WALL, Clock.CPU, Clock.NET)
        if metric.name == "cpu_time":
            order = (Clock.CPU, Clock.VALUE, Clock.WALL, Clock.NET)
        return _first(order, common, "it is no duration of work")
    if common == {Clock.WALL}:
        return _OUTSIDE
    first = [tuple(side[:FIRST]) for side in sides]
    launches = [launch for side in first for launch in side]
    readable = {clock for clock in common if _reads(launches, clock)}
    if not {Clock.WALL, Clock.CPU} <= readable:
        order = (Clock.WALL, Clock.VALUE, Clock.NET, Clock.CPU)
        return _first(order, readable or common, "wall and processor time were not both read")
    return _of_duration(first, net=Clock.NET in readable)


def _first(order: Iterable[Clock], among: Collection[Clock], reason: str) -> Choice | None:
    return next((Choice(clock=clock, reason=reason) for clock in order if clock in among), None)


def _reads(launches: Sequence[Launch], clock: Clock) -> bool:
    values = [value for launch in launches for value in launch.clocks[clock]]
    return bool(values) and math.isfinite(sum(values)) and min(values) > 0.0


def _total(launches: Sequence[Launch], clock: Clock) -> float:
    return sum(sum(launch.clocks[clock]) for launch in launches)


def _usage(launches: Sequence[Launch], over: Clock = Clock.WALL) -> float:
    """Return processors in use on average: CPU time by elapsed time."""
    return _total(launches, Clock.CPU) / _total(launches, over)


def _of_duration(sides: Sequence[tuple[Launch, ...]], *, net: bool) -> Choice:
    """Choose for a duration of which wall and CPU time are known."""
    # a callable's wall time is that of its median batch, and leaves out what its CPU time counts:
    # net is taken over the same span as CPU time, and is never below it but where work is parallel
    over = Clock.NET if net else Clock.WALL
    usage = max(_usage(side, over) for side in sides if side)
    if usage > 1.1:
        return Choice(clock=Clock.WALL, reason=f"the work keeps {usage:.1f} processors busy")
    launches = [launch for side in sides for launch in side]
    without = _why_not_net(launches) if net else "waiting cannot be told from work here"
    if not without:
        return Choice(clock=Clock.NET, reason="waiting for a processor is taken out")
    busy = _busy_when_quiet(sides)
    if busy >= 0.9:
        return Choice(clock=Clock.CPU, reason=f"{without}, and the work is nearly all computing")
    return Choice(clock=Clock.WALL, reason=f"{without}, and the work waits for other things")


def _why_not_net(launches: Sequence[Launch]) -> str:
    """Say why the waiting in the run queue cannot be taken out; empty where it can."""
    if any(len(launch.delay) != launch.size for launch in launches):
        return "waiting for a processor cannot be read here"
    if not all(launch.whole for launch in launches):
        return "its processes were not all seen, or went on side by side"
    moved = any(sum(launch.delay) > 0.0 for launch in launches)
    # A kernel may show the counter and never move it. Then only a process that computed all the
    # time proves that there was nothing to count.
    if not moved and _usage(launches) < 0.99:
        return "the kernel does not count waiting for a processor"
    return ""


def _busy_when_quiet(sides: Sequence[tuple[Launch, ...]]) -> float:
    """Return CPU by wall time of the idler side, on the launch that waited least.

    Where waiting cannot be read, the busiest launch is taken for the least disturbed.
    """
    rounds = list(zip(*(side for side in sides if side), strict=False))
    usage = [min(_usage([launch]) for launch in turn) for turn in rounds]
    launches = [launch for turn in rounds for launch in turn]
    told = all(launch.delay for launch in launches) and any(sum(it.delay) for it in launches)
    if not told:
        return max(usage)
    waited = [sum(sum(it.delay) for it in turn) / _total(turn, Clock.WALL) for turn in rounds]
    return max(zip(waited, usage, strict=True), key=lambda pair: (-pair[0], pair[1]))[1]


def too_coarse(first: Sequence[Pair], clock: Clock, metric: Metric, terms: Terms) -> bool:
    """Tell whether a clock's steps hide what is looked for.

    So it is where most pairs of values read exactly the same, and the clock's step is not
    negligible beside the value. (Equal readings of a fine clock are equal times.)

    Args:
        first: the launches by which the clock was chosen.
        clock: the chosen one.
        metric: of the series; only durations have a clock that could be coarse.
        terms: of the series.

    Source: statistics.md E5.
    """
    if not metric.timed or metric.absolute or metric.assumption is Assumption.EXACT:
        return False
    if clock is Clock.VALUE:
        return False
    both = [
        told
        for pair in first
        for told in zip(pair.base.clocks[clock], pair.head.clocks[clock], strict=False)
    ]
    equal = sum(base == head for base, head in both)
    if not both or equal * 2 <= len(both):
        return False
    values = sorted({value for told in both for value in told})
    if len(values) > 1:
        step = min(high - low for low, high in pairwise(values))
    else:
        step = _last_place(values[0])
    return step > terms.size(terms.margin) * median(values)


def _last_place(value: float) -> float:
    """Return the step of the last decimal place that a number is written with: 0.001 for 0.012."""
    digits, exponent = f"{value:.12e}".split("e")
    places = len(digits.rstrip("0").partition(".")[2])
    return float(10.0 ** (int(exponent) - places))
