"""The two doors of the rule: what to measure next, and what came out."""

from collections.abc import Mapping, Sequence
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


def decide(series: Sequence[Series], design: Design) -> Ruling:
    """Say which launches to measure next.

    Args:
        series: every series of the run with its launches so far; one whose benchmark failed is
            left out.
        design: how the run decides.
    """
    wants = {
        told.sample.series.key: told.ruled.wants
        for told in replay(series, design)
        if told.ruled.wants
    }
    if not wants:
        return Ruling()
    # a later look rests on all series having reached the earlier one
    first = min(want.rank for want in wants.values())
    return Ruling(
        requests={
            key: Request(stage=want.stage, launches=want.launches)
            for key, want in wants.items()
            if want.rank == first
        }
    )


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
