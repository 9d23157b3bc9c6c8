"""Where launch values lie and how they spread, hardly moved by a single bad one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from perfci.stats.numeric import Floats


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


def locate(rows: Sequence[Sequence[float]]) -> Location:
    """Estimate location and variance of each row by Yuen's trimmed mean.

    Args:
        rows: values of each series, at least one each; the rows may differ in length.

    Source: Yuen, Biometrika 61, 1974; statistics.md E3.
    """
    mean, variance, freedom, count = np.zeros((4, len(rows)))
    by_length: dict[int, list[int]] = {}
    for place, row in enumerate(rows):
        by_length.setdefault(len(row), []).append(place)
    for n, places in by_length.items():
        y = np.sort(np.array([rows[place] for place in places], dtype=np.float64), axis=1)
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
