"""The series of a branch's stored runs, each with what became of it and how far it scattered."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from perfci.model.evaluation import Evaluation
from perfci.model.history import StoredRun
from perfci.model.identity import parse_key
from perfci.model.metric import Better, built_in
from perfci.model.timeline import Course, Spot, Timeline
from perfci.stats.course import follow_all

FEWEST = 10
"""Runs below which nothing is said about the course of anything."""
_LEAST = 0.02
"""A change below this is not looked for, so that what is left of one is none: a logarithm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One series over the runs of a window."""

    course: Course
    suite: str
    """Hostile text; empty where the name is no key of perfci's."""
    name: str
    """The rest of the key: hostile text."""
    spreads: tuple[float, ...]
    """Of each spot: standard deviation of its launches' logarithms; 0.0 where it is not known."""
    relative: bool
    """Whether changes are ratios: no value is 0 or below."""
    levels: tuple[float, ...]
    """The medians of its levels, in the order of time."""

    @property
    def moved(self) -> float:
        """Return how far it was proven to move: a logarithm, or a difference; + is worse.

        0.0 where no change of level and no drift is proven, or a ratio came back to within 2 %.
        """
        first, last = self.levels[0], self.levels[-1]
        sign = self.course.timeline.sign
        if not self.relative:
            return sign * (last - first)
        drift = self.course.trend.change if self.course.trend else 0.0
        far = math.log(last) - math.log(first) + math.log1p(max(drift, -0.999))
        return sign * far if abs(far) >= _LEAST else 0.0

    @property
    def eventful(self) -> bool:
        """Return whether there is anything to tell of it."""
        return bool(self.course.changes or self.course.episodes or self.course.trend)


def track_of(course: Course, spreads: tuple[float, ...] = ()) -> Track:
    """Look at what became of one series.

    Args:
        course: of two values or more.
        spreads: of each value, where they are known.
    """
    spots, changes = course.timeline.spots, course.changes
    levels = (
        (changes[0].before, *(change.after for change in changes))
        if changes
        else (median(spot.value for spot in spots),)
    )
    suite, name, _ = _parts(course.timeline.name)
    return Track(
        course=course,
        suite=suite,
        name=name,
        spreads=spreads,
        relative=all(spot.value > 0 for spot in spots),
        levels=levels,
    )


def tracks_of(runs: Sequence[StoredRun], directions: Mapping[str, Better]) -> tuple[Track, ...]:
    """Follow every series that has two values or more, in the clock that decided it last.

    Args:
        runs: of one environment, oldest first.
        directions: which way is better, by key, where perfci does not know the metric.
    """
    newest = {key: run.points[key] for run in runs for key in run.points}
    spots: dict[str, list[Spot]] = {key: [] for key in newest}
    spreads: dict[str, list[float]] = {key: [] for key in newest}
    for run in runs:
        for key, point in run.points.items():
            value = point.centres.get(newest[key].clock, math.nan)
            if point.unit == newest[key].unit and math.isfinite(value):
                spots[key].append(Spot(commit=run.commit, time=run.started_at, value=value))
                spreads[key].append(point.spread if point.n > 1 else 0.0)
    timelines = [
        Timeline(name=key, unit=newest[key].unit, better=_better(key, directions), spots=tuple(it))
        for key, it in spots.items()
        if len(it) > 1
    ]
    return tuple(
        track_of(course, tuple(spreads[course.timeline.name])) for course in follow_all(timelines)
    )


def tracks_of_branch(evaluation: Evaluation) -> tuple[Track, ...]:
    """Return the series of the branch that head was compared with, on machines like this one.

    Nothing where there are too few runs for a course.
    """
    if evaluation.history is None:
        return ()
    runs = evaluation.history.comparable(evaluation.recording.run.environment.fingerprint)
    if len(runs) < FEWEST:
        return ()
    said = {found.key: found.comparison.metric.better for found in evaluation.verdict.findings}
    return tracks_of(runs, said)


def _better(key: str, directions: Mapping[str, Better]) -> Better:
    known = built_in(_parts(key)[2])
    return known.better if known else directions.get(key, Better.LOWER)


def _parts(key: str) -> tuple[str, str, str]:
    """Return suite, all the rest, and the metric's name."""
    try:
        benchmark, metric = parse_key(key)
    except ValueError:
        return "", key, ""
    return benchmark.suite, key[len(benchmark.suite) + 1 :], metric
