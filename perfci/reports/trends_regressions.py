"""The timeline of regressions: which commit, when, how much, and what ended it."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from perfci.model.timeline import Episode, LevelChange
from perfci.reports.trends_tracks import Track

_FORGIVEN = 0.02
"""What may be left of a regression that counts as mended, as a logarithm; or a fifth of it."""
_MISSED = 5
"""Usual times between two values after which a series without a new one is no longer measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """What ended a regression."""

    commit: str
    """Hostile text."""
    time: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Regression:
    """A worsening of one series."""

    track: Track
    commit: str
    """Hostile text."""
    time: datetime | None
    change: float
    """Signed as measured: a ratio minus 1, or a difference where values may be 0."""
    size: float
    """How much worse: a logarithm, or that difference; above 0."""
    end: End | None
    """None where it is still there."""
    left: float = 0.0
    """What is left of `size` now, where it is still there."""
    gone: bool = False
    """True where the series is no longer measured, so that nobody knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A commit and all that got worse with it."""

    commit: str
    time: datetime | None
    regressions: tuple[Regression, ...]
    """The largest first."""

    @property
    def open(self) -> tuple[Regression, ...]:
        """Return those that are still there."""
        return tuple(it for it in self.regressions if it.end is None and not it.gone)

    @property
    def ended(self) -> datetime | None:
        """Return when the last of them ended; None where one is still there, or not dated."""
        times = [it.end.time for it in self.regressions if it.end and it.end.time]
        return max(times) if len(times) == len(self.regressions) else None


def events_of(tracks: Sequence[Track]) -> tuple[Event, ...]:
    """Return every commit that made something worse, the newest first."""
    newest = max((it for track in tracks if (it := _last(track))), default=None)
    found: dict[str, list[Regression]] = {}
    for track in tracks:
        gone = newest is not None and _gone(track, newest)
        for each in (*_steps(track, gone=gone), *_episodes(track)):
            found.setdefault(each.commit, []).append(each)
    events = [
        Event(
            commit=commit,
            time=min((it.time for it in several if it.time), default=None),
            regressions=tuple(
                sorted(several, key=lambda it: (-_rank(it), it.track.course.timeline.name))
            ),
        )
        for commit, several in found.items()
    ]
    events.sort(key=lambda it: it.commit)
    return tuple(sorted(events, key=lambda it: it.time.timestamp() if it.time else 0.0)[::-1])


def commits_of(events: Sequence[Event], most: int = 200) -> list[str]:
    """Return the commits that a timeline names, those of the newest events first."""
    found: dict[str, None] = {}
    for event in events:
        found[event.commit] = None
        found |= dict.fromkeys(it.end.commit for it in event.regressions if it.end)
    return list(found)[:most]


def _last(track: Track) -> datetime | None:
    return track.course.timeline.spots[-1].time


def _gone(track: Track, newest: datetime) -> bool:
    """Tell whether a series stopped while others went on."""
    spots = track.course.timeline.spots
    first, last = spots[0].time, spots[-1].time
    if first is None or last is None:
        return False
    return newest - last > _MISSED * (last - first) / (len(spots) - 1)


def _rank(regression: Regression) -> float:
    # differences have units of their own: they stand behind the ratios
    return regression.size if regression.track.relative else -1.0


def _steps(track: Track, *, gone: bool) -> Iterator[Regression]:
    timeline, changes = track.course.timeline, track.course.changes
    for place, change in enumerate(changes):
        size = _worse(track, change.before, change.after)
        if size <= 0:
            continue
        end, left = _end(track, change, changes[place + 1 :], size)
        yield Regression(
            track=track,
            commit=change.commit,
            time=timeline.spots[change.index].time,
            change=change.change,
            size=size,
            end=end,
            left=left,
            gone=gone and end is None,
        )


def _end(
    track: Track, change: LevelChange, later: Sequence[LevelChange], size: float
) -> tuple[End | None, float]:
    """Return the change that brought a level back, or what is left of the worsening."""
    allowed = max(_FORGIVEN if track.relative else 0.0, size / 5)
    left = size
    for each in later:
        left = _worse(track, change.before, each.after)
        if left <= allowed:
            time = track.course.timeline.spots[each.index].time
            return End(commit=each.commit, time=time), 0.0
    return None, left


def _episodes(track: Track) -> Iterator[Regression]:
    """Yield the times for which a series was worse, and came back."""
    spots = track.course.timeline.spots
    for each in track.course.episodes:
        size = _size(track, each)
        if size <= 0:
            continue
        after = spots[each.last + 1] if each.last + 1 < len(spots) else None
        yield Regression(
            track=track,
            commit=spots[each.first].commit,
            time=spots[each.first].time,
            change=each.change,
            size=size,
            end=End(commit=after.commit, time=after.time) if after else None,
            left=0.0 if after else size,
        )


def _size(track: Track, episode: Episode) -> float:
    change = math.log1p(max(episode.change, -0.999)) if track.relative else episode.change
    return change * track.course.timeline.sign


def _worse(track: Track, before: float, after: float) -> float:
    change = math.log(after) - math.log(before) if track.relative else after - before
    return change * track.course.timeline.sign
