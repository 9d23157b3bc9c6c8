"""Series with a course that is known: so many runs, one a day, on each level."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from perfci.model.comparison import Interval
from perfci.model.metric import Better
from perfci.model.timeline import Course, Episode, LevelChange, Spot, Timeline, Trend
from perfci.reports.history_words import Note
from perfci.reports.trends import Trends, trends_of
from perfci.reports.trends_tracks import Track, track_of

BEGAN = datetime(2026, 8, 1, tzinfo=UTC)


def commit(number: int) -> str:
    return f"c{number:06}"


def course(
    name: str,
    *levels: tuple[int, float],
    better: Better = Better.LOWER,
    episodes: tuple[Episode, ...] = (),
    unit: str = "s",
) -> Track:
    """A series that lies on each level for so many runs, one a day."""
    values = [value for number, value in levels for _ in range(number)]
    spots = tuple(
        Spot(commit=commit(at), time=BEGAN + timedelta(days=at), value=value)
        for at, value in enumerate(values)
    )
    changes, index = [], 0
    for (number, before), (_, after) in pairwise(levels):
        index += number
        change = after / before - 1 if before > 0 < after else after - before
        changes.append(
            LevelChange(
                index=index,
                commit=commit(index),
                before=before,
                after=after,
                change=change,
                p_value=1e-6,
            )
        )
    timeline = Timeline(name=name, unit=unit, better=better, spots=spots)
    return track_of(Course(timeline=timeline, changes=tuple(changes), episodes=episodes))


def drawn(*tracks: Track, notes: dict[str, Note] | None = None) -> Trends:
    found = trends_of(tracks, "main", lambda _commits: notes or {})
    assert found is not None
    return found


def drifting(name: str = "s/a:latency", *, better: Better = Better.LOWER, begun: int = 0) -> Track:
    """A series that rises by 0.3 % a day for 60 days, after a level of so many."""
    level = course(name, (begun + 60, 1.0), better=better).course.timeline
    spots = tuple(
        replace(spot, value=math.exp(0.003 * max(at - begun, 0)))
        for at, spot in enumerate(level.spots)
    )
    trend = Trend(
        first=begun,
        slope=math.expm1(0.003),
        interval=Interval(low=0.002, high=0.004, level=0.95),
        change=math.expm1(0.003 * 59),
        p_value=1e-9,
    )
    return track_of(Course(timeline=replace(level, spots=spots), trend=trend))
