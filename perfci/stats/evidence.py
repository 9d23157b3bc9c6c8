"""What the data say, series by series: a location, its error, and how far that error is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from perfci.stats.numeric import Floats, t_quantile, t_sf
from perfci.stats.prior import Prior, is_foreign
from perfci.stats.robust import Location

LIMIT_LEVEL = 0.99
"""One-sided level at which a worsening is excluded."""
POWER = 0.95
"""Chance to see a worsening of the size called detectable."""


def quantile(level: float, freedom: Floats) -> Floats:
    """Return Student's quantile for every entry; the series of a pool share few distinct ones."""
    distinct, place = np.unique(freedom, return_inverse=True)
    found: Floats = _quantiles(level, tuple(distinct.tolist()))[place]
    return found


@lru_cache(maxsize=256)
def _quantiles(level: float, freedom: tuple[float, ...]) -> Floats:
    """Return Student's quantiles; whoever asks for a look goes through all looks before it."""
    return t_quantile(level, np.array(freedom))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One series' location on the scale of y."""

    location: float
    error: float
    """Standard error of the location; 0.0 where the values repeat to the bit."""
    freedom: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Locations with their standard errors and degrees of freedom, one entry a series."""

    location: Floats
    error: Floats
    freedom: Floats

    def beyond(self, margin: Floats) -> Floats:
        """Return the one-sided p of "worse by more than the margin"."""
        return t_sf((self.location - margin) / self.error, self.freedom)

    def below(self, margin: Floats) -> Floats:
        """Return the one-sided p of "better by more than the margin"."""
        return t_sf((-self.location - margin) / self.error, self.freedom)

    def upper(self) -> Floats:
        """Return the largest worsening that is not excluded."""
        return self.location + quantile(LIMIT_LEVEL, self.freedom) * self.error

    def answers(self) -> list[Answer]:
        """Return every entry."""
        columns = (self.location.tolist(), self.error.tolist(), self.freedom.tolist())
        return [
            Answer(location=location, error=error, freedom=freedom)
            for location, error, freedom in zip(*columns, strict=True)
        ]

    def at(self, place: int) -> Answer:
        """Return one entry."""
        return Answer(
            location=float(self.location[place]),
            error=float(self.error[place]),
            freedom=float(self.freedom[place]),
        )


def gather(answers: Sequence[Answer]) -> Evidence:
    """Join answers to one evidence."""
    return Evidence(
        location=np.array([answer.location for answer in answers]),
        error=np.array([answer.error for answer in answers]),
        freedom=np.array([answer.freedom for answer in answers]),
    )


def shrunken(located: Location, priors: Sequence[Prior], floors: Floats) -> tuple[Floats, Floats]:
    """Return variances drawn towards the priors, and their degrees of freedom.

    One far above its prior stands for itself. Source: statistics.md E3.
    """
    worth = np.array([prior.freedom for prior in priors])
    expected = np.array([prior.variance for prior in priors])
    freedom = worth + located.freedom
    variance = (worth * expected + located.freedom * located.variance) / freedom
    alone = is_foreign(located.variance, located.freedom, priors)
    variance = np.where(alone, located.variance, variance)
    freedom = np.where(alone, located.freedom, freedom)
    return np.maximum(variance, floors * floors), freedom


def weigh(located: Location, priors: Sequence[Prior], floors: Floats) -> Evidence:
    """Return the evidence of located launch values."""
    variance, freedom = shrunken(located, priors, floors)
    return Evidence(location=located.mean, error=np.sqrt(variance / located.n), freedom=freedom)


def holm(p: Floats, alpha: float, family: int) -> NDArray[np.bool_]:
    """Tell which hypotheses fall when the chance of any error is held at alpha.

    Args:
        p: of the hypotheses that are tested now.
        alpha: chance of one error or more.
        family: how many hypotheses there are, tested now or not; at least as many as p.

    Source: Holm, Scandinavian Journal of Statistics 6, 1979.
    """
    fallen = np.zeros(p.shape, dtype=np.bool_)
    for place in np.argsort(p, kind="stable"):
        if p[place] > alpha / family:
            break
        fallen[place] = True
        family -= 1
    return fallen
