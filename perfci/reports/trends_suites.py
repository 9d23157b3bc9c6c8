"""The suites side by side: how far the series of each moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from perfci.reports.history_figures import relative
from perfci.reports.text import clean
from perfci.reports.trends_events import as_measured
from perfci.reports.trends_pictures import Row, comparison_chart, mean_of, worsening
from perfci.reports.trends_tracks import FEWEST, Track

_SUITES = 20
"""In the picture, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """One line of the comparison; texts, and what they are sorted by."""

    name: str
    series: int
    moved: str
    worst: str
    best: str
    changes: int
    noise: str


def compared(suites: Sequence[tuple[str, tuple[Track, ...]]]) -> str:
    """Draw how far the suites moved; nothing where fewer than two did, or could be compared."""
    rows = []
    for name, members in suites[:_SUITES]:
        moves = tuple(track.moved for track in members if track.relative)
        if moves:
            rows.append(Row(name=name or "no suite", moves=moves, mean=mean_of(moves)))
    if len(rows) < 2 or not any(move for row in rows for move in row.moves):
        return ""
    return comparison_chart(rows)


def suite_row(name: str, members: Sequence[Track]) -> Suite:
    """Say how far the series of a suite moved."""
    moves = [(track.moved, track) for track in members if track.relative]
    worst = max(moves, key=lambda pair: pair[0], default=None)
    best = min(moves, key=lambda pair: pair[0], default=None)
    return Suite(
        name=clean(name) or "no suite",
        series=len(members),
        moved=worsening(mean_of([move for move, _ in moves])) if moves else "",
        worst=_named(worst) if worst and worst[0] > 0 else "",
        best=_named(best) if best and best[0] < 0 else "",
        changes=sum(len(track.course.changes) for track in members),
        noise=_noise(members),
    )


def _noise(members: Sequence[Track]) -> str:
    known = [it.course.noise for it in members if len(it.course.timeline.spots) >= FEWEST]
    return relative(median(known), signed=False) if known else ""


def _named(pair: tuple[float, Track]) -> str:
    move, track = pair
    return f"{as_measured(track, move)} {clean(track.name, 80)}"
