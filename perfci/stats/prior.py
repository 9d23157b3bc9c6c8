"""What the suite says about the spread of one series: empirical Bayes for variances."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from perfci.stats.numeric import Floats, digamma, inverse_trigamma, trigamma

_DOUBTFUL, _WELL_KNOWN = 0.674, 1.645
"""Guards of priors that are supposed or rest on few series, and of others."""
_ENOUGH = 6
"""Series from which a fitted prior is well known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """A supposed variance, and how many degrees of freedom it is worth."""

    freedom: float
    variance: float
    guard: float = _DOUBTFUL
    """Standard deviations above which a variance is too large to be of this kind: it then stands
    for itself. One in four is, by chance alone; where the prior is well known, one in twenty."""


@lru_cache(maxsize=256)
def supposed(spread: float, *, guard: float = _DOUBTFUL) -> Prior:
    """Return the prior where nothing is known: a standard deviation worth 4 degrees of freedom."""
    return Prior(freedom=4.0, variance=spread * spread, guard=guard)


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
    return Prior(
        freedom=worth,
        variance=float(np.exp(log_variance)),
        guard=_WELL_KNOWN if z.size >= _ENOUGH else _DOUBTFUL,
    )


def is_foreign(variance: Floats, freedom: Floats, priors: Sequence[Prior]) -> NDArray[np.bool_]:
    """Tell which variances are too large to be of the kind that their priors describe.

    One noisy series among quiet ones would else be drawn down to their spread, and be believed to
    know it: a suite of 99 at 1 % and one at 10 % then raised a false alarm in 3 % of runs, and
    called a true 5 % of the noisy one unchanged in 32 %.

    Args:
        variance: of each series.
        freedom: degrees of freedom of each; those with 0 are never foreign.
        priors: of each.

    Source: Paulson, An approximate normalization of the analysis of variance distribution,
    Annals of Mathematical Statistics 13, 1942, of v / s0^2, which has the F distribution.
    """
    expected = np.array([prior.variance for prior in priors])
    ratio = np.cbrt(np.maximum(variance / expected, 1e-12))
    own = 2 / (9 * np.maximum(freedom, 1.0))
    theirs = 2 / (9 * np.array([prior.freedom for prior in priors]))
    deviation = ((1 - theirs) * ratio - (1 - own)) / np.sqrt(theirs * ratio * ratio + own)
    guards = np.array([prior.guard for prior in priors])
    found: NDArray[np.bool_] = (deviation > guards) & (freedom > 0)
    return found


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
