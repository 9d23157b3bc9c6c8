"""What is wrong with measured values: which of them no comparison can be made of, and why."""

import math
from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np

from perfci.model.measurement import Clock, Launch, Side
from perfci.model.metric import Metric
from perfci.stats import wording
from perfci.stats.launches import Pair
from perfci.stats.ragged import Ragged, flat
from perfci.stats.read import Read, read_by

_LARGEST = 1e100
"""No quantity in base units is larger; beyond it sums and squares would be infinite."""
_SMALLEST = 1e-100
"""No quantity of which a ratio is made is smaller."""


def _countable(value: float) -> bool:
    return abs(value) <= _LARGEST  # not so for NaN


def _sound(values: Sequence[float], *, absolute: bool) -> bool:
    # a sum is finite only where all of it is: three passes in C are a tenth of one in Python
    if not values or not math.isfinite(sum(values)):
        return False
    least = min(values)
    return least >= -_LARGEST and max(values) <= _LARGEST and (absolute or least >= _SMALLEST)


def sound_sides(sides: Sequence[Read], absolute: Sequence[bool]) -> list[bool]:
    """Tell of which sides every value can be compared, and every launch has one: all at once.

    A side without launches has no fault.

    Args:
        sides: what the clock that decides read on each.
        absolute: of the metric of each: whether it is compared by difference.
    """
    found = np.array([not it.sizes for it in sides], dtype=np.bool_)
    held = [place for place, it in enumerate(sides) if it.values and all(it.sizes)]
    if held:
        kept = [sides[place].values for place in held]
        sizes = np.fromiter(map(len, kept), dtype=np.int64, count=len(kept))
        rows = Ragged(values=flat(kept, "d"), sizes=sizes)
        smallest = np.where(absolute, -_LARGEST, _SMALLEST)[held]
        # not so for NaN, which is the least and the most of all that it is among
        found[held] = (rows.least() >= smallest) & (rows.most() <= _LARGEST)
    told: list[bool] = found.tolist()
    return told


def fault_of_side(launches: Sequence[Launch], side: Side, clock: Clock, metric: Metric) -> str:
    """Say why launches of one side cannot be compared; empty where they can."""
    read = read_by(clock, launches)
    # one look at everything at once, as nearly always nothing is wrong
    if all(read.sizes) and _sound(read.values, absolute=metric.absolute):
        return ""
    faults = (_fault_of(launch, side, clock, metric) for launch in launches)
    return next((fault for fault in faults if fault), "")


def _fault_of(launch: Launch, side: Side, clock: Clock, metric: Metric) -> str:
    """Say why a launch cannot be compared; empty where it can."""
    values = launch.clocks.get(clock)
    if values and _sound(values, absolute=metric.absolute):
        return ""
    where = f"launch {launch.number} of {side}"
    if not values:
        return f"{where} holds no values of the {clock} clock"
    bad = next((value for value in values if not _countable(value)), None)
    if bad is not None:
        return f"{where} holds {bad}, which is not a number that can be compared"
    if 0.0 < min(values) < _SMALLEST:
        return f"{where} holds {min(values):g}, which is too small to be a measured value"
    if metric.timed and min(values) >= 0.0:
        return f"{where} took {min(values):g} s by the {clock} clock: too short for it to see"
    return wording.no_ratio(f"{where} holds {min(values):g}", metric.name)


def fault_of_pairs(joined: Iterable[Pair], clock: Clock, metric: Metric) -> str:
    """Say why launches measured together cannot be compared; empty where they can."""
    told = tuple(joined)
    both = [pair.base.clocks.get(clock, ()) for pair in told]
    both += [pair.head.clocks.get(clock, ()) for pair in told]
    # one look at everything at once, as nearly always nothing is wrong
    if all(both) and _sound(tuple(chain(*both)), absolute=metric.absolute):
        return ""
    faults = (_fault_of_pair(pair, clock, metric) for pair in told)
    return next((fault for fault in faults if fault), "")


def _fault_of_pair(pair: Pair, clock: Clock, metric: Metric) -> str:
    base, head = pair.base.clocks.get(clock, ()), pair.head.clocks.get(clock, ())
    if len(base) == len(head) > 0 and not metric.absolute:
        told = zip(base, head, strict=True)
        # zeros on both sides are equal, and no ratio is needed to say so
        if all(b == h == 0.0 or _sound((b, h), absolute=False) for b, h in told):
            return ""
    by_head = _fault_of(pair.head, Side.HEAD, clock, metric)
    return by_head or _fault_of(pair.base, Side.BASE, clock, metric)
