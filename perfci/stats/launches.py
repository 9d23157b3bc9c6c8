"""What one launch says: its centre, and by how much head is worse than base in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from perfci.model.measurement import Clock, Launch, Stage
from perfci.stats.ragged import Ragged
from perfci.stats.read import Read, rows_of
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
