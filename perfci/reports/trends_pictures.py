"""Three pictures over all series: suites side by side, regressions in time, the noise by week."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from perfci.reports.svg import Axis, axis, dots, element, fill, line, number, picture, stroke, text
from perfci.reports.text import clean, shorten
from perfci.reports.trends_noise import Week
from perfci.reports.trends_regressions import Event
from perfci.reports.trends_scales import HowFar, When
from perfci.reports.words import count
from perfci.units import percent

_WIDTH, _RIGHT = 460.0, 440.0
_ROW = 22.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One suite of the comparison."""

    name: str
    """Hostile text."""
    moves: tuple[float, ...]
    """How far each series got worse, as logarithms."""
    mean: float


def comparison_chart(rows: Sequence[Row]) -> str:
    """Draw how far the series of each suite moved, and their mean.

    Args:
        rows: one or more, in the order in which they are drawn.
    """
    left, top = 132.0, 12.0
    bottom = top + _ROW * len(rows)
    how = HowFar(scale=None)
    every = [move for row in rows for move in row.moves]
    span = axis([min([*every, 0.0]), max([*every, 0.0])], left=left, right=_RIGHT)
    scale = how.up(every, [span.low, span.high], span)
    parts: list[str] = []
    for value, label in how.ticks(scale):
        x = scale.at(value)
        parts.append(line((x, top), (x, bottom), {**stroke("rule"), "stroke-opacity": "0.5"}))
        parts.append(text(label, x, bottom + 16))
    parts.append(line((scale.at(0), top), (scale.at(0), bottom), stroke("base"), 1.5))
    for place, row in enumerate(rows):
        y = top + _ROW * (place + 0.5)
        parts.append(text(shorten(clean(row.name), 18), left - 10, y + 4, "end"))
        for colour, moves in (
            ("base", [it for it in row.moves if it == 0]),
            ("bad", [it for it in row.moves if it > 0]),
            ("good", [it for it in row.moves if it < 0]),
        ):
            parts.append(dots([(scale.at(it), y) for it in dict.fromkeys(moves)], colour, 7.0))
        x = scale.at(row.mean)
        parts.append(line((x, y - 8), (x, y + 8), stroke("head"), 2.5))
    parts.append(text("← better", left, bottom + 33, "start", faint=True))
    parts.append(text("worse →", _RIGHT, bottom + 33, "end", faint=True))
    said = f"How far the series of {len(rows)} suites got worse or better"
    return picture(_WIDTH, bottom + 40, said, parts, alone=False)


def regressions_chart(events: Sequence[Event], when: When, *, alone: bool = False) -> str:
    """Draw from when to when each commit's regressions lasted, and each drift.

    Args:
        events: one or more, from top to bottom.
        when: with times.
        alone: as `picture`.
    """
    left, top = 76.0, 10.0
    bottom = top + _ROW * len(events)
    across = when.across(left=left, right=_RIGHT - 10)
    parts = [line((left, bottom), (_RIGHT - 10, bottom), stroke("rule"))]
    for place, event in enumerate(events):
        y = top + _ROW * (place + 0.5)
        name = "drift" if event.drift else clean(event.commit, 40)[:7]
        parts.append(text(name, left - 10, y + 4, "end"))
        parts += _bar(event, across, y)
    first, middle, last = when.labels()
    parts.append(text(first, left, bottom + 18, "start", faint=True))
    parts.append(text(middle, (left + _RIGHT - 10) / 2, bottom + 18, faint=True))
    parts.append(text(last, _RIGHT - 10, bottom + 18, "end", faint=True))
    drifts = sum(event.drift is not None for event in events)
    made = f"the regressions of {count(len(events) - drifts, 'commit')}"
    lasted = [made if len(events) > drifts else "", count(drifts, "drift") if drifts else ""]
    said = f"From when to when {' and '.join(filter(None, lasted))} lasted"
    return picture(_WIDTH, bottom + 26, said, parts, alone=alone)


def _bar(event: Event, across: Axis, y: float) -> Iterator[str]:
    if event.time is None:
        return
    begin = across.at(event.time.timestamp())
    ends = [it.end.time.timestamp() for it in event.regressions if it.end and it.end.time]
    still = bool(event.open)
    end = across.right if still or not ends else across.at(max(ends))
    colour = "bad" if still else "base"
    wide = max(end - begin, 3.0)
    if event.drift:
        edge = f"L{number(begin + wide)} "
        wedge = f"M{number(begin)} {number(y)}{edge}{number(y - 5)}{edge}{number(y + 5)}Z"
        yield element("path", {"d": wedge, **fill(colour), "fill-opacity": "0.55"})
    else:
        box = {"x": begin, "y": y - 5, "width": wide, "height": 10.0, "rx": 3.0}
        yield element("rect", {**box, **fill(colour), "fill-opacity": "0.55"})
    if still:
        tip = f"M{number(end)} {number(y - 8)}L{number(end + 9)} {number(y)}L{number(end)} "
        yield element("path", {"d": f"{tip}{number(y + 8)}Z", **fill("bad")})
    for each in dict.fromkeys(ends):
        x = across.at(each)
        yield line((x, y - 8), (x, y + 8), stroke("good"), 2.5)


def noise_chart(weeks: Sequence[Week], *, alone: bool = False) -> str:
    """Draw the spread within and between runs, week by week.

    Args:
        weeks: two or more, with a spread in one of them.
        alone: as `picture`.
    """
    left, top, bottom = 52.0, 14.0, 108.0
    largest = max(it for week in weeks for it in (week.within, week.between, 0.001) if it)
    up = Axis(low=0.0, high=largest * 1.15, left=bottom, right=top)
    days = [week.begins.toordinal() for week in weeks]
    across = Axis(low=days[0], high=days[-1], left=left + 4, right=_RIGHT - 14)
    parts = []
    for value in Axis(low=0.0, high=up.high * 100, left=0, right=1).ticks(3):
        y = up.at(value / 100)
        parts.append(line((left, y), (_RIGHT - 10, y), {**stroke("rule"), "stroke-opacity": "0.5"}))
        parts.append(text(f"{value:g} %", left - 6, y + 4, "end"))
    for colour, values in (
        ("base", [week.within for week in weeks]),
        ("head", [week.between for week in weeks]),
    ):
        known = [
            (across.at(day), up.at(it))
            for day, it in zip(days, values, strict=True)
            if it is not None
        ]
        path = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in known) if known else ""
        parts.append(element("path", {"d": path, "stroke-width": 1.5, **stroke(colour)}))
        parts.append(dots(known, colour, 5.0, 1.0))
    parts.append(text(f"{weeks[0].begins}", left, bottom + 18, "start", faint=True))
    parts.append(text(f"{weeks[-1].begins}", _RIGHT - 10, bottom + 18, "end", faint=True))
    said = f"Spread of the series in {len(weeks)} weeks, within a run and between runs"
    return picture(_WIDTH, bottom + 26, said, parts, alone=alone)


def mean_of(moves: Sequence[float]) -> float:
    """Return the mean of logarithms: that of the geometric mean."""
    return math.fsum(moves) / len(moves) if moves else 0.0


def worsening(logarithm: float) -> str:
    """Return how far something got worse or better: `12.3 % worse`, `x 13 better`."""
    if not logarithm:
        return "0"
    word = "worse" if logarithm > 0 else "better"
    if abs(logarithm) > math.log(10):
        return f"x {math.exp(min(abs(logarithm), 700.0)):.3g} {word}"
    return f"{percent(abs(math.expm1(logarithm)), signed=False)} {word}"
