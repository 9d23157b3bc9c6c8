"""Policy over comparisons: the one place where a verdict is made."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from perfci.gate import consequences, sentences
from perfci.gate.accept import acceptance_of
from perfci.gate.limits import Limits, beyond_budget, limits_of, reaches, severity_of
from perfci.gate.match import matches
from perfci.gate.nearest_key import nearest_key
from perfci.gate.policy import OnInconclusive, OnMissingBaseline, Policy
from perfci.model.comparison import Comparison, Outcome
from perfci.model.verdict import Finding, Severity, Status, Verdict

_ORDER = (
    Outcome.REGRESSED,
    Outcome.FAILED,
    Outcome.MISSING,
    Outcome.INCONCLUSIVE,
    Outcome.IMPROVED,
    Outcome.NEW,
    Outcome.UNCHANGED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reason:
    status: Status
    text: str


def judge(comparisons: Sequence[Comparison], policy: Policy, *, against: str) -> Verdict:
    """Decide over a suite.

    Args:
        comparisons: one per gated series; knows no policy.
        policy: the gate's rules.
        against: what head was compared with, in words for the sentences.

    Returns:
        The verdict; its findings worst first. Nothing measured at all is an error, never a pass.
    """
    limits = [limits_of(policy, item.key, item.metric) for item in comparisons]
    found = (_find(*each, policy, against) for each in zip(comparisons, limits, strict=True))
    findings = sorted(found, key=_rank)
    misfits = [each.misfit for each in limits if each.misfit]
    reasons = [*_unfit(misfits), *_reasons(findings, policy)]
    worst = max(reasons, key=lambda item: list(Status).index(item.status), default=None)
    if worst is None:
        return Verdict(status=Status.PASS, findings=tuple(findings), message=_quiet(findings))
    told = [item.text for item in reasons if item.status is worst.status]
    return Verdict(status=worst.status, findings=tuple(findings), message="; ".join(told))


def _find(comparison: Comparison, limits: Limits, policy: Policy, against: str) -> Finding:
    against = comparison.beside or against
    regressed = comparison.outcome is Outcome.REGRESSED
    over = beyond_budget(comparison, limits) and comparison.outcome is not Outcome.FAILED
    accepted, fault = (
        acceptance_of(comparison, policy.accept, policy.today) if regressed else (None, "")
    )
    reached = regressed and reaches(comparison, limits)
    slower = reached and accepted is None
    text = sentences.reason(comparison, limits, against=against, reached=reached, accepted=accepted)
    if accepted:
        text += " " + consequences.accepted(accepted)
    elif fault:
        text += f" {fault[:1].upper()}{fault[1:]}."
    if over:
        text += " " + consequences.over_budget(comparison, limits, accepted=accepted is not None)
    return Finding(
        comparison=comparison,
        severity=severity_of(comparison, policy) if regressed else None,
        blocking=slower or (over and limits.budget_blocks),
        over_budget=over,
        rule=limits.rule,
        limit=limits.threshold,
        accepted=accepted,
        budget=limits.budget,
        reason=text,
    )


def _rank(finding: Finding) -> tuple[bool, bool, int, float]:
    worsening = finding.comparison.worsening or 0.0
    return (
        not finding.blocking,
        not finding.over_budget,
        _ORDER.index(finding.outcome),
        -abs(worsening),
    )


def _unfit(misfits: Sequence[str]) -> Iterable[_Reason]:
    """Tell of limits that could not be held against their series: nothing is known to keep them."""
    if misfits:
        more = f" (and so is it with {len(misfits) - 1} more)" if len(misfits) > 1 else ""
        yield _Reason(status=Status.ERROR, text=f"{misfits[0]}; narrow the rule{more}")


def _reasons(findings: Sequence[Finding], policy: Policy) -> Iterable[_Reason]:
    yield from _errors(findings, policy)
    yield from _failures(findings, policy)
    yield from _warnings(findings, policy)


def _errors(findings: Sequence[Finding], policy: Policy) -> Iterable[_Reason]:
    failed = {str(item.comparison.id) for item in findings if item.outcome is Outcome.FAILED}
    if failed:
        text = f"{_count(len(failed), 'benchmark')} failed: {_names(failed)}"
        yield _Reason(status=Status.ERROR, text=text)
    measured = [item for item in findings if item.outcome is not Outcome.MISSING]
    known = [item.key for item in measured] if policy.expect else []
    absent = [glob for glob in policy.expect if not any(matches(glob, key) for key in known)]
    if absent:
        near = nearest_key(absent[0], known, alike=0.75) if len(absent) == 1 else ""
        text = f"expected, but not measured: {_names(absent)}{near}"
        yield _Reason(status=Status.ERROR, text=text)
    elif not measured:
        yield _Reason(status=Status.ERROR, text="nothing was measured")


def _failures(findings: Sequence[Finding], policy: Policy) -> Iterable[_Reason]:
    regressed = [item for item in findings if item.outcome is Outcome.REGRESSED]
    blocking = [item for item in regressed if item.blocking and _slower(item, policy)]
    budgets = [item for item in findings if item.blocking and item.over_budget]
    if blocking:
        text = f"{_count(len(blocking), 'regression')}{_bands(blocking)}"
        yield _Reason(status=Status.FAIL, text=text)
    if budgets:
        text = f"{_count(len(budgets), 'budget')} exceeded: {_names(i.key for i in budgets)}"
        yield _Reason(status=Status.FAIL, text=text)
    most = policy.max_regressions
    counted = sum(item.accepted is None for item in regressed)
    if most is not None and counted > most:
        text = f"{_count(counted, 'regression')}, and max_regressions is {most}"
        yield _Reason(status=Status.FAIL, text=text)
    unclear = _of(findings, Outcome.INCONCLUSIVE)
    if unclear and policy.on_inconclusive is OnInconclusive.FAIL:
        text = f"{len(unclear)} inconclusive, and on_inconclusive is fail"
        yield _Reason(status=Status.FAIL, text=text)
    new = _of(findings, Outcome.NEW)
    if new and policy.on_missing_baseline is OnMissingBaseline.FAIL:
        text = f"no baseline for {_names(i.key for i in new)}, and on_missing_baseline is fail"
        yield _Reason(status=Status.FAIL, text=text)


def _slower(finding: Finding, policy: Policy) -> bool:
    """Tell whether a regression blocks by its own size, and not only by its budget."""
    limits = limits_of(policy, finding.key, finding.comparison.metric)
    return finding.accepted is None and reaches(finding.comparison, limits)


def _warnings(findings: Sequence[Finding], policy: Policy) -> Iterable[_Reason]:
    regressed = _of(findings, Outcome.REGRESSED)
    accepted = [item for item in regressed if item.accepted]
    if accepted:
        text = f"{_count(len(accepted), 'regression')} accepted"
        yield _Reason(status=Status.WARN, text=text)
    told = [item for item in regressed if not item.blocking and not item.accepted]
    if told:
        yield _Reason(status=Status.WARN, text=_unblocked(told))
    budgets = [item for item in findings if item.over_budget and not item.blocking]
    if budgets:
        text = f"{_count(len(budgets), 'budget')} exceeded (warning)"
        yield _Reason(status=Status.WARN, text=text)
    unclear = _of(findings, Outcome.INCONCLUSIVE)
    if unclear and policy.on_inconclusive is OnInconclusive.WARN:
        yield _Reason(status=Status.WARN, text=f"{len(unclear)} inconclusive")
    missing = _of(findings, Outcome.MISSING)
    if missing:
        text = f"{len(missing)} no longer measured: {_names(item.key for item in missing)}"
        yield _Reason(status=Status.WARN, text=text)


def _unblocked(told: Sequence[Finding]) -> str:
    below, free = sum(item.limit is not None for item in told), "that nothing blocks"
    if not below:
        return f"{_count(len(told), 'regression')} {free}"
    more = f", and {len(told) - below} {free}" if below < len(told) else ""
    return f"{_count(below, 'regression')} below the limit{more}"


def _quiet(findings: Sequence[Finding]) -> str:
    new = len(_of(findings, Outcome.NEW))
    improved = len(_of(findings, Outcome.IMPROVED))
    if new == len(findings):
        return f"recorded {_count(new, 'series', 'series')}"
    text = f"no regression in {_count(len(findings) - new, 'series', 'series')}"
    if improved:
        text += f", {improved} improved"
    return text + (f", {new} new" if new else "")


def _of(findings: Sequence[Finding], outcome: Outcome) -> list[Finding]:
    return [item for item in findings if item.outcome is outcome]


def _bands(blocking: Sequence[Finding]) -> str:
    bands = [item.severity for item in blocking if item.severity]
    counts = [(band, bands.count(band)) for band in reversed(Severity) if band in bands]
    if not counts:
        return ""
    if len(counts) == 1:
        return f" ({counts[0][0]})"
    return " (" + ", ".join(f"{count} {band}" for band, count in counts) + ")"


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _names(names: Iterable[str]) -> str:
    every = sorted(set(names))
    shown = ", ".join(every[:3])
    return shown if len(every) <= 3 else f"{shown} and {len(every) - 3} more"
