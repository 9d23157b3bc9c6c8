"""Metrics of formats in which whoever writes a file names them, their units and directions."""

import re
from dataclasses import replace

from perfci.model.metric import Better, built_in
from perfci.model.text import printable
from perfci.readers.quantity import Quantity, quantity, without_note

_PERCENT = {"%", "percent", "percentage", "pct"}
UNITS_OF_SHARES = "Write its unit: `ratio` or `%`."
"""What to do about a share without a unit."""
_BETTER = {
    **dict.fromkeys(("lower", "smaller", "lower_is_better", "smaller_is_better"), Better.LOWER),
    **dict.fromkeys(("higher", "bigger", "higher_is_better", "bigger_is_better"), Better.HIGHER),
}


def custom_quantity(name: str, unit: str, better: Better | None) -> Quantity:
    """Return what a number is: as perfci knows a metric of that name and unit, else as told.

    Args:
        name: of the metric, hostile text; empty: it follows from the unit.
        unit: as the file has it; empty for a count.
        better: the file's word, which counts but for metrics that perfci knows; None: metric or
            unit tell, else lower.

    Raises:
        ValueError: it is a share that perfci knows, and whether in percent is not told.
    """
    safe = re.sub(r"[\s:/]+", "_", printable(name, limit=80).strip())
    share = built_in(safe)
    if share is not None and share.unit == "ratio":
        if not unit.strip():
            message = f"{safe} without a unit may be a ratio or a percentage"
            raise ValueError(message)
        if without_note(unit).lower() in _PERCENT:
            return Quantity(factor=0.01, metric=share)
    what = quantity(unit, name=safe, better=better)
    known = built_in(what.metric.name)
    if known is not None and known.unit == what.metric.unit:
        # with a word of its own a slower head would be a faster one
        return replace(what, metric=known)
    return replace(what, metric=replace(what.metric, better=better or what.metric.better))


def better_of(text: str) -> Better:
    """Return a direction: `lower`, `higher`, `lower_is_better` and their like.

    Raises:
        KeyError: it is none.
    """
    return _BETTER[text.strip().lower().replace("-", "_")]


def tells_direction(name: str, unit: str) -> bool:
    """Return whether a metric's name or its unit say which way it is better."""
    lower, higher = (quantity(unit, name=name, better=each).metric.better for each in Better)
    return lower is higher or built_in(name) is not None
