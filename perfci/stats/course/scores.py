"""What a statistic is worth, in standard deviations of a normal variable."""

import math


def weight(t: float, freedom: float) -> float:
    """Return how many standard deviations of a normal variable a Student's t is worth.

    Args:
        t: at least 0.
        freedom: degrees of freedom, above 0.

    Source: Wallace, Annals of Mathematical Statistics 30, 1959.
    """
    share = (8.0 * freedom + 1.0) / (8.0 * freedom + 3.0)
    return share * math.sqrt(freedom * math.log1p(t * t / freedom))


def chance(worth: float, looks: int) -> float:
    """Return the two-sided p-value of the best of several looks.

    Args:
        worth: standard deviations of a normal variable.
        looks: how many there were.

    Returns:
        1e-300 to 1.
    """
    return min(max(looks * math.erfc(worth / math.sqrt(2.0)), 1e-300), 1.0)
