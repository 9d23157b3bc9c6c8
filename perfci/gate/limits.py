"""Which limit holds for a series, and whether a change reaches it."""

from dataclasses import dataclass, replace

from perfci.gate.match import matches
from perfci.gate.policy import Level, Policy, Rule
from perfci.model.comparison import Comparison
from perfci.model.metric import Metric
from perfci.model.verdict import Severity
from perfci.units import SPELT, whole_percent


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the policy says of one series."""

    threshold: float | None
    """Worsening from which it blocks; None where no relative limit blocks."""
    at_least: float = 0.0
    """The worsening in base units that must be reached, too."""
    rule: str = ""
    """Where the relative limit comes from, as the user wrote it."""
    budget: float | None = None
    """Absolute limit on head's value."""
    budget_blocks: bool = False
    """False where the budget's rule only warns."""
    misfit: str = ""
    """That a limit is in another unit than the metric, and so not among these; empty: none is."""


def severity_of(comparison: Comparison, policy: Policy) -> Severity | None:
    """Return the band of a worsening; None below the first, and for absolute metrics."""
    worsening = comparison.worsening
    if worsening is None or comparison.metric.absolute:
        return None
    rounded = whole_percent(worsening)
    reached = [band for band, edge in policy.bands.items() if rounded >= edge]
    return reached[-1] if reached else None


def is_relative(rule: Rule) -> bool:
    """Tell whether a rule takes the place of `fail_on`: not so where it has only a budget."""
    relative = rule.threshold is not None or rule.at_least is not None
    return relative or rule.budget is None


def _relative_rule(policy: Policy, key: str) -> Rule | None:
    for rule in policy.rules:
        if is_relative(rule) and matches(rule.match, key):
            return rule
    return None


def _budget_rule(policy: Policy, key: str) -> Rule | None:
    budgets = (rule for rule in policy.rules if rule.budget is not None)
    return next((rule for rule in budgets if matches(rule.match, key)), None)


def _fits(unit: str, metric: Metric) -> bool:
    """Tell whether a limit in a unit can be held against a metric.

    What has a unit that settings cannot spell is limited by a plain number.
    """
    return unit in {"", metric.unit} or (unit == "count" and metric.unit not in SPELT)


def limits_of(policy: Policy, key: str, metric: Metric) -> Limits:
    """Find what holds for a series: its first relative rule, else `fail_on`; and its first budget.

    Args:
        policy: the gate's rules.
        key: of the series.
        metric: of the series; absolute metrics have no severity, so `fail_on` is silent on them.
    """
    rule, budget = _relative_rule(policy, key), _budget_rule(policy, key)
    misfits = []
    if rule and not _fits(rule.at_least_unit, metric):
        misfits.append(("at_least", rule, rule.at_least_unit))
    if budget and not _fits(budget.budget_unit, metric):
        misfits.append(("budget", budget, budget.budget_unit))
    limits = Limits(
        threshold=_threshold(policy, rule, metric),
        at_least=(rule.at_least or 0.0) if rule else 0.0,
        rule=rule.match if rule else f"fail_on: {policy.fail_on or 'none'}",
        budget=budget.budget if budget and budget.level is not Level.OFF else None,
        budget_blocks=budget is not None and budget.level is Level.ERROR,
    )
    if not misfits:
        return limits
    name, wrong, unit = misfits[0]
    place = f" ({wrong.source})" if wrong.source else ""
    number = "a plain number" if unit == "count" else f"in {unit}"
    return replace(
        limits,
        at_least=0.0,
        budget=None,
        misfit=f"gate.rules[{policy.rules.index(wrong)}].{name} is {number}, but {key}, which the "
        f"rule matches, is in {metric.unit}{place}",
    )


def _threshold(policy: Policy, rule: Rule | None, metric: Metric) -> float | None:
    """Return the worsening from which a series blocks; None where none does."""
    if rule is not None:
        return (rule.threshold or 0.0) if rule.level is Level.ERROR else None
    if policy.fail_on is None or metric.absolute:
        return None
    return policy.bands[policy.fail_on]


def sensitivity_of(policy: Policy, key: str) -> float:
    """Return the change that measuring must see for this series.

    A rule's threshold below the general sensitivity lowers it.
    """
    rule = _relative_rule(policy, key)
    if rule is None or rule.threshold is None or rule.level is Level.OFF:
        return policy.sensitivity
    return min(policy.sensitivity, rule.threshold)


def reaches(comparison: Comparison, limits: Limits) -> bool:
    """Tell whether a regression is as large as its relative limit in every respect."""
    worsening = comparison.worsening
    if worsening is None or limits.threshold is None:
        return False
    size = worsening if comparison.metric.absolute else whole_percent(worsening)
    if size < limits.threshold - 1e-12:
        return False
    if not limits.at_least:
        return True
    # the change and not the difference of the two medians: it is what was proven
    before = comparison.base.point if comparison.base else 0.0
    added = worsening if comparison.metric.absolute else worsening * before
    return added >= limits.at_least


def beyond_budget(comparison: Comparison, limits: Limits) -> bool:
    """Tell whether even the better end of head's interval breaks the budget."""
    head = comparison.head
    if head is None or limits.budget is None:
        return False
    if comparison.metric.sign > 0:
        return (head.interval.low if head.interval else head.point) > limits.budget
    return (head.interval.high if head.interval else head.point) < limits.budget
