"""What follows from a finding: the limit it reaches, what lets it pass, the budget it breaks."""

from perfci.gate.limits import Limits
from perfci.model.comparison import Comparison, Outcome
from perfci.model.metric import Metric
from perfci.model.verdict import Accepted, Finding
from perfci.units import limit, scale_for


def difference(metric: Metric, value: float) -> str:
    """Return a change of an absolute metric: `1 point`, `2.5 points`, `2 MB`."""
    if metric.unit != "ratio":
        return scale_for(metric.unit, value).text(value)
    points = f"{value * 100:.3g}"
    return f"{points} point{'' if points.lstrip('-') == '1' else 's'}"


def written(metric: Metric, value: float) -> str:
    """Return a limit as its author would write it: `5 %`, `1 point`, `2 MB`."""
    return difference(metric, value) if metric.absolute else limit(value)


def consequence_of(
    metric: Metric, limits: Limits, *, reached: bool, accepted: Accepted | None
) -> str:
    """Say what follows from a regression.

    Args:
        metric: of the series.
        limits: what the policy says of it.
        reached: whether it is as large as its limit.
        accepted: what lets it pass all the same.
    """
    if limits.threshold is None:
        return f"nothing blocks this series ({unblocked(metric, limits.rule)})"
    where = f"{_where(metric, limits)} ({limits.rule})"
    if reached:
        return f"it {'would block' if accepted else 'blocks'} from {where}"
    return f"below the limit of {where}" + ("" if accepted else ", so it warns")


def _where(metric: Metric, limits: Limits) -> str:
    """Return the limit, with what must be reached beside it: `5 % and 2 ms`."""
    threshold = written(metric, limits.threshold or 0.0)
    if not limits.at_least:
        return threshold
    least = limits.at_least
    if metric.absolute:
        return f"{threshold} and {difference(metric, least)}"
    return f"{threshold} and {scale_for(metric.unit, least).text(least)}"


def unblocked(metric: Metric, rule: str) -> str:
    """Say why nothing blocks a series: the rule as it stands, or that `fail_on` is none for it.

    Args:
        metric: of the series.
        rule: where its limit would come from, as in `Limits`.
    """
    if metric.absolute and rule.startswith("fail_on: ") and rule != "fail_on: none":
        return "fail_on goes by per cent, which mean nothing here: only a rule blocks it"
    return rule


def accepted(found: Accepted) -> str:
    """Say by what a regression is let pass."""
    bounds = [f"until {found.until}"] if found.until else []
    bounds += [f"up to {limit(found.up_to)}"] if found.up_to is not None else []
    held = f" {' and '.join(bounds)}" if bounds else ""
    return f"It is accepted{held}: {found.reason} ({found.source})."


_LAPSED = ". Its acceptance ("


def lapsed(finding: Finding) -> str:
    """Return what is said of an acceptance that names a regression and does not hold; or nothing.

    Returns:
        `Its acceptance (safer parser; perfci.yml, line 9) holds up to 15 %.`
    """
    _, found, rest = finding.reason.rpartition(_LAPSED)
    if not found or finding.outcome is not Outcome.REGRESSED or finding.accepted:
        return ""
    return f"{_LAPSED.removeprefix('. ')}{rest}"


def over_budget(comparison: Comparison, limits: Limits, *, accepted: bool) -> str:
    """Say that head's value breaks its budget.

    Args:
        comparison: of the series.
        limits: what the policy says of it.
        accepted: whether its regression is let pass: no acceptance lifts a budget.
    """
    head = comparison.head
    if head is None or limits.budget is None:
        return ""
    scale = scale_for(comparison.metric.unit, head.point, limits.budget)
    value, budget = scale.text(head.point), scale.text(limits.budget)
    word = "above" if comparison.metric.sign > 0 else "below"
    if accepted:
        follows = "blocks" if limits.budget_blocks else "warns"
        return f"That does not lift its budget of {budget}: {value} is {word} it, which {follows}."
    return f"{value} is {word} the budget of {budget}."
