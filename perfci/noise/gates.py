"""One gate between equal code: what it said of each series, right or wrong."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from perfci.model.comparison import Comparison, Outcome
from perfci.model.evaluation import Evaluation
from perfci.model.measurement import Clock, Measurement, Stage
from perfci.model.metric import Assumption, Metric
from perfci.model.verdict import Finding
from perfci.stats.centre import point
from perfci.stats.wording import UNMEASURED, ended_early

_JUDGED = (Outcome.REGRESSED, Outcome.IMPROVED, Outcome.UNCHANGED, Outcome.INCONCLUSIVE)
_CUT = {*(ended_early(stage) for stage in Stage), UNMEASURED}
_REACH = 2.05
"""A change is seen with certainty from so many half widths of its 95 % interval on: the sum of
Student's 99 and 95 % quantiles by its 97.5 % quantile is 2.03 to 2.09 from 5 degrees of freedom."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a plain gate would have compared: one side by itself."""

    level: float
    """Median of the launch medians, in base units."""
    clock: Clock
    """Wall time, or the value itself where it is no duration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One verdict over two sides that are equal."""

    comparison: Comparison
    blocking: bool
    """True where it would have failed the gate; only of `regressed`."""
    cut: bool
    """True where the time was up before it was decided."""
    noise: float | None
    """What the noise alone hides, on the scale of y: the part of the detectable change that
    shrinks with more launches; None where the values repeat to the bit."""
    plain: Reading | None
    """Of the first side; None where nothing was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One finished gate."""

    seen: tuple[Seen, ...]
    """In the order of the benchmarks; what failed is not among them."""
    launches: int
    """Of all benchmarks together, a side."""
    elapsed: float
    """Seconds."""
    unmeasured: int
    """Series that should have got a verdict and got none."""

    @property
    def undecided(self) -> bool:
        """Return whether the time was up before every series was decided."""
        return self.unmeasured > 0 or any(it.cut for it in self.seen)


def gate_of(evaluation: Evaluation, *, series: int) -> Gate:
    """Take from an evaluation what it says of the noise.

    Args:
        evaluation: of a paired run with the same code on both sides.
        series: how many were to be measured.
    """
    recording = evaluation.recording
    base = recording.base_run.measurements if recording.base_run else ()
    before = {it.key: it for it in base}
    found = {it.key: it for it in evaluation.verdict.findings if it.outcome in _JUDGED}
    # in the benchmarks' own order: a verdict has the worst first
    keys = [it.key for it in recording.run.measurements if it.key in found]
    taken: dict[str, int] = {}
    for it in base:
        taken[str(it.id)] = max(taken.get(str(it.id), 0), len(it.launches))
    return Gate(
        seen=tuple(_seen(found[key], before.get(key)) for key in keys),
        launches=sum(taken.values()),
        elapsed=recording.elapsed,
        unmeasured=series - len(keys),
    )


def _seen(finding: Finding, before: Measurement | None) -> Seen:
    comparison = finding.comparison
    regressed = comparison.outcome is Outcome.REGRESSED
    inconclusive = comparison.outcome is Outcome.INCONCLUSIVE
    return Seen(
        comparison=comparison,
        blocking=regressed and finding.blocking,
        cut=inconclusive and comparison.explanation in _CUT,
        noise=_noise(comparison),
        plain=_plain(before),
    )


def _noise(comparison: Comparison) -> float | None:
    interval = comparison.interval
    if interval is None or comparison.metric.assumption is Assumption.EXACT:
        return None
    if not interval.low < interval.high:
        return None
    low, high = interval.low, interval.high
    if not comparison.metric.absolute:
        low, high = math.log1p(max(low, -0.999)), math.log1p(high)
    return _REACH * (high - low) / 2


def _plain(before: Measurement | None) -> Reading | None:
    if before is None or not before.launches:
        return None
    centres = point(before).centres
    told = (Reading(level=centres[it], clock=it) for it in _plainly(before.metric) if it in centres)
    return next(told, None)


def _plainly(metric: Metric) -> Iterator[Clock]:
    """Return the clocks that a tool without any other would read, the likeliest first."""
    if metric.timed:
        yield Clock.WALL
    yield from (Clock.VALUE, Clock.CPU)
