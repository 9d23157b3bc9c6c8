"""Metrics that repeat to the bit (instructions, bytes, sizes): compared without statistics."""

from collections.abc import Sequence

from perfci.model.measurement import Launch, Stage
from perfci.model.metric import Assumption
from perfci.stats.launches import centre
from perfci.stats.read import read_by
from perfci.stats.ruled import Ruled, same
from perfci.stats.sample import Sample, all_zero

REPEATS = 2
"""Launches that show that a metric repeats."""
_JITTER = 1e-4
"""Relative difference up to which values repeat: the digits of a process number move a count by one
instruction in fifty million, and the limit is fifty times as far."""


def is_exact(sample: Sample) -> bool:
    """Tell whether a metric is said to repeat."""
    return sample.series.metric.assumption is Assumption.EXACT


def goal(sample: Sample, there: int, look: int) -> int:
    """Return how many launches a series should have next on its way to a look.

    An exact metric may show by two that it repeats, and then needs no more.
    """
    return min(look, REPEATS) if is_exact(sample) and there < REPEATS else look


def rule_pairs(sample: Sample) -> Ruled | None:
    """Rule over an exact metric of two sides measured together.

    Returns:
        None where base does not repeat, where head lies on both sides of a limit, and with fewer
        than two launches: then it is a metric like any other.
    """
    base, y = sample.base.get(Stage.SCREEN, ()), sample.y.get(Stage.SCREEN, ())
    if not is_exact(sample) or len(y) < REPEATS or not _repeats(base[:REPEATS], sample):
        return None
    first, second = (same(sample.terms, value, REPEATS) for value in y[:REPEATS])
    return first if first.outcome is second.outcome else None


def rule_files(sample: Sample) -> Ruled | None:
    """Rule over two files: exact metrics, and zeros on both sides whatever the metric."""
    base, head = sample.base[Stage.SCREEN], sample.head[Stage.SCREEN]
    if all_zero(base, sample.clock) and all_zero(head, sample.clock):
        step = 0.0
    elif is_exact(sample) and _repeats(base, sample) and _repeats(head, sample):
        step = _step(centre(base[0], sample.clock), sample)
    else:
        return None
    weak = min(len(base), len(head)) < REPEATS
    return same(sample.terms, step, len(head), weak=weak)


def rule_past(sample: Sample, newest: float, spread: float) -> Ruled | None:
    """Rule over an exact metric, or over zeros, against the newest stored run.

    Commits change a count for good reasons: only the newest run is what head stands against.

    Args:
        sample: head's launches.
        newest: centre of the newest stored run.
        spread: between the launches of that run; 0.0 where they repeated.
    """
    head = sample.head[Stage.SCREEN][:REPEATS]
    if not head or (len(head) < REPEATS and not sample.series.given):
        return None
    weak = len(head) < REPEATS
    if newest == 0.0 and all_zero(head, sample.clock):
        return same(sample.terms, 0.0, len(head), weak=weak)
    if not is_exact(sample) or spread > _JITTER or not _repeats(head, sample):
        return None
    return same(sample.terms, _step(newest, sample), len(head), weak=weak)


def _repeats(launches: Sequence[Launch], sample: Sample) -> bool:
    values = read_by(sample.clock, launches).values
    return max(values) - min(values) <= _JITTER * abs(max(values, key=abs))


def _step(level: float, sample: Sample) -> float:
    """Return by how much head, which repeats, is worse than a level."""
    found = centre(sample.head[Stage.SCREEN][0], sample.clock)
    if found == level:
        return 0.0
    return sample.terms.sign * (sample.terms.value(found) - sample.terms.value(level))
