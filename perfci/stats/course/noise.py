"""How far the values of a series scatter around its level, and a guard against outliers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from perfci.stats.numeric import Floats

FLOOR = 1e-3
"""Smallest standard deviation that is believed, as a share of the level: a counter that repeats
exactly is not known any better than this before its next value."""
MAD = 1.4826
"""From a median of distances to the standard deviation of normal noise."""
_WIDTH = 11
_LAGS = (1, 2, 5)
_WIDEST = 2.5
_MOST_SHARED = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarded:
    """A series with its outliers drawn in, and its scatter."""

    y: Floats
    sigma: float
    """Standard deviation, with what wander of the level adds to it."""


def guarded(x: Floats) -> Guarded:
    """Estimate the scatter of a series, hardly moved by steps, and draw its outliers in.

    Differences of points k apart lie on different levels only where a step falls between them, so
    that their median does not see steps. It grows with k where the level wanders.

    Args:
        x: at least two values.
    """
    spreads = [spread(x[lag:] - x[:-lag]) / 2**0.5 for lag in _LAGS if lag < x.size]
    sigma = max(*spreads, FLOOR)
    usual = _running_median(x)
    rest = x - usual
    limit = _WIDEST * max(spread(rest), sigma / 2)
    drawn = np.clip(rest, -limit, limit)
    return Guarded(y=usual + drawn, sigma=max(sigma, math.sqrt(float(drawn @ drawn) / x.size)))


def spread(rest: Floats) -> float:
    """Return the standard deviation around 0 as half of the values show it."""
    far = np.abs(rest)
    far.sort()
    return MAD * _middle(far)


def _running_median(x: Floats) -> Floats:
    """Return the median of the 11 values around each; the ends are mirrored."""
    half = _WIDTH // 2
    if x.size <= _WIDTH:
        return np.full_like(x, np.median(x))
    padded = np.concatenate([x[half:0:-1], x, x[-2 : -half - 2 : -1]])
    window: Floats = np.ndarray((x.size, _WIDTH), np.float64, padded, 0, 2 * padded.strides)
    return np.asarray(np.partition(window, half, axis=1)[:, half])


def median(values: Floats) -> float:
    """Return the median of at least one value; no finite ones overflow."""
    ordered = np.array(values)
    ordered.sort()
    return _middle(ordered)


def _middle(ordered: Floats) -> float:
    low, high = ordered.item((ordered.size - 1) // 2), ordered.item(ordered.size // 2)
    return (low + high) / 2 if math.isfinite(low + high) else low / 2 + high / 2


def residuals(y: Floats, bounds: Sequence[int]) -> Floats:
    """Return what is left of a series without its levels.

    Args:
        y: the series.
        bounds: 0, the first point of every level after the first, and the length.
    """
    edges = np.array(bounds)
    lengths = edges[1:] - edges[:-1]
    means: Floats = np.add.reduceat(y, edges[:-1]) / lengths
    return y - means.repeat(lengths)


def inflation(rest: Floats) -> float:
    """Return by how much neighbours that resemble each other inflate the variance of a mean.

    The correlation of neighbours, less its own standard error, of which half of all series without
    any would else be charged.

    Args:
        rest: residuals of a series, at least two.

    Returns:
        1 to 19.
    """
    power = float(rest @ rest)
    if power <= 0.0:
        return 1.0
    return inflated(float(rest[1:] @ rest[:-1]) / power - 1.0 / math.sqrt(rest.size))


def inflated(shared: float) -> float:
    """Return by how much a correlation of neighbours inflates the variance of a mean: 1 to 19."""
    rho = min(max(shared, 0.0), _MOST_SHARED)
    return (1.0 + rho) / (1.0 - rho)
