"""How many launches would have decided what could not be told."""

import math

from perfci.stats.evidence import LIMIT_LEVEL, POWER, Answer
from perfci.stats.numeric import t_quantile
from perfci.stats.terms import Terms

HOPELESS = 1000
"""More launches than this are not worth proposing."""


def launches_needed(answer: Answer, n: int, terms: Terms, alpha: float) -> int | None:
    """Estimate the launches a side at which a series would probably be decided.

    So many that a change of the sensitivity would be told from the margin with the usual power,
    and that the change as it looks now would fall on one side of its limits.

    Args:
        answer: what is known now.
        n: launches behind it.
        terms: of the series.
        alpha: level at which a worsening is proven.

    Returns:
        More than n; None where it would take more than `HOPELESS`.
    """
    high, power, proof = t_quantile([LIMIT_LEVEL, POWER, 1 - alpha], answer.freedom)
    spread = answer.error * math.sqrt(n)

    def launches(errors: float, distance: float) -> float:
        return (errors * spread / distance) ** 2 if distance > 0.0 else math.inf

    resolving = launches(high + power, terms.tau - terms.margin)
    passing = launches(high, terms.tau - answer.location)
    proving = launches(proof, answer.location - terms.margin)
    wanted = max(resolving, min(passing, proving), n + 1.0, 4.0)
    return math.ceil(wanted) if wanted <= HOPELESS else None
