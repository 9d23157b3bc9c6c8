"""How the noise of a runner developed, week by week."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import median

from perfci.reports.trends_tracks import Track

_ROBUST = 1.4826
"""From the median of absolute deviations to a standard deviation, where they are normal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The spread of all series in the runs of one week; None where nothing tells it."""

    begins: date
    """Its Monday, in UTC."""
    runs: int
    within: float | None
    """Standard deviation between the launches of a run, relative; the median over all."""
    between: float | None
    """Standard deviation of runs around the level of their series, relative."""


def weeks_of(tracks: Sequence[Track]) -> tuple[Week, ...]:
    """Return the weeks in which there were runs, oldest first; none where nothing is dated."""
    runs: dict[date, set[datetime]] = defaultdict(set)
    within: dict[date, list[float]] = defaultdict(list)
    between: dict[date, list[float]] = defaultdict(list)
    mondays: dict[datetime, date] = {}
    for track in tracks:
        for place, (time, apart) in enumerate(_apart(track)):
            begins = mondays.get(time)
            if begins is None:
                begins = mondays[time] = _monday(time)
                runs[begins].add(time)
            if track.spreads and track.spreads[place] > 0:
                within[begins].append(track.spreads[place])
            if apart is not None:
                between[begins].append(apart)
    return tuple(
        Week(
            begins=begins,
            runs=len(runs[begins]),
            within=median(within[begins]) if within[begins] else None,
            between=_ROBUST * median(between[begins])
            if len(runs[begins]) > 1 and between[begins]
            else None,
        )
        for begins in sorted(runs)
    )


def _monday(time: datetime) -> date:
    day = time.astimezone(UTC).date()
    return day - timedelta(days=day.weekday())


def _apart(track: Track) -> Iterator[tuple[datetime, float | None]]:
    """Yield when each value was measured, and how far it lies from its level."""
    spots, edges = track.course.timeline.spots, [it.index for it in track.course.changes]
    if any(spot.time is None for spot in spots):
        return
    for level, (begin, end) in zip(track.levels, pairwise([0, *edges, len(spots)]), strict=True):
        ground = math.log(level) if track.relative else 0.0
        for spot in spots[begin:end]:
            if spot.time:
                apart = abs(math.log(spot.value) - ground) if track.relative else None
                yield spot.time, apart
