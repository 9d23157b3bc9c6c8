"""Sentences that several reports share: what came out, what would have been seen, what was done."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import assert_never

from perfci.gate.consequences import lapsed
from perfci.gate.sentences import would_decide
from perfci.model.comparison import Comparison, Outcome
from perfci.model.evaluation import Evaluation
from perfci.model.text import printable
from perfci.model.verdict import Accepted, Finding, Status
from perfci.reports.figures import at_most, size
from perfci.reports.text import clean, message
from perfci.stats.terms import terms_of

CHANGED = (Outcome.REGRESSED, Outcome.IMPROVED)
UNKEPT = "The run is not kept as a baseline"
DOUBTFUL = (Outcome.FAILED, Outcome.INCONCLUSIVE, Outcome.MISSING)


def of(evaluation: Evaluation, *outcomes: Outcome) -> tuple[Finding, ...]:
    """Return the findings with these outcomes, in the verdict's order."""
    return tuple(found for found in evaluation.verdict.findings if found.outcome in outcomes)


def changed(evaluation: Evaluation) -> tuple[Finding, ...]:
    """Return what got worse, better, or is beyond its budget."""
    findings = evaluation.verdict.findings
    return tuple(found for found in findings if found.outcome in CHANGED or found.over_budget)


def quiet(evaluation: Evaluation) -> tuple[Finding, ...]:
    """Return what is unchanged and within its budget: no report shows it one by one first."""
    found = of(evaluation, Outcome.UNCHANGED)
    return tuple(item for item in found if not item.over_budget)


def unchanged(evaluation: Evaluation) -> str:
    """Return what the quiet findings prove: `any slowdown above 5 % ...`."""
    found = quiet(evaluation)
    if not found:
        return ""
    what = "slowdown" if direction(found, worse=True) == "slower" else "worsening"
    return f"any {what} above {seen(found)} would have been seen."


def first_run(evaluation: Evaluation) -> bool:
    """Tell whether there was nothing to compare with: everything is new."""
    findings = evaluation.verdict.findings
    return bool(findings) and all(found.outcome is Outcome.NEW for found in findings)


def nothing_moved(evaluation: Evaluation) -> bool:
    """Tell whether the gate passed and every series is unchanged."""
    findings = evaluation.verdict.findings
    if evaluation.verdict.status is not Status.PASS:
        return False
    return all(item.outcome is Outcome.UNCHANGED and not item.over_budget for item in findings)


