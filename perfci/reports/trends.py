"""The report's section on trends: suites over the runs, what made them worse, and what ended it."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from perfci.model.timeline import Course
from perfci.reports.figures import typographic
from perfci.reports.history_figures import change_text, rate, relative
from perfci.reports.text import clean
from perfci.reports.trends_chart import NUMBERED, plot_of, suite_chart
from perfci.reports.trends_events import Noted, Told, told_event, unknown
from perfci.reports.trends_noise import Week, weeks_of
from perfci.reports.trends_pictures import (
    noise_chart,
    regressions_chart,
)
from perfci.reports.trends_regressions import Event, commits_of, events_of
from perfci.reports.trends_scales import HowFar, When, when_of
from perfci.reports.trends_suites import Suite, compared, suite_row
from perfci.reports.trends_tracks import FEWEST, Track
from perfci.reports.trends_words import headline, noise_sentence, telling
from perfci.reports.words import count
from perfci.units import scale_for

_CHARTS = 24
"""Pictures of suites, at most; what moved most comes first."""
_BARS = 20
"""Commits in the picture of regressions, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One picture with its words."""

    name: str
    svg: str
    said: str
    series: tuple[tuple[str, str], ...] = ()
    """Those that are numbered in the picture: name, and what became of it."""
    more: str = ""
    key: str = ""
    """What the picture's file is named after: hostile text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trends:
    """All of the section, ready for the template."""

    title: str
    """What got worse, and what of it still is."""
    unmended: bool
    """Whether anything is still worse, or drifts that way."""
    said: str
    """The title with what it rests on, as a sentence."""
    span: str
    """From when to when; empty where nothing is dated."""
    suites: tuple[Drawn, ...] = ()
    hidden: str = ""
    compared: str = ""
    """A picture; empty with fewer than two suites, or where nothing moved."""
    rows: tuple[Suite, ...] = ()
    timeline: str = ""
    """A picture; empty where nothing is dated, or nothing got worse."""
    events: tuple[Told, ...] = ()
    noise: str = ""
    noise_said: str = ""
    weeks: tuple[tuple[str, str, str, str], ...] = ()
    """Monday, runs, spread within and between runs."""


def trends_of(tracks: Sequence[Track], where: str, noted: Noted = unknown) -> Trends | None:
    """Draw and say it all.

    Args:
        tracks: of one environment.
        where: whose runs they are, in words: `main`.
        noted: returns what the repository says of commits, as far as it knows them.

    Returns:
        None without any series.
    """
    if not tracks:
        return None
    when = when_of(track.course.timeline for track in tracks)
    events = events_of(tracks)
    suites = _by_suite(tracks)
    scales = [
        (name, unit, several) for name, members in suites for unit, several in _by_scale(members)
    ]
    notes, title = noted(commits_of(events)), headline(tracks, events)
    weeks = weeks_of(tracks)
    return Trends(
        title=title,
        unmended=any(event.open for event in events),
        said=_said(title, tracks, when, where),
        span=f"{when.first:%Y-%m-%d} to {when.last:%Y-%m-%d}" if when.first and when.last else "",
        suites=tuple(_drawn(*each, when) for each in scales[:_CHARTS]),
        hidden=_hidden(len(scales) - _CHARTS),
        compared=compared(suites),
        rows=tuple(suite_row(name, members) for name, members in suites),
        timeline=_timeline(events, when),
        events=tuple(told_event(each, notes) for each in events),
        noise=noise_chart(weeks) if telling(weeks) else "",
        noise_said=noise_sentence(weeks),
        weeks=tuple(_week(each) for each in weeks) if telling(weeks) else (),
    )


def _by_suite(tracks: Sequence[Track]) -> list[tuple[str, tuple[Track, ...]]]:
    """Return the suites, what got worse most first."""
    found: dict[str, list[Track]] = defaultdict(list)
    for track in tracks:
        found[track.suite].append(track)
    return sorted(
        ((name, tuple(members)) for name, members in found.items()),
        key=lambda pair: (*_damage(pair[1]), pair[0]),
    )


