"""What a search found, in the words of the model."""

import math
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from perfci.model.timeline import Episode, LevelChange, Timeline
from perfci.stats.course.noise import median
from perfci.stats.course.scores import chance
from perfci.stats.course.search import Found
from perfci.stats.numeric import Floats

_LARGEST = 1e300
_HIGHEST = 709.0
"""Logarithm of a number that is still finite."""


def changes(timeline: Timeline, values: Floats, found: Found) -> Iterator[LevelChange]:
    """Yield the changes of level, in the order of time."""
    relative = is_relative(values)
    levels = [median(values[start:stop]) for start, stop in pairwise(found.bounds)]
    for place, (worth, move) in enumerate(zip(found.worths, found.moves, strict=True)):
        at, before, after = found.bounds[place + 1], *levels[place : place + 2]
        if relative:
            after = _after(before, after, move)
        change = _difference(before, after, relative=relative)
        # a distribution may move where its median stays: no change that one could name
        if change != 0.0:
            yield LevelChange(
                index=at,
                commit=timeline.spots[at].commit,
                before=before,
                after=after,
                change=change,
                p_value=chance(worth, looks=2),
            )


def episodes(values: Floats, found: Found) -> Iterator[Episode]:
    """Yield the episodes, in the order of time."""
    relative = is_relative(values)
    bounds = np.array(found.bounds)
    for first, end in found.spans:
        start, stop = int(bounds[bounds <= first].max()), int(bounds[bounds >= end].min())
        around = median(np.concatenate([values[start:first], values[end:stop]]))
        change = _difference(around, median(values[first:end]), relative=relative)
        yield Episode(first=first, last=end - 1, change=change)


def is_relative(values: Floats) -> bool:
    """Return whether changes are told as ratios: where no value can be 0."""
    return bool(values.min() > 0.0)


def _after(before: float, after: float, move: float) -> float:
    """Return the level after: its median, or where that misleads, the one before as it moved.

    Where the scatter has several peaks, a small move can carry the median from one to another: it
    then lies the other way, or more than twice as far, as values before and after mostly do.
    """
    gap = math.log(after) - math.log(before)
    misleads = abs(gap - move) > abs(move) > 0.0
    return math.exp(min(math.log(before) + move, _HIGHEST)) if misleads else after


def _difference(before: float, after: float, *, relative: bool) -> float:
    # a range of 600 decades is no number any more
    found = after / before - 1.0 if relative else after - before
    return min(max(found, -_LARGEST), _LARGEST)
