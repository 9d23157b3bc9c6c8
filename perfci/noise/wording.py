"""Counts, sizes and names as sentences about noise have them."""

import math
from collections.abc import Sequence

from perfci.model.metric import Metric
from perfci.units import limit, scale_for

_NAMED = 3
"""Series that a sentence names before it counts the rest."""


def count(number: int, one: str, many: str = "") -> str:
    """Return `1 gate`, `5 gates`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def size(metric: Metric, change: float) -> str:
    """Return the size of a change, two digits, never smaller than it is: `1.3 %`, `0.2 points`.

    Args:
        metric: of the series.
        change: at least 0; a ratio minus 1, or a difference for absolute metrics.
    """
    if not math.isfinite(change):
        return "?"
    if metric.absolute and metric.unit != "ratio":
        return scale_for(metric.unit, change).text(change)
    shown = limit(_raised(change))
    return f"{shown.removesuffix(' %')} points" if metric.absolute else shown


def _raised(ratio: float) -> float:
    if ratio <= 0:
        return 0.0
    unit = 10.0 ** (math.floor(math.log10(ratio * 100)) - 1)
    # a hair less than the value itself, so that 7.000000000000001 stays 7
    return math.ceil(ratio * 100 / unit * (1 - 1e-9)) * unit / 100


def names(keys: Sequence[str]) -> str:
    """Return some keys, and how many more there are: `a, b, c and 4 more`."""
    more = len(keys) - _NAMED
    shown = ", ".join(keys[:_NAMED])
    return f"{shown} and {more} more" if more > 0 else shown
