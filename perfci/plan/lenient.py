"""Limits so wide that hardly anything reaches them, and gates that nothing can fail."""

from collections.abc import Iterator, Sequence

from perfci.model.metric import Better
from perfci.model.verdict import Severity
from perfci.plan.reach import Governed, Reach, listed
from perfci.units import limit

_WIDE = 1.0
"""A worsening by 100 %: twice the time."""
_POINTS = 0.10
"""In points of an absolute metric, a limit that was probably meant relative."""


def wide_limits(reach: Reach) -> Iterator[str]:
    """Say what the limits let pass that are wider than noise can ask for."""
    groups: dict[int | None, list[Governed]] = {}
    for item in reach.series:
        if item.limits.threshold is not None:
            groups.setdefault(item.relative, []).append(item)
    for number, group in groups.items():
        who = reach.rule(number) if number is not None else f"gate.{group[0].limits.rule}"
        threshold = group[0].limits.threshold or 0.0
        yield from _ratios(group, who, threshold)
        yield from _points(group, who, threshold)


def _ratios(group: Sequence[Governed], who: str, threshold: float) -> Iterator[str]:
    if threshold < _WIDE:
        return
    ratios = [it for it in group if not it.metric.absolute]
    falling = [it.key for it in ratios if it.metric.better is Better.HIGHER]
    # `fail_on: critical` says in so many words that only the doubled counts
    asked = who == f"gate.fail_on: {Severity.CRITICAL}" and threshold == _WIDE
    if len(falling) < len(ratios) and not asked:
        yield (
            f"{who} blocks from {limit(threshold)} on: nothing below {1 + threshold:g} times its "
            "base fails; perfci tells noise from change without such room, so try 10%"
        )
    if falling:
        yield (
            f"{who} blocks from {limit(threshold)} on, and what is better when higher cannot fall "
            f"by more than 100 %: nothing blocks {listed(falling)}; a limit of 50% is half as much"
        )


def _points(group: Sequence[Governed], who: str, threshold: float) -> Iterator[str]:
    absolute = [it.metric.name for it in group if it.metric.absolute]
    mixed = len(absolute) < len(group)
    if absolute and (threshold >= _WIDE or (mixed and threshold >= _POINTS)):
        yield (
            f"{who} lets {listed(absolute)} get worse by {threshold * 100:g} points: % means "
            f"points there; put {{match: '*:{absolute[0]}', threshold: 1%}} above it"
        )


def powerless_gate(reach: Reach) -> Iterator[str]:
    """Say that no regression, however large, can fail the gate."""
    most = reach.policy.max_regressions
    number = len(reach.series)
    if most is not None and most >= number > 0 and not reach.tools:
        place = reach.loaded.provenance(("gate", "max_regressions"))
        series = "1 series" if number == 1 else f"{number} series"
        yield (
            f"gate.max_regressions is {most} ({place}), and there is no more than {series}: "
            "it is never exceeded"
        )
        most = None
    blocked = any(
        it.limits.threshold is not None
        or (it.limits.budget_blocks and it.limits.budget is not None)
        for it in reach.series
    )
    if most is None and not blocked and not reach.tools and reach.series:
        place = reach.loaded.provenance(("gate", "fail_on"))
        fail_on = f"gate.fail_on is {reach.policy.fail_on or 'none'} ({place})"
        yield (
            f"no regression can fail this gate, however large: {fail_on}, and no rule of level "
            "error has a limit for any series; it only reports"
        )
