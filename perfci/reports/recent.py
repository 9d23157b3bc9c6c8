"""What a series was in the branch's recent runs, as the store's index tells."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from perfci.model.comparison import Comparison
from perfci.model.evaluation import Evaluation

_BARS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One series in one earlier run."""

    commit: str
    value: float
    regressed: bool


def recent(evaluation: Evaluation, comparison: Comparison, last: int) -> tuple[Past, ...]:
    """Return the last runs of an equal environment that measured this series, oldest first.

    Args:
        evaluation: with the history, or without.
        comparison: of the series; its clock is the one shown.
        last: runs, at most.
    """
    if evaluation.history is None:
        return ()
    found = []
    for run in evaluation.history.comparable(evaluation.recording.run.environment.fingerprint):
        point = run.points.get(comparison.key)
        if point is None:
            continue
        value = point.centres.get(comparison.clock or point.clock, math.nan)
        if math.isfinite(value):
            found.append(Past(commit=run.commit, value=value, regressed=point.regressed))
    return tuple(found[-last:])


def sparkline(values: Sequence[float]) -> str:
    """Return the values as bars; less than half the middle of them never fills the height."""
    known = [value for value in values if math.isfinite(value)]
    if len(known) < 2:
        return ""
    middle = (min(known) + max(known)) / 2
    span = max(max(known) - min(known), abs(middle) / 2) or 1.0
    steps = (((value - middle) / span + 0.5) * (len(_BARS) - 1) for value in known)
    return "".join(_BARS[round(step)] for step in steps)
