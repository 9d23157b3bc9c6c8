"""What a search found, in the words of the model."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from perfci.model.timeline import Episode, LevelChange, Timeline
from perfci.stats.course.noise import median
from perfci.stats.course.scores import chance
from perfci.stats.course.search import Found
from perfci.stats.numeric import Floats

_LARGEST = 1e300


def changes(timeline: Timeline, values: Floats, found: Found) -> Iterator[LevelChange]:
    """Yield the changes of level, in the order of time."""
    relative = is_relative(values)
    levels = [median(values[start:stop]) for start, stop in pairwise(found.bounds)]
    for place, worth in enumerate(found.worths):
        at, before, after = found.bounds[place + 1], levels[place], levels[place + 1]
        change = _difference(before, after, relative=relative)
        # means and ranks may move where the median stays: no change that one could name
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


def _difference(before: float, after: float, *, relative: bool) -> float:
    # a range of 600 decades is no number any more
    found = after / before - 1.0 if relative else after - before
    return min(max(found, -_LARGEST), _LARGEST)
