"""From a series to what became of it."""

import builtins
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from operator import attrgetter
from typing import Any

import numpy as np

from perfci.model.timeline import Course, Timeline
from perfci.stats.course.noise import guarded, residuals
from perfci.stats.course.scale import scaled
from perfci.stats.course.search import search
from perfci.stats.course.told import changes, episodes
from perfci.stats.course.trend import trend
from perfci.stats.numeric import Floats

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
    (course,) = _follow_batch((timeline,))
    return course


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
    values = [_values(timeline) for timeline in timelines]
    enough = [(one, own) for one, own in zip(timelines, values, strict=True) if own.size >= 2]
    followed = _side_by_side([one for one, _ in enough], [own for _, own in enough])
    return tuple(
        next(followed) if own.size >= 2 else Course(timeline=one)
        for one, own in zip(timelines, values, strict=True)
    )


def _values(timeline: Timeline) -> Floats:
    spots = timeline.spots
    values = np.fromiter(map(attrgetter("value"), spots), np.float64, len(spots))
    if not np.isfinite(values).all():
        raise ValueError("a series holds a value that is not finite")
    return values


def _side_by_side(timelines: Sequence[Timeline], values: Sequence[Floats]) -> Iterator[Course]:
    """Yield what became of each series: every step is taken in all of them before the next."""
    series = [scaled(own) for own in values]
    clean = [guarded(one.x) for one in series]
    found = search(zip([one.x for one in series], clean, strict=True))
    told = [tuple(changes(*one)) for one in zip(timelines, values, found, strict=True)]
    spans = [tuple(episodes(*one)) for one in zip(values, found, strict=True)]
    trends = [
        trend(one.x, own.bounds[-2], relative=one.relative)
        for one, own in zip(series, found, strict=True)
    ]
    rests = [residuals(one.y, own.bounds) for one, own in zip(clean, found, strict=True)]
    for at, timeline in enumerate(timelines):
        yield Course(
            timeline=timeline,
            changes=told[at],
            episodes=spans[at],
            trend=trends[at],
            noise=math.sqrt(float(rests[at] @ rests[at]) / rests[at].size),
        )
