"""One finding of result.json: the comparison and what the gate made of it."""

import math

from perfci.model.comparison import Comparison, Estimate, Interval, Outcome
from perfci.model.measurement import Clock
from perfci.model.verdict import Accepted, Finding, Severity
from perfci.schema.fields import Fields
from perfci.schema.parts import Json, dump_series, load_series


def dump_finding(finding: Finding) -> Json:
    """Return a finding; `base` and `head` are medians, `interval` that of the change."""
    found = finding.comparison
    return dump_series(found.id, found.metric) | {
        "outcome": found.outcome.value,
        "severity": finding.severity and finding.severity.value,
        "blocking": finding.blocking,
        "change": found.change,
        "interval": _bounds(found.interval),
        "base": found.base and found.base.point,
        "head": found.head and found.head.point,
        "level": found.interval and found.interval.level,
        "launches": found.launches,
        "p_value": found.p_value,
        "detectable": found.detectable,
        "clock": found.clock and found.clock.value,
        "limit": finding.limit,
        "accepted": _dump_accepted(finding.accepted),
        "reason": finding.reason,
        "rule": finding.rule,
        "budget": finding.budget,
        "over_budget": finding.over_budget,
        "sensitivity": found.sensitivity,
        "paired": found.paired,
        "weak": found.weak,
        "needed": found.needed,
        "by_rounds": found.by_rounds,
        "seconds_per_launch": found.pace,
        "clock_reason": found.clock_reason,
        "explanation": found.explanation,
        "warnings": list(found.warnings),
        "base_estimate": _dump_estimate(found.base),
        "head_estimate": _dump_estimate(found.head),
    }


def load_finding(fields: Fields) -> Finding:
    """Return a finding; a number that is null was not finite, or was not there."""
    _, benchmark, metric = load_series(fields)
    comparison = Comparison(
        id=benchmark,
        metric=metric,
        outcome=fields.choice("outcome", Outcome),
        base=_load_estimate(fields, "base"),
        head=_load_estimate(fields, "head"),
        change=fields.number_or_none("change"),
        interval=_load_interval(fields),
        p_value=fields.number_or_none("p_value"),
        detectable=fields.number_or_none("detectable"),
        sensitivity=fields.number("sensitivity", 0.05),
        clock=fields.choice_or_none("clock", Clock),
        clock_reason=fields.text("clock_reason", ""),
        launches=fields.whole("launches", 0),
        paired=fields.flag("paired", default=True),
        weak=fields.flag("weak"),
        needed=fields.whole_or_none("needed"),
        by_rounds=fields.flag("by_rounds"),
        pace=fields.seconds_or_none("seconds_per_launch"),
        explanation=fields.text("explanation", ""),
        warnings=fields.texts("warnings"),
    )
    return Finding(
        comparison=comparison,
        severity=fields.choice_or_none("severity", Severity),
        blocking=fields.flag("blocking"),
        over_budget=fields.flag("over_budget"),
        rule=fields.text("rule", ""),
        limit=fields.number_or_none("limit"),
        budget=fields.number_or_none("budget"),
        accepted=_load_accepted(fields.group_or_none("accepted")),
        reason=fields.text("reason"),
    )


def _dump_accepted(accepted: Accepted | None) -> Json | None:
    if accepted is None:
        return None
    return {
        "match": accepted.match,
        "reason": accepted.reason,
        "source": accepted.source,
        "until": accepted.until,
        "up_to": accepted.up_to,
    }


def _load_accepted(fields: Fields | None) -> Accepted | None:
    if fields is None:
        return None
    return Accepted(
        match=fields.text("match"),
        reason=fields.text("reason"),
        source=fields.text("source", ""),
        until=fields.text("until", ""),
        up_to=fields.number_or_none("up_to"),
    )


def _bounds(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [interval.low, interval.high]


def _load_interval(fields: Fields) -> Interval | None:
    """Return an interval; a bound that is null is as far out as can be."""
    if not fields.has("interval"):
        return None
    bounds = fields.items("interval")
    if len(bounds) != 2:
        raise fields.wrong("interval", "is not a pair of numbers")
    low, high = bounds
    return Interval(
        low=-math.inf if low is None else fields.checked(low, "interval[0]"),
        high=math.inf if high is None else fields.checked(high, "interval[1]"),
        level=fields.number("level", 0.95),
    )


def _dump_estimate(estimate: Estimate | None) -> Json | None:
    if estimate is None:
        return None
    return {
        "interval": _bounds(estimate.interval),
        "level": estimate.interval and estimate.interval.level,
        "launches": estimate.n,
        "method": estimate.method,
    }


def _load_estimate(fields: Fields, side: str) -> Estimate | None:
    """Return one side's estimate: its median stands in the finding itself."""
    rest = fields.group_or_none(f"{side}_estimate")
    if rest is None:
        return Estimate(point=fields.number(side), n=0) if fields.has(side) else None
    return Estimate(
        point=fields.number(side, math.nan),
        interval=_load_interval(rest),
        n=rest.whole("launches", 0),
        method=rest.text("method", ""),
    )