def count(number: int, one: str, many: str = "") -> str:
    """Return `1 benchmark`, `2,000 benchmarks`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def benchmarks(findings: Iterable[Finding]) -> str:
    """Return how many benchmarks the findings are of, and series where those are more."""
    keys = [found.comparison.id for found in findings]
    different = len(set(keys))
    if different == len(keys):
        return count(different, "benchmark")
    return f"{count(len(keys), 'series', 'series')} of {count(different, 'benchmark')}"


def unkept(evaluation: Evaluation) -> tuple[str, ...]:
    """Return why the run is no baseline and what records it later, where somebody has to know."""
    found = evaluation.unkept
    if found is None:
        return ()
    later = f"; record it later: {found.command}" if found.command else ""
    return (f"{UNKEPT}: {message(found.why)}{printable(later)}",)


def direction(findings: Sequence[Finding], *, worse: bool) -> str:
    """Return `slower` where all findings are times, else `worse`; and their opposites."""
    if findings and all(found.comparison.metric.unit == "s" for found in findings):
        return "slower" if worse else "faster"
    return "worse" if worse else "better"


def headline(evaluation: Evaluation) -> str:
    """Return the verdict in one short line, without a full stop; names in it are harmless."""
    verdict = evaluation.verdict
    regressed = of(evaluation, Outcome.REGRESSED)
    match verdict.status:
        case Status.ERROR:
            return message(verdict.message)
        case Status.FAIL:
            blocking = tuple(it for it in regressed if it.blocking and not it.accepted)
            others = [found for found in verdict.findings if found.blocking and found.over_budget]
            if not blocking:
                return message(verdict.message)
            text = _got(blocking, worse=True)
            return f"{text}, {count(len(others), 'budget')} exceeded" if others else text
        case Status.WARN:
            if regressed and all(found.accepted for found in regressed):
                return f"{_got(regressed, worse=True)}, which is accepted"
            if regressed:
                return f"{_got(regressed, worse=True)}, which does not fail the gate"
            return f"no regression proven, {message(verdict.message)}"
        case Status.PASS:
            return _quiet(evaluation)
        case _ as never:
            assert_never(never)


def _got(findings: Sequence[Finding], *, worse: bool) -> str:
    number = len({found.comparison.id for found in findings})
    return f"{count(number, 'benchmark')} got {direction(findings, worse=worse)}"


def _quiet(evaluation: Evaluation) -> str:
    findings = evaluation.verdict.findings
    if first_run(evaluation):
        done = "recorded" if evaluation.recorded else "measured, nothing to compare with yet"
        return f"{benchmarks(findings)} {done}"
    improved = of(evaluation, Outcome.IMPROVED)
    if improved:
        return f"{_got(improved, worse=False)}, none {direction(improved, worse=True)}"
    compared = [found for found in findings if found.outcome is not Outcome.NEW]
    return f"no regression in {benchmarks(compared)}"


def consequence(evaluation: Evaluation) -> str:
    """Say which limit the worst blocking finding reached; empty where none fails the gate."""
    if evaluation.verdict.status is not Status.FAIL:
        return ""
    for found in evaluation.verdict.findings:
        if found.blocking and found.limit is not None and found.outcome is Outcome.REGRESSED:
            if found.rule.startswith("fail_on: "):
                return f"the gate fails on {clean(found.rule.removeprefix('fail_on: '))} and above"
            limit = size(found.comparison.metric, found.limit)
            return f"the gate fails from {limit} ({clean(found.rule)})"
    return ""


def seen(findings: Sequence[Finding]) -> str:
    """Return what would have been seen in every one of these: `5 %`, `5 % or 1 point`."""
    return _largest(findings, lambda item: item.sensitivity)


def seen_apart(findings: Sequence[Finding]) -> str:
    """Return what shows in runs that are not measured side by side: `10 %`."""

    def limit(item: Comparison) -> float:
        terms = terms_of(item.metric, item.sensitivity)
        return round(terms.size(terms.apart), 12)

    return _largest(findings, limit)


def _largest(findings: Sequence[Finding], size_of: Callable[[Comparison], float]) -> str:
    """Return the largest of each kind of metric."""
    largest: dict[str, tuple[float, Comparison]] = {}
    for found in findings:
        item = found.comparison
        kind, value = item.metric.unit if item.metric.absolute else "%", size_of(item)
        if kind not in largest or value > largest[kind][0]:
            largest[kind] = (value, item)
    return " or ".join(size(item.metric, value) for value, item in largest.values())


_BROKEN = "base cannot run it"
"""Where base cannot be measured, the explanation begins so."""


def would_show_each(findings: Iterable[Finding]) -> Iterator[str]:
    """Say it of several: why base cannot run them is told in full of the first alone."""
    brief = False
    for found in findings:
        yield would_show(found, brief=brief)
        brief = brief or found.comparison.explanation.startswith(_BROKEN)


def would_show(found: Finding, *, brief: bool = False) -> str:
    """Say what an inconclusive series would have shown, and what would decide it.

    Args:
        found: the finding.
        brief: whether to leave out why base cannot run it: that is told elsewhere.
    """
    item = found.comparison
    broken = brief and item.explanation.startswith(_BROKEN)
    parts = []
    hopeless = item.explanation and item.needed is None
    if item.detectable is not None and not hopeless:
        parts.append(f"a change above {at_most(item.metric, item.detectable)} would show")
    parts += [would_decide(item), _BROKEN if broken else message(item.explanation)]
    return ", ".join(part for part in parts if part)


def below_limit(found: Finding) -> str:
    """Say why a regression does not block, or would not by itself; empty where it does."""
    if found.accepted:
        return f"accepted: {let_pass(found, found.accepted)}"
    if found.blocking or found.outcome is not Outcome.REGRESSED:
        return ""
    if found.limit is None:
        return "nothing blocks it"
    return f"below the limit of {size(found.comparison.metric, found.limit)}"


def unaccepted(evaluation: Evaluation) -> tuple[str, ...]:
    """Return why acceptances that name what fails the gate do not hold, each once."""
    blocking = (found for found in of(evaluation, Outcome.REGRESSED) if found.blocking)
    texts = (message(lapsed(found)) for found in blocking)
    return tuple(dict.fromkeys(text for text in texts if text))


def let_pass(found: Finding, item: Accepted) -> str:
    """Say why a regression is let pass, and that its budget is not, where it is exceeded."""
    return accepted(item) + (", which does not lift its budget" if found.over_budget else "")


def accepted(item: Accepted) -> str:
    """Say why a regression is let pass: `safer parser (perfci.yml, line 9, until 2026-12-31)`."""
    where = clean(item.source) + (f", until {clean(item.until)}" if item.until else "")
    return f"{message(item.reason)} ({where})"
