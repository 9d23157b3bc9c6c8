"""Values and changes as the framework answers them: in the unit of the test type, and in per cent.

The share of something that may be 0 (errors, processor time) has no ratio to 0: its change is told
as a part of what it was, or of one percentage point, where it was less than that.
"""

from perfci.model.comparison import Comparison
from perfci.model.metric import Metric
from perfci.runners.live.units import UNITS, Unit

_POINT = 0.01
"""One percentage point of a share."""
_OTHERS = {
    "s": Unit(name="ms", factor=1e-3),
    "B": Unit(name="MB", factor=1e6),
    "1/s": Unit(name="1/s", factor=1.0),
    "ratio": Unit(name="%", factor=0.01),
}


def unit_of(metric: Metric) -> Unit:
    """Return the unit in which values of a metric are answered."""
    return (
        UNITS.get(metric.name)
        or _OTHERS.get(metric.unit)
        or Unit(name="" if metric.unit == "score" else metric.unit, factor=1.0)
    )


def shown(value: float, metric: Metric) -> float:
    """Return a value in its unit, from base units."""
    # rounded, so that 0.5 MB is not 0.49999999999999994
    return float(f"{value / unit_of(metric).factor:.12g}")


def change_of(comparison: Comparison) -> float:
    """Return the change in per cent, signed as measured; 0.0 where there is nothing to compare."""
    return 0.0 if comparison.change is None else _percent(comparison.change, comparison)


def interval_of(comparison: Comparison) -> tuple[float, float] | None:
    """Return the interval of the change in per cent; None where there is none."""
    found = comparison.interval
    if found is None:
        return None
    return _percent(found.low, comparison), _percent(found.high, comparison)


def _percent(change: float, comparison: Comparison) -> float:
    if not comparison.metric.absolute:
        return 100 * change
    before = comparison.base.point if comparison.base else 0.0
    point = _POINT if comparison.metric.unit == "ratio" else 1.0
    return 100 * change / max(abs(before), point)
