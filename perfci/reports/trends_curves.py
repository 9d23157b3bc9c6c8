"""A series as it is drawn: each value against where it began, and when it was measured."""

import math
from dataclasses import dataclass

from perfci.reports.trends_scales import When
from perfci.reports.trends_tracks import Track


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One series on the two scales of a picture, before they are places on it."""

    track: Track
    across: tuple[float, ...]
    """When each value was measured."""
    values: tuple[float, ...]
    """Logarithms of ratios, or differences."""
    levels: tuple[float, ...]
    """The same of its levels."""
    slope: float
    """The drift of the last level, from value to value."""

    @property
    def edges(self) -> tuple[int, ...]:
        """Return where each level begins, and the number of values."""
        changes = self.track.course.changes
        return (0, *(change.index for change in changes), len(self.values))

    @property
    def end(self) -> float:
        """Return how high it ends: its last level, or the end of its drift."""
        begin, end = self.edges[-2:]
        return self.levels[-1] + self.slope * (end - 1 - begin) / 2

    @property
    def visits(self) -> tuple[float, ...]:
        """Return how high its episodes lie."""
        course = self.track.course
        found = []
        for each in course.episodes:
            height = self.levels[sum(change.index <= each.first for change in course.changes)]
            change = max(each.change, -0.999)
            found.append(height + (math.log1p(change) if self.track.relative else each.change))
        return tuple(found)

    @property
    def tone(self) -> str:
        """Return its colour: by whether it is worse now than where it began."""
        if self.track.moved > 0:
            return "bad"
        return "good" if self.track.moved < 0 else "doubt"


def curve_of(track: Track, when: When) -> Curve:
    """Put a series on the scales of a picture."""
    course, spots = track.course, track.course.timeline.spots
    levels = [math.log(it) for it in track.levels] if track.relative else list(track.levels)
    slope = _slope(track)
    # without a step the level is the middle of a drift, and the series began below or above it
    start = levels[0] - (0.0 if course.changes else slope * (len(spots) - 1) / 2)
    values = (math.log(it.value) for it in spots) if track.relative else (it.value for it in spots)
    return Curve(
        track=track,
        across=when.places(course.timeline),
        values=tuple(value - start for value in values),
        levels=tuple(level - start for level in levels),
        slope=slope,
    )


def _slope(track: Track) -> float:
    trend = track.course.trend
    if trend is None:
        return 0.0
    if track.relative:
        return math.log1p(max(trend.slope, -0.999))
    return trend.slope * abs(track.levels[-1])
