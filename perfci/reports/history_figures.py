"""The numbers of a history as people read them: changes, rates, chances, and bars."""

import math
from itertools import pairwise
from statistics import median

from perfci.model.timeline import Timeline
from perfci.reports.figures import chance
from perfci.reports.recent import sparkline
from perfci.reports.text import clean
from perfci.units import percent, scale_for

_BARS = 24


def harm(timeline: Timeline, change: float) -> float:
    """Return by how much it is for the worse; below 0 for the better."""
    return change * timeline.sign


def change_text(timeline: Timeline, change: float) -> str:
    """Return a change as people read it: a share, or a difference where values may be 0."""
    if all(spot.value > 0 for spot in timeline.spots):
        return relative(change)
    scale = scale_for(timeline.unit, change)
    sign = "+" if change > 0 else ""
    return f"{sign}{digits(change / scale.factor)} {clean(scale.unit, 20)}".rstrip()


def relative(ratio: float, *, signed: bool = True) -> str:
    """Return a ratio as per cent, or as a factor where that would be a long row of digits."""
    if not math.isfinite(ratio):
        return "?"
    return f"x {ratio + 1:.3g}" if ratio > 99 else percent(ratio, signed=signed)


def rate(slope: float) -> str:
    """Return a small relative change with two digits: `+0.07 %`."""
    return f"{slope * 100:+.2g} %"


def digits(shown: float) -> str:
    """Return three digits; an exponent only where it would be a long row of digits."""
    if shown and not 1e-3 <= abs(shown) < 1e9:
        return f"{shown:.3g}"
    return scale_for("", shown).number(shown)


def odds(p_value: float) -> str:
    """Return a p-value with its name; nothing where there is none."""
    text = chance(p_value)
    return f"p {text}" if text else ""


def bars(timeline: Timeline) -> str:
    """Return the whole series as bars, each the median of its part."""
    values = [spot.value for spot in timeline.spots]
    largest = max(map(abs, values), default=0.0) or 1.0
    values = [value / largest for value in values]
    parts = min(_BARS, len(values))
    edges = [place * len(values) // parts for place in range(parts + 1)]
    return sparkline([median(values[a:b]) for a, b in pairwise(edges)])
