"""What one launch says: its centre, and by how much head is worse than base in it."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from perfci.model.measurement import Clock, Launch, Side, Stage
from perfci.model.metric import Metric
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
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


def centre(launch: Launch, clock: Clock) -> float:
    """Return the median of a launch's values, in base units."""
    return median(launch.clocks[clock])


def worsening(pair: Pair, clock: Clock, terms: Terms) -> float:
    """Return y of one launch: the median over its pairs of values, + where head is worse.

    Where the two sides hold different numbers of values, these are no pairs, and the medians
    are compared.

    Source: statistics.md E2.
    """
    base, head = pair.base.clocks[clock], pair.head.clocks[clock]
    if len(base) != len(head):
        base, head = (median(base),), (median(head),)
    if terms.absolute:
        return terms.sign * median(h - b for b, h in zip(base, head, strict=True))
    return terms.sign * median(
        # both 0 is no change; the other zeros were refused by `fault_of_pair`
        0.0 if b == h else math.log(h) - math.log(b)
        for b, h in zip(base, head, strict=True)
    )


def _sound(values: Sequence[float], *, absolute: bool) -> bool:
    return bool(values) and math.isfinite(sum(values)) and (absolute or min(values) > 0.0)


def fault_of(launch: Launch, side: Side, clock: Clock, metric: Metric) -> str:
    """Say why a launch cannot be compared; empty where it can."""
    values = launch.clocks.get(clock)
    where = f"launch {launch.number} of {side}"
    if not values:
        return f"{where} holds no values of the {clock} clock"
    if _sound(values, absolute=metric.absolute):
        return ""
    bad = next((value for value in values if not math.isfinite(value)), None)
    if bad is not None:
        return f"{where} holds {bad}, which is not a number that can be compared"
    if metric.absolute or min(values) > 0.0:
        return ""
    if metric.timed:
        return f"{where} took {min(values):g} s by the {clock} clock: too short for it to see"
    return (
        f"{where} holds {min(values):g}, and a ratio needs values above 0; "
        f"declare the metric {metric.name} absolute, so that differences are compared"
    )


def fault_of_pair(pair: Pair, clock: Clock, metric: Metric) -> str:
    """Say why two launches cannot be compared; zeros on both sides alike are equal."""
    base = fault_of(pair.base, Side.BASE, clock, metric)
    head = fault_of(pair.head, Side.HEAD, clock, metric)
    if not base and not head:
        return ""
    both = (pair.base.clocks.get(clock, ()), pair.head.clocks.get(clock, ()))
    if len(both[0]) == len(both[1]) > 0 and not metric.absolute:
        told = zip(*both, strict=True)
        if all(b == h == 0.0 or _sound((b, h), absolute=False) for b, h in told):
            return ""
    return head or base
