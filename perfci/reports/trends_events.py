"""One line of the timeline of regressions, in words."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from perfci.model.timeline import Trend
from perfci.reports.figures import typographic
from perfci.reports.history_figures import change_text, rate, relative
from perfci.reports.history_words import Note
from perfci.reports.text import clean
from perfci.reports.trends_regressions import Event, Regression
from perfci.reports.trends_tracks import Track
from perfci.reports.words import count

Noted = Callable[[Sequence[str]], Mapping[str, Note]]
_SHOWN = 4
"""Series of one commit that are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A commit or a drift, ready for the template."""

    kind: str
    """How it is coloured: `bad` where something is still worse, `good` where all of it ended."""
    commit: str
    """Empty of a drift: no commit made it."""
    when: str
    what: str
    """Of the repository: subject and author; empty where it does not know the commit."""
    series: tuple[tuple[str, str], ...]
    """Name and change."""
    more: str
    state: str
    ends: tuple[str, ...]
    """What ended them, and when."""


def told_event(event: Event, notes: Mapping[str, Note]) -> Told:
    """Write one commit's regressions, or a drift."""
    if event.drift:
        return _told_drift(event, event.regressions[0], event.drift)
    shown = event.regressions[:_SHOWN]
    hidden = len(event.regressions) - len(shown)
    return Told(
        kind="bad" if event.open else "good",
        commit=short(event.commit),
        when=_day(event.time),
        what=noted(notes.get(event.commit)),
        series=tuple(
            _changed(it, change_text(it.track.course.timeline, it.change)) for it in shown
        ),
        more=f"and {count(hidden, 'more series', 'more series')}" if hidden > 0 else "",
        state=_state(event),
        ends=_ends(event, notes),
    )


def _told_drift(event: Event, regression: Regression, drift: Trend) -> Told:
    runs = len(regression.track.course.timeline.spots) - drift.first
    low, high = rate(drift.interval.low), rate(drift.interval.high)
    return Told(
        kind="bad" if event.open else "good",
        commit="",
        when=_day(event.time),
        what="",
        series=(_changed(regression, relative(regression.change)),),
        more=typographic(f"over {runs:,} runs: {rate(drift.slope)} a run, {low} .. {high}"),
        state="no longer measured" if regression.gone else "still drifting",
        ends=(),
    )


def _changed(regression: Regression, change: str) -> tuple[str, str]:
    return clean(regression.track.course.timeline.name, 100), typographic(change)


def unknown(_commits: Sequence[str]) -> Mapping[str, Note]:
    """Return what is known of commits where there is no repository: nothing."""
    return {}


def short(commit: str) -> str:
    """Return a commit as people write it: its first ten digits."""
    name = clean(commit, 40)
    return (name[:10] if len(name) >= 40 else name) or "(no commit)"


def noted(note: Note | None) -> str:
    """Return what the repository says of a commit: `faster parser (its author)`."""
    if note is None:
        return ""
    author = f" ({clean(note.author, 40)})" if note.author else ""
    return f"{clean(note.subject, 80)}{author}"


def _state(event: Event) -> str:
    every, still = event.regressions, event.open
    gone = sum(it.gone for it in every)
    parts = []
    if still:
        which = "still there" if len(still) == len(every) else f"{len(still)} still there"
        parts.append(f"{which}{_left(still)}")
    ended = len(every) - len(still) - gone
    if ended:
        parts.append("ended" if ended == len(every) else f"{ended} ended")
    if gone:
        parts.append("no longer measured" if gone == len(every) else f"{gone} no longer measured")
    days = _days(event)
    return ", ".join(parts) + (f" after {days}" if days and not still else "")


def _left(still: tuple[Regression, ...]) -> str:
    """Say what is left of the largest, where that is no longer what it was."""
    worst = still[0]
    if not worst.track.relative or 0.8 <= worst.left / worst.size <= 1.25:
        return ""
    return f", {as_measured(worst.track, worst.left)} now" if worst.left > 0 else ""


def as_measured(track: Track, worse: float) -> str:
    """Return a worsening as the change of the values: `-50.0 %` of a throughput that halved.

    Args:
        track: whose values are ratios.
        worse: a logarithm.
    """
    return typographic(relative(math.expm1(min(worse * track.course.timeline.sign, 700.0))))


def _days(event: Event) -> str:
    if event.ended is None or event.time is None:
        return ""
    hours = (event.ended - event.time).total_seconds() / 3600
    return count(round(hours / 24), "day") if hours >= 36 else count(max(round(hours), 1), "hour")


def _ends(event: Event, notes: Mapping[str, Note]) -> tuple[str, ...]:
    found: dict[str, tuple[datetime | None, int]] = {}
    for each in event.regressions:
        if each.end:
            _, number = found.get(each.end.commit, (None, 0))
            found[each.end.commit] = (each.end.time, number + 1)
    lines = []
    for commit, (time, number) in list(found.items())[:_SHOWN]:
        many = f"{number} of them " if 1 < len(event.regressions) != number else ""
        about = noted(notes.get(commit))
        when = f" on {_day(time)}" if time else ""
        lines.append(f"{many}by {short(commit)}{when}{f': {about}' if about else ''}")
    if len(found) > _SHOWN:
        lines.append(f"and by {count(len(found) - _SHOWN, 'more commit')}")
    return tuple(lines)


def _day(time: datetime | None) -> str:
    return f"{time:%Y-%m-%d}" if time else ""
