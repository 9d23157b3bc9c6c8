"""From a series to what became of it."""

import builtins
import math
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

import numpy as np

from perfci.model.timeline import Course, Timeline
from perfci.stats.course.noise import guarded, residuals
from perfci.stats.course.scale import scaled
from perfci.stats.course.search import search
from perfci.stats.course.told import changes, episodes
from perfci.stats.course.trend import trend

Map = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]
"""Like the builtin, or an executor's: keeps the order."""

_BATCH = 50
"""Series that travel together: enough to be worth the journey, few enough to share out."""


def follow(timeline: Timeline) -> Course:
    """Find the level changes, the episodes and the drift of a series.

    What is found depends on the values and their order alone.

    Raises:
        ValueError: a value is not finite.
    """
    values = np.fromiter((spot.value for spot in timeline.spots), np.float64, len(timeline.spots))
    if not np.isfinite(values).all():
        raise ValueError("a series holds a value that is not finite")
    if values.size < 2:
        return Course(timeline=timeline)
    series = scaled(values)
    clean = guarded(series.x)
    found = search(series.x, clean)
    rest = residuals(clean.y, found.bounds)
    return Course(
        timeline=timeline,
        changes=tuple(changes(timeline, values, found)),
        episodes=tuple(episodes(values, found)),
        trend=trend(series.x, found.bounds[-2], relative=series.relative),
        noise=math.sqrt(float(rest @ rest) / rest.size),
    )


def follow_all(timelines: Iterable[Timeline], map: Map = builtins.map) -> tuple[Course, ...]:  # noqa: A002 - it is one
    """Follow many series.

    Args:
        timelines: in any order, which the answer keeps.
        map: applies a function to every batch of series, here or elsewhere; both can be pickled.

    Raises:
        ValueError: a value is not finite.
    """
    return tuple(course for batch in map(_follow_batch, _batches(timelines)) for course in batch)


def _batches(timelines: Iterable[Timeline]) -> Iterator[tuple[Timeline, ...]]:
    left = iter(timelines)
    while batch := tuple(islice(left, _BATCH)):
        yield batch


def _follow_batch(timelines: tuple[Timeline, ...]) -> tuple[Course, ...]:
    return tuple(follow(timeline) for timeline in timelines)
