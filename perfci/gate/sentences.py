"""One sentence in plain words for every finding: what was compared with what, and what follows."""

from typing import assert_never

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
    if comparison.metric.unit == "ratio":
        return f"{value * 100:.3g} points"
    return scale_for(comparison.metric.unit, value).text(value)


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
    plural = "" if comparison.launches == 1 else "es"
    side = " a side" if comparison.paired else ""
    clock = (
        f" on the {comparison.clock} clock" if comparison.clock and comparison.metric.timed else ""
    )
    return f"{comparison.launches} launch{plural}{side}{clock}"


def reason(comparison: Comparison, limits: Limits, *, against: str, blocking: bool) -> str:
    """Say what came of one comparison.

    Args:
        comparison: the statistical answer.
        limits: what the policy says of the series.
        against: what head was compared with, in words.
        blocking: whether the finding fails the gate.
    """
    text = _sentence(comparison, limits, against, blocking=blocking)
    if comparison.weak and comparison.outcome is not Outcome.INCONCLUSIVE:
        text += "; weak evidence: " + (
            comparison.explanation or "the spread between runs is supposed, not measured"
        )
    return text[:1].upper() + text[1:] + "."


def _sentence(comparison: Comparison, limits: Limits, against: str, *, blocking: bool) -> str:
    changed = f"{change_words(comparison)} than {against}{_interval(comparison)}"
    changed += f"{_values(comparison)}, over {_evidence(comparison)}"
    match comparison.outcome:
        case Outcome.REGRESSED:
            return f"{changed}; {_consequence(limits, blocking=blocking)}"
        case Outcome.IMPROVED:
            return changed
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


def _limit(comparison: Comparison) -> str:
    """Return the sensitivity as its author would write it: `5 %`, `1 points`, `2 MB`."""
    if comparison.metric.absolute:
        return _size(comparison, comparison.sensitivity)
    return limit(comparison.sensitivity)


def _inconclusive(comparison: Comparison, against: str) -> str:
    parts = [f"cannot tell whether it is worse than {against}"]
    if comparison.explanation:
        parts.append(comparison.explanation)
    if comparison.change is not None:
        parts.append(f"it looks {change_words(comparison)}{_interval(comparison)}")
    if comparison.detectable is not None:
        parts.append(
            f"{_evidence(comparison)} would have shown a worsening above "
            f"{_size(comparison, comparison.detectable)}"
        )
    if comparison.needed:
        parts.append(f"about {comparison.needed} launches{more_time(comparison)} would decide it")
    return "; ".join(parts)


def more_time(comparison: Comparison) -> str:
    """Return ` (3 min more)`, what deciding would take; empty where it is not known."""
    seconds = comparison.time_needed
    return f" ({duration(seconds)} more)" if seconds is not None else ""


def _consequence(limits: Limits, *, blocking: bool) -> str:
    if limits.threshold is None:
        return f"nothing blocks this series ({limits.rule})"
    where = f"{limit(limits.threshold)} ({limits.rule})"
    if blocking:
        return f"it blocks from {where}"
    return f"below the limit of {where}, so it warns"


def accepted(found: Accepted) -> str:
    """Say by what a regression is let pass."""
    bounds = [f"until {found.until}"] if found.until else []
    bounds += [f"up to {limit(found.up_to)}"] if found.up_to is not None else []
    held = f" {' and '.join(bounds)}" if bounds else ""
    return f"It is accepted{held}: {found.reason} ({found.source})."


def over_budget(comparison: Comparison, limits: Limits) -> str:
    """Say that head's value breaks its budget."""
    head = comparison.head
    if head is None or limits.budget is None:
        return ""
    scale = scale_for(comparison.metric.unit, head.point, limits.budget)
    word = "above" if comparison.metric.sign > 0 else "below"
    return f"{scale.text(head.point)} is {word} the budget of {scale.text(limits.budget)}."
