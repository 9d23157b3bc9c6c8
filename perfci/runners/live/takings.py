"""How a value of each metric is taken around the calls; see `driving` for what a taking is."""

from collections.abc import Callable
from dataclasses import replace

from perfci.model.measurement import Clock
from perfci.model.metric import Metric
from perfci.runners.live.driving import Raised, Taking
from perfci.runners.live.readings import Spent, counters, processor_time
from perfci.runners.live.returned import in_base_units, number
from perfci.runners.live.taken import Taken, plain
from perfci.runners.samples import net

_BATCH = 0.1
"""Seconds of calls that tell a rate."""
_OWN = (0.5, 1.05)
"""Where a duration that a call returns is such a part of the call, it is that of its work."""
_SHORT = 5e-5
"""Seconds below which what is around a call weighs more than a few per cent of it."""
_TOO_SHORT = (
    "a call takes less than 50 µs, and calls are timed one by one: let each do the work many times "
    "over, or use the test type throughput"
)
_TOO_LONG = (
    "the number that it returns is taken for its own time in ms, though it is more than the call "
    "took; let it return anything else, and the call is timed"
)

Ticks = Callable[[], float]


def once() -> Taking[bool]:
    """Call to warm up, and tell whether the callable returns its own values."""
    return number((yield)) is not None


def raising(metric: Metric) -> Taking[float]:
    """Return 1 where the call raised, else the rate that it returned as a number, else 0."""
    try:
        found = yield
    except Raised:
        return 1.0
    returned = number(found)
    return 0.0 if returned is None else in_base_units(returned, metric)


def timed(metric: Metric, ticks: Ticks) -> Taking[Taken]:
    """Time one call, in every clock."""
    with counters() as counting:
        first = counting.read()
        begun = ticks()
        answer = yield
        wall = ticks() - begun
        spent = counting.between(first, counting.read(), wall)
    returned = number(answer)
    if returned is None:
        found = _durations(max(wall, 1e-9), spent)
        return replace(found, warnings=(_TOO_SHORT,)) if wall < _SHORT else found
    own = in_base_units(returned, metric)
    share = own / wall if wall > 0 else 0.0
    if not _OWN[0] <= share <= _OWN[1]:
        warnings = (_TOO_LONG,) if share > _OWN[1] else ()
        return Taken(clocks={Clock.WALL: own}, wall=wall, warnings=warnings)
    part = Spent(
        cpu=spent.cpu * share,
        delay=None if spent.delay is None else spent.delay * share,
        whole=spent.whole,
    )
    return _durations(own, part)


def _durations(wall: float, spent: Spent) -> Taken:
    clocks = {Clock.WALL: wall, Clock.CPU: spent.cpu}
    if spent.delay is not None:
        clocks[Clock.NET] = net(wall, spent.cpu, spent.delay)
    return Taken(clocks=clocks, delay=spent.delay, whole=spent.whole, wall=wall)


def rate(metric: Metric, ticks: Ticks) -> Taking[Taken]:
    """Count calls in a while that is long enough to be timed, and return calls a second."""
    begun = ticks()
    calls, wall = 0, 0.0
    while wall < _BATCH:
        found = yield
        wall = ticks() - begun
        calls += 1
        returned = number(found)
        if returned is not None:
            return plain(in_base_units(returned, metric), wall=wall)
    return plain(calls / wall, calls=calls, wall=wall)


def usage(metric: Metric, ticks: Ticks) -> Taking[Taken]:
    """Return the processor time of the process by elapsed time, during one call."""
    cpu, begun = processor_time(), ticks()
    found = yield
    wall = max(ticks() - begun, 1e-9)
    spent = max(processor_time() - cpu, 0.0)
    returned = number(found)
    if returned is not None:
        return plain(in_base_units(returned, metric), wall=wall)
    return plain(spent / wall, wall=wall)


def until(ended: Callable[[], bool], metric: Metric, ticks: Ticks) -> Taking[Taken | None]:
    """Call again and again until it is over; return a value only where a call returned one."""
    begun = ticks()
    while True:
        found = yield
        returned = number(found)
        if returned is not None:
            return plain(in_base_units(returned, metric), wall=ticks() - begun)
        if ended():
            return None
