"""In which terms a series is judged: logarithms of ratios, or differences in its own unit."""

import math
from dataclasses import dataclass
from functools import lru_cache

from perfci.model.metric import Metric


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Limits and supposed spreads of one series, on the scale on which + is worse (`y`).

    y is a difference of logarithms, or of plain values where the metric is absolute.
    """

    absolute: bool
    unit: str
    sign: int
    """+1 where a larger value is worse."""
    sensitivity: float
    """The worsening to be seen, as a change is reported: a ratio minus 1, or a difference."""
    tau: float
    """The same as y."""
    margin: float
    """A fifth of the sensitivity: what is no worse than this is no regression."""
    apart: float
    """Between runs not measured together, only a worsening beyond this counts."""
    exact: float
    """Limit of a metric that repeats to the bit."""
    floor: float
    """No smaller standard deviation is believed."""
    spread: float
    """Supposed standard deviation between launches, where the suite does not tell."""
    run_spread: float
    """Supposed standard deviation between runs, in processor time and values."""
    wall_spread: float
    """The same in wall time, which other work on the machine stretches."""
    file_spread: float
    """Supposed standard deviation between launches, where a file holds only one."""

    def value(self, raw: float) -> float:
        """Return a measured value on the scale of y, not yet turned; raw > 0 for ratios."""
        return raw if self.absolute else math.log(raw)

    def size(self, worsening: float) -> float:
        """Return a worsening on the scale of y as a ratio minus 1, or as it is."""
        return worsening if self.absolute else math.expm1(min(worsening, 700.0))

    def change(self, worsening: float) -> float:
        """Return a worsening on the scale of y as a change, signed as measured."""
        return self.size(self.sign * worsening)


@lru_cache(maxsize=1024)
def terms_of(metric: Metric, sensitivity: float) -> Terms:
    """Choose the terms of a metric.

    Args:
        metric: of the series.
        sensitivity: the worsening to be seen. An absolute metric is seen to at least one point
            (0.01 where the unit is a ratio, else 1.0), as per cent of a rate mean nothing.

    Source: statistics.md E2, E3, E5, E5b 4, 12 and 13.
    """
    if metric.absolute:
        point = 0.01 if metric.unit == "ratio" else 1.0
        tau = min(sensitivity / 0.01, 1.0) * point
        return Terms(
            absolute=True,
            unit=metric.unit,
            sign=metric.sign,
            sensitivity=tau,
            tau=tau,
            margin=tau / 5,
            apart=2 * point,
            exact=0.5 * point,
            floor=0.01 * point,
            spread=0.5 * point,
            run_spread=1.25 * point,
            wall_spread=1.25 * point,
            file_spread=0.75 * point,
        )
    return Terms(
        absolute=False,
        unit=metric.unit,
        sign=metric.sign,
        sensitivity=sensitivity,
        tau=math.log1p(sensitivity),
        margin=math.log1p(sensitivity / 5),
        apart=math.log1p(max(2 * sensitivity, 0.10)),
        exact=math.log1p(0.005),
        floor=0.001,
        spread=0.02,
        run_spread=0.05,
        wall_spread=0.20,
        file_spread=0.03,
    )
