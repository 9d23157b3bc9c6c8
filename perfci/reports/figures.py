"""The numbers of one comparison as people read them: three digits, one scale, a plain sign."""

import math
from dataclasses import dataclass, replace

from perfci.model.comparison import Comparison, Interval
from perfci.model.metric import Better, Metric
from perfci.reports.text import clean
from perfci.units import Scale, limit, percent, scale_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What is shown of one comparison; empty where there is nothing to show."""

    change: str = ""
    """With its unit: `+61.2 %`, `+1.2 points`."""
    meaning: str = ""
    """What the sign means, where it is not plain: `less throughput`."""
    low: str = ""
    """Bounds of the interval, without unit."""
    high: str = ""
    unit: str = ""
    """Of `change`, `low` and `high`."""
    level: str = ""
    """Of the interval: `95 %`."""
    before: str = ""
    """Base and head in one scale, without unit."""
    now: str = ""
    scale: str = ""
    """The unit of `before` and `now`."""

    @property
    def interval(self) -> str:
        """Return `+57.0 .. +65.1`, or nothing."""
        return f"{self.low} .. {self.high}" if self.low else ""

    def before_text(self) -> str:
        """Return base's value with its unit."""
        return f"{self.before} {self.scale}".strip() if self.before else ""

    def now_text(self) -> str:
        """Return head's value with its unit."""
        return f"{self.now} {self.scale}".strip() if self.now else ""


def figures(comparison: Comparison) -> Figures:
    """Write the numbers of a comparison, with `-` for minus."""
    points = [each.point for each in (comparison.base, comparison.head) if each]
    scale = scale_of(comparison.metric, *points)
    unit, factor = _change_unit(comparison)
    low, high = _bounds(comparison.interval) or (None, None)
    return Figures(
        change=_signed(comparison.change, unit, factor, with_unit=True),
        meaning=meaning(comparison),
        low=_signed(low, unit, factor),
        high=_signed(high, unit, factor),
        unit=unit,
        level=limit(comparison.interval.level) if comparison.interval else "",
        before=scale.number(comparison.base.point) if comparison.base else "",
        now=scale.number(comparison.head.point) if comparison.head else "",
        scale=scale.unit,
    )


def _change_unit(comparison: Comparison) -> tuple[str, float]:
    metric = comparison.metric
    if not metric.absolute:
        return "%", 0.01
    if metric.unit == "ratio":
        return "points", 0.01
    values = [comparison.change or 0.0, *_bounds(comparison.interval)]
    scale = scale_of(metric, *values)
    return scale.unit, scale.factor


def _bounds(interval: Interval | None) -> tuple[float, float] | tuple[()]:
    return (interval.low, interval.high) if interval else ()


def _signed(value: float | None, unit: str, factor: float, *, with_unit: bool = False) -> str:
    if value is None:
        return ""
    if not math.isfinite(value):
        text = "?" if math.isnan(value) else f"{'+' if value > 0 else '-'}∞"
    elif unit == "%":
        text = percent(value).removesuffix(" %")
    else:
        # never an exponent: three digits, or all there are before the point
        shown = value / factor
        text = f"{shown:+.3g}" if abs(shown) < 999.5 else f"{shown:+.0f}"
    one = unit == "points" and text in {"+1", "-1"}
    return f"{text} {'point' if one else unit}".rstrip() if with_unit else text


def meaning(comparison: Comparison) -> str:
    """Say what the sign of a change means, where larger is not plainly worse."""
    metric, change = comparison.metric, comparison.change
    if metric.better is Better.LOWER or not change:
        return ""
    if metric.unit == "1/s":
        return f"{'less' if change < 0 else 'more'} {metric_words(metric)}"
    return "worse" if change < 0 else "better"


def metric_words(metric: Metric) -> str:
    """Return the metric's name as harmless words: `latency p99`."""
    return clean(metric.name.replace("_", " "), 40)


def scale_of(metric: Metric, *values: float) -> Scale:
    """Choose one scale for some values of a metric; a foreign unit is made harmless."""
    scale = scale_for(metric.unit, *values)
    return replace(scale, unit=clean(scale.unit, 20))


def size(metric: Metric, value: float) -> str:
    """Return a worsening without sign, as a limit or a margin is written: `5 %`, `1 point`."""
    if not metric.absolute:
        return limit(value)
    if metric.unit == "ratio":
        points = round(value * 100, 6)
        return f"{points:g} point{'' if points == 1 else 's'}"
    return scale_of(metric, value).text(value)


def at_most(metric: Metric, value: float) -> str:
    """Return what would have been seen, two digits, never smaller than it is: `9 %`, `13 %`."""
    if not math.isfinite(value) or value <= 0:
        return "?"
    if metric.absolute and metric.unit != "ratio":
        return scale_of(metric, value).text(value)
    digits = 1 - math.floor(math.log10(value * 100))
    # a hair less than the value itself, so that 7.000000000000001 stays 7
    raised = math.ceil(value * 100 * 10**digits * (1 - 1e-9)) / 10**digits
    return size(metric, raised / 100)


def chance(p_value: float | None) -> str:
    """Return a p-value with two digits, or what it is below."""
    if p_value is None or not math.isfinite(p_value):
        return ""
    return "below 0.0001" if p_value < 1e-4 else f"{p_value:.2g}"


def typographic(number: str) -> str:
    """Return a number with the true minus sign."""
    return number.replace("-", "\N{MINUS SIGN}")
