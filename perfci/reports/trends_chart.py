"""One small picture for each suite: its series over the runs, each against where it began."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from perfci.reports.svg import Axis, axis, dots, element, fill, line, number, picture, stroke, text
from perfci.reports.text import clean
from perfci.reports.trends_curves import Curve, curve_of
from perfci.reports.trends_scales import HowFar, When
from perfci.reports.trends_thinning import envelope, thinned
from perfci.reports.trends_tracks import Track

_WIDTH, _HEIGHT = 460.0, 208.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 52.0, 436.0, 32.0, 180.0
_COLUMN = 1.5
_APART = 11.0
_LABEL = 52.0
NUMBERED = 6
"""Series that are told apart by a number, at most."""
_ALONE = 12
"""Quiet series that are drawn one by one, at most; more of them are a band."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """What a picture shows."""

    title: str
    moved: tuple[Curve, ...]
    """Series with something to tell, the most telling first; the first get a number."""
    quiet: tuple[Curve, ...]
    when: When
    how: HowFar
    across: Axis
    up: Axis

    @property
    def beyond(self) -> int:
        """Return how many values stand at the edge because they lie outside of the scale."""
        low, high = self.up.low, self.up.high
        every = (value for curve in (*self.moved, *self.quiet) for value in curve.values)
        return sum(not low <= value <= high for value in every)


def plot_of(title: str, tracks: Sequence[Track], when: When, how: HowFar) -> Plot:
    """Lay a picture out.

    Args:
        title: what it shows.
        tracks: one or more, those with something to tell first.
        when: the horizontal scale.
        how: the vertical one.
    """
    curves = [curve_of(track, when) for track in tracks]
    up = how.up(
        [value for curve in curves for value in curve.values],
        [height for curve in curves for height in (*curve.levels, *curve.visits)],
        axis([0.0], left=_BOTTOM, right=_TOP),
    )
    return Plot(
        title=title,
        moved=tuple(curve for curve in curves if curve.track.eventful),
        quiet=tuple(curve for curve in curves if not curve.track.eventful),
        when=when,
        how=how,
        across=when.across(left=_LEFT, right=_RIGHT - 18),
        up=up,
    )


def suite_chart(plot: Plot, *, alone: bool = False) -> str:
    """Draw a line for each series, dots where its level changed, and shades for its episodes.

    Args:
        plot: with one series or more.
        alone: as `picture`.
    """
    parts = [*_ground(plot, plot.up)]
    for curve in plot.moved[:NUMBERED]:
        parts += _shades(curve, plot)
    parts.append(_band([_places(curve, plot) for curve in plot.quiet]))
    for curve in plot.moved[NUMBERED:]:
        parts.append(_drawn(_line(curve, plot), curve.tone, 1.0, "0.6"))
    parts += _commits(plot)
    for curve in reversed(plot.moved[:NUMBERED]):
        begins = [
            (plot.across.at(curve.across[change.index]), plot.up.at(level))
            for change, level in zip(curve.track.course.changes, curve.levels[1:], strict=True)
        ]
        parts.append(_drawn(_line(curve, plot), curve.tone, 1.0, "0.55"))
        parts.append(_drawn(_levels(curve, plot), curve.tone, 2.0, "1"))
        parts.append(dots(begins, curve.tone, 6.0, 1.0))
    parts += _numbers(plot)
    return picture(_WIDTH, _HEIGHT, plot.title, parts, alone=alone)


def _places(curve: Curve, plot: Plot) -> list[tuple[float, float]]:
    across, up = plot.across.at, plot.up.at
    return [(across(x), up(y)) for x, y in zip(curve.across, curve.values, strict=True)]


def _line(curve: Curve, plot: Plot) -> str:
    return _path(thinned(_places(curve, plot), width=_COLUMN))


def _ground(plot: Plot, up: Axis) -> Iterator[str]:
    for value, label in plot.how.ticks(up):
        y = up.at(value)
        yield line((_LEFT, y), (_RIGHT - 18, y), {**stroke("rule"), "stroke-opacity": "0.5"})
        yield text(label, _LEFT - 6, y + 4, "end")
    if plot.how.unit():
        yield text(plot.how.unit(), _LEFT - 6, _TOP - 18, "end", faint=True)
    left, middle, right = plot.when.labels()
    yield text(left, _LEFT, _BOTTOM + 20, "start", faint=True)
    yield text(middle, (_LEFT + _RIGHT - 18) / 2, _BOTTOM + 20, faint=True)
    yield text(right, _RIGHT - 18, _BOTTOM + 20, "end", faint=True)


def _shades(curve: Curve, plot: Plot) -> Iterator[str]:
    for each in curve.track.course.episodes:
        first, last = (plot.across.at(curve.across[it]) for it in (each.first, each.last))
        box = {"x": first - 2, "y": _TOP, "width": last - first + 4, "height": _BOTTOM - _TOP}
        yield element("rect", {**box, **fill("doubt"), "fill-opacity": "0.2"})


def _band(lines: Sequence[Sequence[tuple[float, float]]]) -> str:
    """Draw quiet series: each by itself, or the span between the lowest and the highest."""
    if len(lines) <= _ALONE:
        path = "".join(_path(thinned(each, width=_COLUMN)) for each in lines)
        return _drawn(path, "base", 1.0, "0.45") if path else ""
    edges = envelope(lines, width=2 * _COLUMN)
    there = [(x, low) for x, low, _ in edges]
    back = [(x, high) for x, _, high in reversed(edges)]
    return element(
        "path", {"d": f"{_path([*there, *back])}Z", **fill("base"), "fill-opacity": "0.3"}
    )


def _levels(curve: Curve, plot: Plot) -> str:
    edges, parts = curve.edges, []
    for place, level in enumerate(curve.levels):
        begin, end = edges[place], edges[place + 1] - 1
        rise = curve.slope * (end - begin) / 2 if end + 1 == edges[-1] else 0.0
        first, last = (plot.across.at(curve.across[it]) for it in (begin, end))
        low, high = plot.up.at(level - rise), plot.up.at(level + rise)
        parts.append(_path([(first, low), (max(last, first + 1.0), high)]))
    return "".join(parts)


def _commits(plot: Plot) -> Iterator[str]:
    """Mark the commits with which levels changed; a name stands where there is room for it."""
    seen: set[str] = set()
    rows: list[list[float]] = [[], []]
    for curve in plot.moved[:NUMBERED]:
        changes = sorted(curve.track.course.changes, key=lambda it: -abs(it.change))
        for change in changes:
            if change.commit in seen:
                continue
            seen.add(change.commit)
            x = plot.across.at(curve.across[change.index])
            yield line((x, _TOP), (x, _BOTTOM), {**stroke("rule"), "stroke-dasharray": "2 3"})
            middle = min(max(x, _LEFT + _LABEL / 2), _RIGHT - _LABEL / 2)
            for row, taken in enumerate(rows):
                if all(abs(middle - other) >= _LABEL + 4 for other in taken):
                    taken.append(middle)
                    yield text(clean(change.commit, 40)[:7], middle, _TOP - 4 - 13 * row)
                    break


def _numbers(plot: Plot) -> Iterator[str]:
    """Write the numbers of series at their right ends, out of each other's way."""
    curves = plot.moved[:NUMBERED]
    ends = sorted((plot.up.at(curve.end), place) for place, curve in enumerate(curves))
    last = -_APART
    placed = []
    for y, place in ends:
        last = max(y, last + _APART)
        placed.append((last, place))
    over = max(placed[-1][0] - _BOTTOM, 0.0) if placed else 0.0
    for y, place in placed:
        yield text(str(place + 1), _RIGHT - 10, y - over + 4, "start")


def _drawn(path: str, colour: str, width: float, opacity: str) -> str:
    look = {"d": path, "stroke-width": width, **stroke(colour)}
    return element("path", {**look, "stroke-opacity": opacity, "stroke-linejoin": "round"})


def _path(places: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in places) if places else ""
