"""The two doors of the rule: what to measure next, and what came out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from perfci.model.comparison import Comparison
from perfci.model.measurement import Stage
from perfci.stats.replay import replay
from perfci.stats.report import comparisons
from perfci.stats.series import Design, Series


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Launches that a series needs before anything more can be said of it."""

    stage: Stage
    launches: int
    """How many more, at least 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What the rule wants next."""

    requests: Mapping[str, Request] = field(default_factory=dict)
    """By series key; empty where all is decided, or nothing more may be asked."""
    later: Mapping[str, Request] = field(default_factory=dict)
    """What other series will ask for, as far as it is known, once these have been measured."""


def decide(series: Sequence[Series], design: Design, *, without: Collection[str] = ()) -> Ruling:
    """Say which launches to measure next.

    Args:
        series: every series of the run with its launches so far; one whose benchmark failed is
            left out.
        design: how the run decides.
        without: keys of series that get no more launches: the others go on without them.
    """
    wants = {
        told.sample.series.key: told.ruled.wants
        for told in replay(series, design)
        if told.ruled.wants and told.sample.series.key not in without
    }
    if not wants:
        return Ruling()
    # a later look rests on all series having reached the earlier one
    first = min(want.rank for want in wants.values())
    now, later = (
        {
            key: Request(stage=want.stage, launches=want.launches)
            for key, want in wants.items()
            if (want.rank == first) is at_once
        }
        for at_once in (True, False)
    )
    return Ruling(requests=now, later=later)


def compare_series(series: Sequence[Series], design: Design) -> tuple[Comparison, ...]:
    """Say what came out, from whatever launches are there.

    Args:
        series: every series of the run; one whose benchmark failed is left out.
        design: how the run decided.

    Returns:
        One comparison a series, in the same order. What would still have wanted launches is
        `inconclusive`, with an estimate of how many.
    """
    return comparisons(replay(series, design), design)
