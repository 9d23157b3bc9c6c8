"""Series whose truth is known."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import numpy as np

from perfci.model.metric import Better
from perfci.model.timeline import Course, Spot, Timeline
from perfci.stats.course import follow

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


def timeline(
    values: Iterable[float],
    *,
    name: str = "parse",
    better: Better = Better.LOWER,
    commits: Iterable[str] | None = None,
) -> Timeline:
    given = [float(value) for value in values]
    named = [f"c{at}" for at in range(len(given))] if commits is None else list(commits)
    spots = tuple(
        Spot(commit=commit, time=BEGINNING + timedelta(hours=at), value=value)
        for at, (commit, value) in enumerate(zip(named, given, strict=True))
    )
    return Timeline(name=name, unit="s", better=better, spots=spots)


def white(seed: int, n: int, spread: float = 0.02, level: float = 1.0) -> np.ndarray:
    return level * np.exp(np.random.default_rng(seed).normal(0.0, spread, n))


def wandering(seed: int, n: int, shared: float, spread: float = 0.02) -> np.ndarray:
    """Return noise of which neighbours share a part: an autoregressive series of order 1."""
    noise = np.random.default_rng(seed).normal(0.0, spread, n)
    for at in range(1, n):
        noise[at] += shared * noise[at - 1]
    return np.exp(noise)


def stepped(seed: int, at: int, n: int, size: float, spread: float = 0.01) -> np.ndarray:
    values = white(seed, n, spread)
    values[at:] *= 1.0 + size
    return values


def indices(course: Course) -> list[int]:
    return [change.index for change in course.changes]


def found(values: Iterable[float]) -> list[int]:
    return indices(follow(timeline(values)))
