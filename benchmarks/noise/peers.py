"""The rules of other tools, from their published definitions; each told what it needs, no more.

A row is one benchmark. Values are durations: more is worse. Sources: statistics.md B, and there
the tools' own code; every rule is called worse only where head is the slower side.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from perfci.stats.numeric import Floats

Alarms = NDArray[np.bool_]
"""One entry a benchmark: whether the rule calls head worse."""


def ratio(base: Floats, head: Floats, limit: float) -> Alarms:
    """Compare one number a side: github-action-benchmark, whose default limit is 2 (200 %)."""
    alarms: Alarms = np.median(head, axis=1) > limit * np.median(base, axis=1)
    return alarms


def mann_whitney(base: Floats, head: Floats, alpha: float = 0.05) -> Alarms:
    """Test all values of a side against all of the other by ranks: benchstat."""
    p = stats.mannwhitneyu(base, head, axis=1, method="asymptotic").pvalue
    alarms: Alarms = (p < alpha) & (np.median(head, axis=1) > np.median(base, axis=1))
    return alarms


def student(base: Floats, head: Floats, alpha: float = 0.05) -> Alarms:
    """Test all values of a side against all of the other by Student's t: pyperf."""
    found = stats.ttest_ind(head, base, axis=1)
    alarms: Alarms = (found.pvalue < alpha) & (found.statistic > 0.0)
    return alarms


def t_limit(history: Floats, head: Floats, level: float = 0.99) -> Alarms:
    """Compare head with the prediction limit of earlier runs' numbers: Bencher.

    Args:
        history: one number a run in each row, at least two.
        head: values of the newest run.
        level: one-sided.
    """
    n = history.shape[1]
    reach = stats.t.ppf(level, n - 1) * history.std(axis=1, ddof=1) * np.sqrt(1 + 1 / n)
    alarms: Alarms = np.median(head, axis=1) > history.mean(axis=1) + reach
    return alarms


def z_of_pairs(base: Floats, head: Floats, limit: float = 2.6, least: float = 0.01) -> Alarms:
    """Test the mean difference of interleaved pairs, and ask for more than 1 %: tango."""
    difference = head - base
    mean = difference.mean(axis=1)
    error = difference.std(axis=1, ddof=1) / np.sqrt(difference.shape[1])
    alarms: Alarms = (mean >= limit * error) & (mean > least * base.mean(axis=1))
    return alarms
