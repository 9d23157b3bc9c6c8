"""What one launch says: its centre, and by how much head is worse than base in it."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from perfci.model.measurement import Clock, Launch, Side, Stage
from perfci.model.metric import Metric
from perfci.stats import wording
from perfci.stats.ragged import Ragged
from perfci.stats.read import Read, read_by, rows_of
from perfci.stats.robust import medians, middle
from perfci.stats.terms import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One launch of each side, measured together."""

    base: Launch
    head: Launch


def pairs(base: Sequence[Launch], head: Sequence[Launch], stage: Stage) -> tuple[Pair, ...]:
    """Join the launches of one stage by their numbers; one without a partner is left out."""
    partners = {launch.number: launch for launch in base if launch.stage is stage}
    ordered = sorted((launch for launch in head if launch.stage is stage), key=lambda it: it.number)
    return tuple(
        Pair(base=partners[launch.number], head=launch)
        for launch in ordered
        if launch.number in partners
    )


def median(values: Iterable[float]) -> float:
    """Return the median of at least one value."""
    ordered = sorted(values)
    last = len(ordered) - 1
    return (ordered[last // 2] + ordered[(last + 1) // 2]) / 2


def centre(launch: Launch, clock: Clock) -> float:
    """Return the median of a launch's values, in base units."""
    return median(launch.clocks[clock])


def centres(sides: Sequence[Read]) -> Ragged:
    """Return the medians of launches, a row a side, in base units.

    Args:
        sides: the values of at least one launch each.
    """
    sizes = np.array([len(side.sizes) for side in sides], dtype=np.int64)
    return Ragged(values=medians(rows_of(sides)), sizes=sizes)


def on_scale(rows: Ragged, terms: Sequence[Terms]) -> Ragged:
    """Return measured values on the scale of y, not yet turned; those of ratios are above 0."""
    absolute = np.repeat([each.absolute for each in terms], rows.sizes)
    values = np.where(absolute, rows.values, np.log(np.where(absolute, 1.0, rows.values)))
    return Ragged(values=values, sizes=rows.sizes)


def worsenings(joined: Sequence[Pair], clock: Clock, terms: Terms) -> tuple[float, ...]:
    """Return y of each launch: the median over its pairs of values, + where head is worse.

    Where the two sides hold different numbers of values, these are no pairs, and the medians
    are compared.

    Args:
        joined: launches without fault.
        clock: that decides.
        terms: of the series.

    Source: statistics.md E2.
    """
    if not joined:
        return ()
    both = [_values(pair, clock) for pair in joined]
    sizes = [len(base) for base, _ in both]
    # all values of the series in one go: this is where a large suite spends its time
    before = np.array(list(chain.from_iterable(base for base, _ in both)), dtype=np.float64)
    after = np.array(list(chain.from_iterable(head for _, head in both)), dtype=np.float64)
    if terms.absolute:
        steps = after - before
    else:
        # both 0 is no change; other zeros were refused by `fault_of_pairs`
        equal = before == after
        steps = np.log(np.where(equal, 1.0, after)) - np.log(np.where(equal, 1.0, before))
    if len(set(sizes)) == 1:
        medial = middle(np.sort(steps.reshape(len(sizes), -1), axis=1))
    else:
        medial = medians(np.split(steps, np.cumsum(sizes)[:-1]))
    return tuple((terms.sign * medial).tolist())


def _values(pair: Pair, clock: Clock) -> tuple[tuple[float, ...], tuple[float, ...]]:
    base, head = pair.base.clocks[clock], pair.head.clocks[clock]
    return (base, head) if len(base) == len(head) else ((median(base),), (median(head),))


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
    if metric.timed:
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
