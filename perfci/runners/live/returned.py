"""Numbers that a callable returns: its own measurement, in the unit of its test type."""

import math
from decimal import Decimal
from numbers import Real

from perfci.model.metric import Metric
from perfci.runners.live.units import UNITS


class Refused(Exception):  # noqa: N818 - told by whoever knows the benchmark
    """A number that cannot be a value.

    Attributes:
        why: the rest of a sentence: `returned -3 ms`.
        hint: what to do.
    """

    def __init__(self, why: str, hint: str) -> None:
        """Keep both."""
        super().__init__(why)
        self.why = why
        self.hint = hint


def number(found: object) -> float | None:
    """Return a number; None for what is none: a boolean is not one."""
    if isinstance(found, bool) or not isinstance(found, Real | Decimal):
        return None
    try:
        return float(found)
    except (OverflowError, ValueError):
        return math.inf


def in_base_units(value: float, metric: Metric) -> float:
    """Return a number that a callable returned in base units.

    Raises:
        Refused: no value of this metric is such a number.
    """
    unit = UNITS[metric.name]
    shown = f"{value:g} {unit.name}".rstrip()
    if not math.isfinite(value):
        raise Refused(f"returned {shown}, which is not a finite number", _HINT)
    # memory may shrink while something is called: it did not grow then
    if value < 0 and metric.name != "memory_usage":
        raise Refused(f"returned {shown}, and no {metric.name} is below 0", _HINT)
    if value == 0 and not metric.absolute and metric.name != "memory_usage":
        raise Refused(f"returned {shown}, and no ratio can be made of 0", _HINT)
    if unit.most is not None and value > unit.most:
        raise Refused(f"returned {shown}, and {unit.most:g} {unit.name}".rstrip() + _MOST, _HINT)
    return value * unit.factor


_MOST = " is the most that there can be"
_HINT = (
    "a number that it returns is taken for its own measurement, in the unit of the test type; let "
    "it return anything else, and perfci measures the call"
)
