"""Three pictures of one series: its change, its launches, its recent runs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from perfci.model.comparison import Comparison, Outcome
from perfci.reports.figures import Figures, figures, metric_words, size, typographic
from perfci.reports.svg import Axis, axis, dots, element, fill, line, number, picture, stroke, text
from perfci.reports.text import clean
from perfci.units import Scale

_WIDTH = 460.0
_LEFT, _RIGHT = 14.0, 446.0
_KINDS = {Outcome.REGRESSED: "bad", Outcome.IMPROVED: "good"}


def change_chart(comparison: Comparison, limit: float | None, *, alone: bool = False) -> str:
    """Draw the interval of a change on a scale with zero, the margin and the limit.

    Args:
        comparison: with a change; without one nothing is drawn.
        limit: the worsening from which it blocks; None where nothing does.
        alone: as `picture`.
    """
    change, interval = comparison.change, comparison.interval
    if change is None or not math.isfinite(change):
        return ""
    sign = comparison.metric.sign
    low, high = (interval.low, interval.high) if interval else (change, change)
    edge = None if limit is None else sign * limit
    margin = margin_of(comparison) or 0.0
    scale = axis([0.0, low, high, change, edge or 0.0], left=_LEFT, right=_RIGHT)
    written = figures(comparison)
    colour = _KINDS.get(comparison.outcome, "doubt")
    parts = [*_grid(scale, comparison), *_zero(scale, margin)]
    if edge is not None and limit is not None:
        parts += _limit(scale, edge, f"limit {size(comparison.metric, limit)}")
    left, right = scale.at(low), scale.at(high)
    bar = {"x": left, "y": 37.0, "width": max(right - left, 1.0), "height": 10.0, "rx": 5.0}
    parts.append(element("rect", {**bar, **fill(colour), "fill-opacity": "0.35"}))
    parts.append(element("circle", {"cx": scale.at(change), "cy": 42.0, "r": 6.0, **fill(colour)}))
    worse, better = ("end", "start") if sign > 0 else ("start", "end")
    for word, anchor in (("worse", worse), ("better", better)):
        where = _RIGHT if anchor == "end" else _LEFT
        arrow = f"{word} →" if anchor == "end" else f"← {word}"
        parts.append(text(arrow, where, 96.0, anchor, faint=True))
    return picture(_WIDTH, 102.0, _change_title(comparison, written), parts, alone=alone)


def margin_of(comparison: Comparison) -> float | None:
    """Return what counts as noise around no change; None where the rule knows no margin."""
    interval = comparison.interval
    # a metric that repeats to the bit has no spread, and a limit instead of a margin
    if not comparison.paired or interval is None or interval.low == interval.high:
        return None
    return comparison.sensitivity / 5


def _change_title(comparison: Comparison, written: Figures) -> str:
    name = f"{clean(str(comparison.id))} {metric_words(comparison.metric)}"
    said = f"{name}: change {written.change}"
    if written.low:
        said += f", {written.level} interval {written.low} to {written.high}"
    return said


def _grid(scale: Axis, comparison: Comparison) -> list[str]:
    metric = comparison.metric
    factor = 1.0 if metric.absolute and metric.unit != "ratio" else 0.01
    unit = "" if metric.absolute else " %"
    parts = [line((scale.left, 60), (scale.right, 60), stroke("rule"))]
    for value in scale.ticks():
        x = scale.at(value)
        shown = round(value / factor, 9) or 0.0
        label = typographic(f"{shown:+g}" if shown else "0") + unit
        parts.append(line((x, 60), (x, 65), stroke("rule")))
        parts.append(text(label, x, 79.0))
    return parts


def _zero(scale: Axis, margin: float) -> list[str]:
    """Draw zero, and around it what is too small to be called worse."""
    left, right = scale.at(-margin), scale.at(margin)
    parts = []
    if margin:
        band = {"x": left, "y": 24.0, "width": right - left, "height": 36.0}
        parts.append(element("rect", {**band, **fill("base"), "fill-opacity": "0.22"}))
    return [*parts, line((scale.at(0), 24), (scale.at(0), 60), stroke("base"), 1.5)]


def _limit(scale: Axis, edge: float, label: str) -> list[str]:
    x = scale.at(edge)
    near_end = x > scale.right - 60
    anchor = "end" if near_end else "start" if x < scale.left + 60 else "middle"
    dashed = line((x, 20), (x, 60), {**stroke("bad"), "stroke-dasharray": "4 3"}, 1.5)
    return [dashed, text(label, x, 14.0, anchor)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """The launches of one side."""

    name: str
    values: tuple[float, ...]
    """Of the launches that decided."""
    pale: tuple[float, ...] = ()
    """Of those that only raised the suspicion."""
    middle: float | None
    """The side's own estimate."""
    colour: str