def _damage(members: Sequence[Track]) -> tuple[float, int]:
    """Return what sorts by proven worsening, then by how much happened at all."""
    worse = math.fsum(max(it.moved, 0.0) for it in members if it.relative)
    return -worse, -sum(it.eventful for it in members)


def _by_scale(members: Sequence[Track]) -> list[tuple[str | None, tuple[Track, ...]]]:
    """Part the series of a suite into ratios, and differences by their unit."""
    found: dict[str | None, list[Track]] = defaultdict(list)
    for track in members:
        found[None if track.relative else track.course.timeline.unit].append(track)
    return [(unit, tuple(found[unit])) for unit in sorted(found, key=lambda it: it or "")]


def _drawn(name: str, unit: str | None, members: Sequence[Track], when: When) -> Drawn:
    moved = sorted(
        (it for it in members if it.eventful),
        key=lambda it: (-max(it.moved, 0.0), -_largest(it.course), it.name),
    )
    quiet = tuple(it for it in members if not it.eventful)
    far = [abs(spot.value) for it in members for spot in it.course.timeline.spots]
    shown = clean(name) or "no suite"
    plot = plot_of(
        f"{shown}: {count(len(members), 'series', 'series')}, each against its first level",
        [*moved, *quiet],
        when,
        HowFar(scale=None if unit is None else scale_for(unit, *far)),
    )
    said = count(len(members), "series", "series")
    said += f", {len(quiet):,} of them without a change" if moved and quiet else ""
    few = max(len(it.course.timeline.spots) for it in members) < FEWEST
    said += "" if moved else ", too few runs to tell a change" if few else ", none changed"
    if unit is not None:
        said += "; as differences, because values may be 0"
    if plot.beyond:
        stand = "stands" if plot.beyond == 1 else "stand"
        said += f"; {count(plot.beyond, 'value')} beyond the scale {stand} at its edge"
    more = len(moved) - NUMBERED
    return Drawn(
        name=shown,
        svg=suite_chart(plot),
        said=f"{said}.",
        series=tuple((clean(it.name), _became(it)) for it in moved[:NUMBERED]),
        more=f"{more:,} more changed: drawn without a number." if more > 0 else "",
        key=f"trend-{name}" if unit is None else f"trend-{name}-{unit}",
    )


def _largest(course: Course) -> float:
    return max((abs(change.change) for change in course.changes), default=0.0)


def _became(track: Track) -> str:
    """Say what became of a series: its changes, its drift, its episodes."""
    course, timeline = track.course, track.course.timeline
    parts = []
    for change in course.changes[-3:]:
        time = timeline.spots[change.index].time
        day = f" ({time:%Y-%m-%d})" if time else ""
        size = typographic(change_text(timeline, change.change))
        parts.append(f"{size} with {clean(change.commit, 40)[:7]}{day}")
    if len(course.changes) > 3:
        parts.insert(0, f"{len(course.changes) - 3} earlier changes")
    if course.trend:
        runs = len(timeline.spots) - course.trend.first
        parts.append(
            f"drifts by {typographic(rate(course.trend.slope))} a run, "
            f"{typographic(relative(course.trend.change))} over {runs} runs"
        )
    for each in course.episodes[-2:]:
        runs = each.last - each.first + 1
        size = typographic(change_text(timeline, each.change))
        parts.append(f"{size} for {count(runs, 'run')}, and back")
    return "; ".join(parts)


def _hidden(number: int) -> str:
    if number <= 0:
        return ""
    return f"{number:,} more pictures are left out: what they show changed less, or not at all."


def _said(title: str, tracks: Sequence[Track], when: When, where: str) -> str:
    runs = f"{count(len(tracks), 'series', 'series')}, up to {when.longest:,} runs of {where}"
    return f"{title[:1].upper()}{title[1:]}: {runs}."


def _timeline(events: Sequence[Event], when: When) -> str:
    if when.first is None or not events:
        return ""
    return regressions_chart(events[:_BARS], when)


def _week(week: Week) -> tuple[str, str, str, str]:
    spreads = (
        "" if each is None else relative(each, signed=False) for each in (week.within, week.between)
    )
    within, between = spreads
    return f"{week.begins}", f"{week.runs:,}", within, between
