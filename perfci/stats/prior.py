"""What the suite says about the spread of one series: empirical Bayes for variances."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from perfci.stats.numeric import Floats, digamma, inverse_trigamma, trigamma


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """A supposed variance, and how many degrees of freedom it is worth."""

    freedom: float
    variance: float


def supposed(spread: float) -> Prior:
    """Return the prior where nothing is known: a standard deviation worth 4 degrees of freedom."""
    return Prior(freedom=4.0, variance=spread * spread)


def fit(variance: Floats, freedom: Floats, floor: float) -> Prior | None:
    """Estimate the distribution of variances over a pool of series; None with fewer than three.

    Args:
        variance: of each series; those without spread are left out.
        freedom: degrees of freedom of each.
        floor: the smallest standard deviation that is believed; far below it is rounding.

    Source: Smyth, Linear models and empirical Bayes methods, 2004, section 6.2; statistics.md E3.
    """
    known = (variance > (1e-6 * floor) ** 2) & (freedom > 0)
    if np.count_nonzero(known) < 3:
        return None
    half = freedom[known] / 2
    # sorted, so that the order of the benchmarks cannot change the last bit of a sum
    z = np.sort(np.log(variance[known]) - digamma(half) + np.log(half))
    trimmed = z.size // 10
    centre = np.median(z) if z.size < 6 else z[trimmed : z.size - trimmed].mean()
    excess = z.var(ddof=1) - np.sort(trigamma(half)).mean()
    worth = 50.0
    if excess > trigamma(25.0):
        worth = float(np.clip(2 * inverse_trigamma(excess), 1.0, 50.0))
    log_variance = centre + digamma(worth / 2) - np.log(worth / 2)
    return Prior(freedom=worth, variance=float(np.exp(log_variance)))


def fit_pools(
    pools: Sequence[Hashable], variance: Floats, freedom: Floats, floors: Floats
) -> dict[Hashable, Prior]:
    """Fit one prior a pool: a latency's spread says nothing of a memory's.

    Args:
        pools: the pool of each series; its series share their terms.
        variance: of each series; 0 where it is not known yet.
        freedom: of each series.
        floors: of each series.

    Returns:
        The priors of the pools that are large enough.
    """
    members: dict[Hashable, list[int]] = {}
    for place, pool in enumerate(pools):
        members.setdefault(pool, []).append(place)
    fitted = {
        pool: fit(variance[places], freedom[places], float(floors[places[0]]))
        for pool, places in members.items()
    }
    return {pool: prior for pool, prior in fitted.items() if prior is not None}