def launches_chart(strips: Sequence[Strip], scale: Scale, title: str) -> str:
    """Draw each launch as a dot, a row for each side, on one scale.

    Args:
        strips: the sides, at least one value between them.
        scale: in which the axis is labelled.
        title: what the picture shows.
    """
    values = [value for strip in strips for value in (*strip.values, *strip.pale)]
    middles = [strip.middle for strip in strips if strip.middle is not None]
    left = 64.0
    ground = axis([*values, *middles], left=left, right=_RIGHT)
    bottom = 14.0 + 30 * len(strips)
    parts = [line((left, bottom), (_RIGHT, bottom), stroke("rule"))]
    for value in axis_labels(ground, scale):
        x = ground.at(value * scale.factor)
        parts.append(line((x, bottom), (x, bottom + 5), stroke("rule")))
        parts.append(text(typographic(f"{value:g}"), x, bottom + 19))
    parts.append(text(scale.unit, _RIGHT, bottom + 36, "end", faint=True))
    for row, strip in enumerate(strips):
        y = 16.0 + 30 * row
        parts.append(text(strip.name, left - 10, y + 4, "end"))
        parts.append(dots(_apart(strip.pale, ground, y), strip.colour, 6.0, opacity=0.3))
        parts.append(dots(_apart(strip.values, ground, y), strip.colour, 6.0))
        if strip.middle is not None and math.isfinite(strip.middle):
            x = ground.at(strip.middle)
            parts.append(line((x, y - 11), (x, y + 11), stroke(strip.colour), 2.0))
    return picture(_WIDTH, bottom + 42, title, parts, alone=False)


def _apart(values: Sequence[float], ground: Axis, y: float) -> list[tuple[float, float]]:
    """Place dots out of each other's way, in an order that looks like none."""
    return [(ground.at(value), y + (index * 7 % 5 - 2) * 2.2) for index, value in enumerate(values)]


def axis_labels(ground: Axis, scale: Scale) -> list[float]:
    """Return the round values of an axis in the unit that is shown."""
    shown = Axis(
        low=ground.low / scale.factor, high=ground.high / scale.factor, left=0.0, right=1.0
    )
    return [round(value, 12) for value in shown.ticks(5)]


def trend_chart(values: Sequence[float], marked: Sequence[bool], title: str) -> str:
    """Draw one value a run, oldest first; the last is this run's.

    Args:
        values: at least two.
        marked: True for a run that was called worse; as long as `values`.
        title: what the picture shows.
    """
    across = Axis(low=0, high=len(values) - 1, left=_LEFT, right=_RIGHT - 8)
    up = axis([*values, min(values) * 0.9, max(values) * 1.1], left=56.0, right=8.0)
    places = [(across.at(index), up.at(value)) for index, value in enumerate(values)]
    path = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in places)
    parts = [
        line((_LEFT, 60), (_RIGHT, 60), stroke("rule")),
        element("path", {"d": path, "stroke-width": 1.5, **stroke("base")}),
        dots(places[:-1], "base", 4.0),
        dots([place for place, bad in zip(places, marked, strict=True) if bad], "bad", 7.0),
        dots(places[-1:], "head", 8.0),
        text(f"{len(values) - 1} runs ago", _LEFT, 76.0, "start", faint=True),
        text("this run", _RIGHT, 76.0, "end", faint=True),
    ]
    return picture(_WIDTH, 82.0, title, parts, alone=False)
