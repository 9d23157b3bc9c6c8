"""The two scales of a picture of trends: when, and how far from where a series began."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from perfci.model.timeline import Timeline
from perfci.reports.figures import typographic
from perfci.reports.svg import Axis, round_values
from perfci.reports.text import clean
from perfci.units import Scale

_LEAST = 0.06
"""Smallest reach of a scale of ratios to either side, as a logarithm: noise is not magnified."""


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """Where the runs of a window stand, by their time, or by their number where that is unknown."""

    first: datetime | None
    """In UTC; None where runs stand by their number."""
    last: datetime | None
    longest: int
    """Values of the longest series."""

    def across(self, *, left: float, right: float) -> Axis:
        """Return the horizontal scale."""
        if self.first is None or self.last is None:
            return Axis(low=0.0, high=float(max(self.longest - 1, 1)), left=left, right=right)
        return Axis(low=self.first.timestamp(), high=self.last.timestamp(), left=left, right=right)

    def places(self, timeline: Timeline) -> tuple[float, ...]:
        """Return where the values stand on that scale; series without times end together."""
        if self.first is None:
            first = self.longest - len(timeline.spots)
            return tuple(float(first + place) for place in range(len(timeline.spots)))
        return tuple(spot.time.timestamp() for spot in timeline.spots if spot.time)

    def labels(self) -> tuple[str, ...]:
        """Return what stands below the left end, the middle and the right end."""
        if self.first is None or self.last is None:
            return f"{self.longest - 1} runs before", "", "the last run"
        middle = self.first + (self.last - self.first) / 2
        times = (self.first, middle, self.last)
        days = (self.last - self.first).total_seconds() >= 3 * 86400
        return tuple(f"{time:%Y-%m-%d}" if days else f"{time:%m-%d %H:%M}" for time in times)


def when_of(timelines: Iterable[Timeline]) -> When:
    """Span the time over all values of some series."""
    known = list(timelines)
    longest = max((len(it.spots) for it in known), default=0)
    dated = all(spot.time for it in known for spot in it.spots)
    times = [spot.time for it in known for spot in (it.spots[0], it.spots[-1]) if spot.time]
    if not dated or not times or min(times) == max(times):
        return When(first=None, last=None, longest=longest)
    first, last = min(times).astimezone(UTC), max(times).astimezone(UTC)
    return When(first=first, last=last, longest=longest)


@dataclass(frozen=True, slots=True, kw_only=True)
class HowFar:
    """Logarithms of ratios, or differences in a unit."""

    scale: Scale | None
    """Of differences; None for ratios."""

    def up(self, values: Sequence[float], levels: Sequence[float], span: Axis) -> Axis:
        """Return the vertical scale: all levels, and the values but for the rare far ones.

        Args:
            values: all that are drawn.
            levels: between which series moved.
            span: the places of both ends.
        """
        ordered = sorted(values) or [0.0]
        far = max(len(ordered) // 200, 1) if len(ordered) > 20 else 0
        low = min(ordered[far], *levels, 0.0)
        high = max(ordered[-1 - far], *levels, 0.0)
        room = (high - low) / 2
        # a lonely value may stretch the scale by half, and stands at the edge beyond that
        low, high = max(ordered[0], low - room), min(ordered[-1], high + room)
        low, high = min(low, *levels, 0.0), max(high, *levels, 0.0)
        least = _LEAST if self.scale is None else (high - low) / 2 or self.scale.factor
        low, high = min(low, -least), max(high, least)
        pad = (high - low) * 0.04
        return Axis(low=low - pad, high=high + pad, left=span.left, right=span.right)

    def ticks(self, up: Axis) -> list[tuple[float, str]]:
        """Return round values of the vertical scale with their labels."""
        if self.scale is not None:
            factor = self.scale.factor
            shown = round_values(up.low / factor, up.high / factor, 4)
            return [(value * factor, _signed(value)) for value in shown]
        if up.high - up.low > math.log(4):
            return [(value, _times(value)) for value in _powers(up)]
        shown = round_values(math.expm1(up.low) * 100, math.expm1(up.high) * 100, 4)
        return [(math.log1p(v / 100), f"{_signed(v)} %" if v else "0") for v in shown if v > -100]

    def unit(self) -> str:
        """Return what the labels are in, where they do not say so themselves."""
        return clean(self.scale.unit, 20) if self.scale else ""


def _signed(value: float) -> str:
    shown = round(value, 9) or 0.0
    return typographic(f"{shown:+g}") if shown else "0"


def _times(logarithm: float) -> str:
    size = abs(logarithm)
    power = round(size / math.log(10))
    factor = f"{math.exp(size):.3g}" if power < 6 else f"1e{power}"
    return f"x {factor}" if logarithm >= 0 else f"1/{factor}"


def _powers(up: Axis) -> list[float]:
    """Return logarithms of round factors on both sides of 1."""
    reach = max(abs(up.low), abs(up.high)) / math.log(10)
    if reach < 1.3:
        known = [math.log(factor) for factor in (1, 2, 5, 10, 20)]
    else:
        step = max(1, math.ceil(reach / 3))
        known = [math.log(10) * power for power in range(0, math.ceil(reach) + 1, step)]
    both = sorted({*known, *(-value for value in known)})
    return [value for value in both if up.low <= value <= up.high]
