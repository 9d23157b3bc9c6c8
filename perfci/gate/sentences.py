"""One sentence in plain words for every finding: what was compared with what, and what follows."""

from typing import assert_never

from perfci.gate.consequences import consequence_of, difference, written
from perfci.gate.limits import Limits
from perfci.model.comparison import Comparison, Outcome
from perfci.model.metric import stem
from perfci.model.verdict import Accepted
from perfci.units import duration, limit, percent, scale_for

_SLOWER = ("slower", "faster")
_WORDS = {
    # metric stem: (worse, better)
    "latency": _SLOWER,
    "cpu_time": ("more processor time", "less processor time"),
    "cpu_usage": ("more processor use", "less processor use"),
    "memory_usage": ("more memory", "less memory"),
    "instructions": ("more instructions", "fewer instructions"),
    "throughput": ("less throughput", "more throughput"),
    "error_rate": ("more errors", "fewer errors"),
    "ai_response_time": _SLOWER,
    "time_to_first_token": _SLOWER,
    "tokens_per_second": ("fewer tokens a second", "more tokens a second"),
    "ha_integration": _SLOWER,
    "ha_api": _SLOWER,
    "ha_states": _SLOWER,
    "ha_ping": _SLOWER,
    "ha_call": _SLOWER,
    "ha_event": _SLOWER,
}


def change_words(comparison: Comparison) -> str:
    """Return the change in words: `61.2 % slower`, `12.4 % less memory`; empty without one."""
    change, worsening = comparison.change, comparison.worsening
    if change is None or worsening is None:
        return ""
    metric = comparison.metric
    size = _size(comparison, abs(change))
    words = _WORDS.get(stem(metric.name))
    if words:
        return f"{size} {words[0] if worsening > 0 else words[1]}"
    direction = "higher" if change > 0 else "lower"
    return f"{size} {direction} ({'worse' if worsening > 0 else 'better'})"


def _size(comparison: Comparison, value: float) -> str:
    if not comparison.metric.absolute:
        return percent(value, signed=False)
    return difference(comparison.metric, value)


def _interval(comparison: Comparison) -> str:
    interval = comparison.interval
    if interval is None:
        return ""
    if comparison.metric.absolute:
        low, high = _size(comparison, interval.low), _size(comparison, interval.high)
    else:
        low, high = percent(interval.low), percent(interval.high)
    return f" ({limit(interval.level)} interval {low} to {high})"


def _values(comparison: Comparison) -> str:
    base, head = comparison.base, comparison.head
    if base is None or head is None:
        return ""
    scale = scale_for(comparison.metric.unit, base.point, head.point)
    return f", from {scale.number(base.point)} to {scale.text(head.point)}"


def _evidence(comparison: Comparison) -> str:
    deciding, before = stages(comparison)
    plural = "" if deciding == 1 else "es"
    side = " a side" if comparison.paired else ""
    clock = (
        f" on the {comparison.clock} clock" if comparison.clock and comparison.metric.timed else ""
    )
    if not before:
        return f"{deciding} launch{plural}{side}{clock}"
    return f"{deciding} fresh launch{plural}{side}{clock}, after {before} that raised the suspicion"


def stages(comparison: Comparison) -> tuple[int, int]:
    """Return the launches that the answer rests on, and those before them that do not count.

    What looked worse is measured anew: the launches that raised the suspicion decide nothing.
    """
    head = comparison.head
    decided = min(head.n, comparison.launches) if head else comparison.launches
    return decided, comparison.launches - decided


def reason(
    comparison: Comparison,
    limits: Limits,
    *,
    against: str,
    reached: bool,
    accepted: Accepted | None = None,
) -> str:
    """Say what came of one comparison.

    Args:
        comparison: the statistical answer.
        limits: what the policy says of the series.
        against: what head was compared with, in words.
        reached: whether a regression is as large as its limit.
        accepted: what lets it pass all the same.
    """
    if comparison.outcome is Outcome.REGRESSED:
        follows = consequence_of(comparison.metric, limits, reached=reached, accepted=accepted)
        text = f"{_changed(comparison, against)}; {follows}"
    else:
        text = _sentence(comparison, against)
    if comparison.weak and comparison.outcome is not Outcome.INCONCLUSIVE:
        text += "; weak evidence: " + (
            comparison.explanation or "the spread between runs is supposed, not measured"
        )
    # what failed may begin with the benchmark's own name
    if comparison.outcome is not Outcome.FAILED or not text.startswith(str(comparison.id)):
        text = text[:1].upper() + text[1:]
    # what a benchmark failed with may end in a question, or in a sentence of its own
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _sentence(comparison: Comparison, against: str) -> str:
    match comparison.outcome:
        case Outcome.REGRESSED | Outcome.IMPROVED:
            return _changed(comparison, against)
        case Outcome.UNCHANGED:
            seen = _limit(comparison)
            return (
                f"no worse than {against}: a worsening of {seen} is ruled out "
                f"by {_evidence(comparison)}{_interval(comparison)}"
            )
        case Outcome.INCONCLUSIVE:
            return _inconclusive(comparison, against)
        case Outcome.NEW:
            return "nothing to compare with yet; recorded for the next run"
        case Outcome.MISSING:
            return f"measured in {against}, but not in head"
        case Outcome.FAILED:
            return comparison.explanation or "it did not yield a measurement"
        case _ as never:
            assert_never(never)


def _changed(comparison: Comparison, against: str) -> str:
    words = f"{change_words(comparison)} than {against}{_interval(comparison)}"
    return f"{words}{_values(comparison)}, over {_evidence(comparison)}"


def _limit(comparison: Comparison) -> str:
    """Return the sensitivity as its author would write it: `5 %`, `1 point`, `2 MB`."""
    return written(comparison.metric, comparison.sensitivity)


def _inconclusive(comparison: Comparison, against: str) -> str:
    parts = [f"cannot tell whether it is worse than {against}"]
    if comparison.explanation:
        parts.append(comparison.explanation)
    if comparison.change is not None:
        parts.append(f"it looks {change_words(comparison)}{_interval(comparison)}")
    if comparison.detectable is not None:
        found = _size(comparison, comparison.detectable)
        parts.append(
            f"with {_evidence(comparison)} a worsening of {found} is found with 95 % certainty"
        )
    parts.append(would_decide(comparison))
    return "; ".join(part for part in parts if part)


def would_decide(comparison: Comparison) -> str:
    """Say what would decide an inconclusive series; empty where that is not known.

    Returns:
        `about 12 launches (30 s more) would decide`; where the rule has had all the launches that
        it takes, `--rounds 244 would probably decide (5 min)`.
    """
    needed, seconds = comparison.needed, comparison.time_needed
    if not needed:
        return ""
    if comparison.by_rounds:
        whole = f" ({duration(seconds)})" if seconds is not None else ""
        return f"--rounds {needed} would probably decide{whole}"
    more = f" ({duration(seconds)} more)" if seconds is not None else ""
    return f"about {needed} launches{more} would decide"
