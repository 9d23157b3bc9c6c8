"""Where launch values lie and how they spread, hardly moved by a single bad one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from perfci.stats.numeric import Floats

Row = Sequence[float] | Floats


def _by_length(rows: Sequence[Row]) -> Iterator[tuple[list[int], Floats]]:
    """Yield the rows of each length as one sorted array, with their places."""
    places: dict[int, list[int]] = {}
    for place, row in enumerate(rows):
        places.setdefault(len(row), []).append(place)
    for at in places.values():
        yield at, np.sort(np.array([rows[place] for place in at], dtype=np.float64), axis=1)


def medians(rows: Sequence[Row]) -> Floats:
    """Return the median of each row; at least one value in each."""
    found = np.zeros(len(rows))
    for at, ordered in _by_length(rows):
        found[at] = middle(ordered)
    return found


def middle(ordered: Floats) -> Floats:
    """Return the median of each row of an array whose rows are sorted."""
    n = ordered.shape[1]
    found: Floats = (ordered[:, (n - 1) // 2] + ordered[:, n // 2]) / 2
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Trimmed means with their variances, one entry a series."""

    mean: Floats
    variance: Floats
    """Of one launch, so that variance / n is the squared error of the mean; 0 where n = 1."""
    freedom: Floats
    """Degrees of freedom of the variance; 0 where n = 1."""
    n: Floats
    """Launches."""


def locate(rows: Sequence[Row]) -> Location:
    """Estimate location and variance of each row by Yuen's trimmed mean.

    Args:
        rows: values of each series, at least one each; the rows may differ in length.

    Source: Yuen, Biometrika 61, 1974; statistics.md E3.
    """
    mean, variance, freedom, count = np.zeros((4, len(rows)))
    for places, y in _by_length(rows):
        n = y.shape[1]
        trimmed = max(1, n // 8) if n >= 5 else 0
        kept = n - 2 * trimmed
        mean[places] = y[:, trimmed : n - trimmed].mean(axis=1)
        count[places] = n
        freedom[places] = kept - 1
        if kept > 1:
            winsorised = np.clip(y, y[:, [trimmed]], y[:, [n - trimmed - 1]])
            spread = winsorised.var(axis=1, ddof=1)
            variance[places] = spread * (n - 1) * n / (kept * (kept - 1))
    return Location(mean=mean, variance=variance, freedom=freedom, n=count)
