"""How many launches would have decided what could not be told."""

from collections.abc import Sequence

import numpy as np

from perfci.stats.evidence import LIMIT_LEVEL, POWER, Evidence, quantile
from perfci.stats.numeric import Floats
from perfci.stats.terms import Terms

HOPELESS = 1000
"""More launches than this are not worth proposing."""


def launches_needed(
    evidence: Evidence, launches: Floats, every: Sequence[Terms], alpha: float
) -> list[int | None]:
    """Estimate the launches a side at which each series would probably be decided.

    So many that a change of the sensitivity would be told from the margin with the usual power,
    and that the change as it looks now would fall on one side of its limits.

    Args:
        evidence: what is known now.
        launches: behind it.
        every: terms of the series.
        alpha: level at which a worsening is proven.

    Returns:
        More than there are; None where it would take more than `HOPELESS`.
    """
    tau = np.array([terms.tau for terms in every])
    margin = np.array([terms.margin for terms in every])
    high, power, proof = (
        quantile(level, evidence.freedom) for level in (LIMIT_LEVEL, POWER, 1 - alpha)
    )
    spread = evidence.error * np.sqrt(launches)

    def resolving(errors: Floats, distance: Floats) -> Floats:
        sound = np.where(distance > 0.0, distance, np.nan)
        count: Floats = (errors * spread / sound) ** 2
        return np.nan_to_num(count, nan=np.inf)

    told = resolving(high + power, tau - margin)
    passed = resolving(high, tau - evidence.location)
    proven = resolving(proof, evidence.location - margin)
    wanted = np.maximum(told, np.minimum(passed, proven))
    wanted = np.ceil(np.maximum(wanted, np.maximum(launches + 1.0, 4.0)))
    return [int(count) if count <= HOPELESS else None for count in wanted]


def next_look(looks: Sequence[int], first: int, estimate: int | None) -> int:
    """Return the look by which a series will probably be decided, at the last one at most.

    Args:
        looks: launches at which the rule looks, rising.
        first: the look that comes next.
        estimate: launches that would probably do; None where they cannot be estimated.
    """
    ahead = [look for look in looks if look >= first] or [first]
    return next((look for look in ahead if look >= (estimate or 0)), ahead[-1])
