"""Where launch values lie and how they spread, hardly moved by a single bad one."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from perfci.stats.numeric import Floats
from perfci.stats.ragged import Ragged, Row, ragged


def medians(rows: Sequence[Row] | Ragged) -> Floats:
    """Return the median of each row; at least one value in each."""
    joined = rows if isinstance(rows, Ragged) else ragged(rows)
    if len(joined.sizes) == len(joined.values):
        return joined.values  # one value in each
    found = np.zeros(len(joined.sizes))
    for places, ordered in joined.by_length():
        found[places] = middle(ordered)
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
    median: Floats


def locate(rows: Sequence[Row] | Ragged) -> Location:
    """Estimate location and variance of each row by Yuen's trimmed mean.

    Args:
        rows: values of each series, at least one each; the rows may differ in length.

    Source: Yuen, Biometrika 61, 1974; statistics.md E3.
    """
    joined = rows if isinstance(rows, Ragged) else ragged(rows)
    mean, variance, freedom, count, median = np.zeros((5, len(joined.sizes)))
    for places, y in joined.by_length():
        n = y.shape[1]
        trimmed = max(1, n // 8) if n >= 5 else 0
        kept = n - 2 * trimmed
        mean[places] = y[:, trimmed : n - trimmed].mean(axis=1)
        median[places] = middle(y)
        count[places] = n
        freedom[places] = kept - 1
        if kept > 1:
            winsorised = np.clip(y, y[:, [trimmed]], y[:, [n - trimmed - 1]])
            spread = winsorised.var(axis=1, ddof=1)
            variance[places] = spread * (n - 1) * n / (kept * (kept - 1))
    return Location(mean=mean, variance=variance, freedom=freedom, n=count, median=median)


def joined(parts: Sequence[Location]) -> Location:
    """Return the locations of several sets of rows, one set after the other."""
    names = [each.name for each in fields(Location)]
    every = {name: [getattr(part, name) for part in parts] for name in names}
    return Location(**{name: np.concatenate([[], *arrays]) for name, arrays in every.items()})
