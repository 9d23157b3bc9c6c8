"""The timeline of regressions: which commit or drift, when, how much, and what ended it."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from perfci.model.timeline import LevelChange, Trend
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
    drift: Trend | None = None
    """Set where it came little by little: then no commit made it, and `time` is its beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A commit and all that got worse with it; or a drift, by itself and without a commit."""

    commit: str
    time: datetime | None
    regressions: tuple[Regression, ...]
    """The largest first."""

    @property
    def drift(self) -> Trend | None:
        """Return the drift that it is; None where a commit made it."""
        return self.regressions[0].drift

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
    """Return every commit that made something worse, and every drift; what began last first."""
    found: dict[str, list[Regression]] = {}
    drifts: list[Regression] = []
    for track in tracks:
        for each in _unmended((*_steps(track), *_episodes(track)), tracks):
            found.setdefault(each.commit, []).append(each)
        drifts += _unmended(_drifts(track), tracks)
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
    events += [Event(commit="", time=it.time, regressions=(it,)) for it in drifts]
    events.sort(key=lambda it: (it.commit, it.regressions[0].track.course.timeline.name))
    return tuple(sorted(events, key=lambda it: it.time.timestamp() if it.time else 0.0)[::-1])


def commits_of(events: Sequence[Event], most: int = 200) -> list[str]:
    """Return the commits that a timeline names, those of the newest events first."""
    found: dict[str, None] = {}
    for event in events:
        found |= {} if event.drift else {event.commit: None}
        found |= dict.fromkeys(it.end.commit for it in event.regressions if it.end)
    return list(found)[:most]


def _unmended(found: Iterable[Regression], tracks: Sequence[Track]) -> Iterator[Regression]:
    """Yield regressions, and mark those of which nobody knows whether they are still there."""
    for each in found:
        yield replace(each, gone=_gone(each.track, tracks)) if each.end is None else each


def _gone(track: Track, tracks: Sequence[Track]) -> bool:
    """Tell whether a series stopped while at least half of those beside it went on.

    After fewer, somebody measured only some benchmarks for a while.
    """
    spots = track.course.timeline.spots
    first, last = spots[0].time, spots[-1].time
    if first is None or last is None:
        return False
    late = last + _MISSED * (last - first) / (len(spots) - 1)
    ends = [end for other in tracks if (end := _until(other, last))]
    # its own is among them, and not late
    return 2 * sum(end > late for end in ends) >= max(len(ends) - 1, 1)


def _until(track: Track, moment: datetime) -> datetime | None:
    """Return until when a series was measured, if it was about a moment."""
    first, last = (track.course.timeline.spots[place].time for place in (0, -1))
    return last if first is not None and last is not None and first <= moment <= last else None


def _rank(regression: Regression) -> float:
    # differences have units of their own: they stand behind the ratios
    return regression.size if regression.track.relative else -1.0


def _steps(track: Track) -> Iterator[Regression]:
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
        size = _size(track, each.change)
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


def _drifts(track: Track) -> Iterator[Regression]:
    """Yield how far a series got worse without a step, if it did."""
    trend = track.course.trend
    size = _size(track, trend.change) if trend else 0.0
    if trend and size > 0:
        yield Regression(
            track=track,
            commit="",
            time=track.course.timeline.spots[trend.first].time,
            change=trend.change,
            size=size,
            end=None,
            left=size,
            drift=trend,
        )


def _size(track: Track, change: float) -> float:
    size = math.log1p(max(change, -0.999)) if track.relative else change
    return size * track.course.timeline.sign


def _worse(track: Track, before: float, after: float) -> float:
    change = math.log(after) - math.log(before) if track.relative else after - before
    return change * track.course.timeline.sign
