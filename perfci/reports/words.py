"""Sentences that several reports share: what came out, what would have been seen, what was done."""

from collections.abc import Iterable, Sequence
from typing import assert_never

from perfci.gate.sentences import more_time
from perfci.model.comparison import Comparison, Outcome
from perfci.model.evaluation import Evaluation
from perfci.model.revision import Mode
from perfci.model.run import Environment
from perfci.model.verdict import Accepted, Finding, Status
from perfci.reports.figures import at_most, size
from perfci.reports.text import clean, message
from perfci.stats.points import runs_compared
from perfci.units import duration

CHANGED = (Outcome.REGRESSED, Outcome.IMPROVED)
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
            blocking = tuple(found for found in regressed if found.blocking)
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
    largest: dict[str, tuple[float, Comparison]] = {}
    for found in findings:
        item = found.comparison
        kind = item.metric.unit if item.metric.absolute else "%"
        if kind not in largest or item.sensitivity > largest[kind][0]:
            largest[kind] = (item.sensitivity, item)
    return " or ".join(size(item.metric, value) for value, item in largest.values())


def would_show(found: Finding) -> str:
    """Say what an inconclusive series would have shown, and what would decide it."""
    item = found.comparison
    parts = []
    hopeless = item.explanation and item.needed is None
    if item.detectable is not None and not hopeless:
        parts.append(f"a change above {at_most(item.metric, item.detectable)} would show")
    if item.needed:
        parts.append(f"about {item.needed} launches{more_time(item)} would decide")
    if item.explanation:
        parts.append(message(item.explanation))
    return ", ".join(parts)


def below_limit(found: Finding) -> str:
    """Say why a regression does not block; empty where it does."""
    if found.blocking or found.outcome is not Outcome.REGRESSED:
        return ""
    if found.accepted:
        return f"accepted: {accepted(found.accepted)}"
    if found.limit is None:
        return "nothing blocks it"
    return f"below the limit of {size(found.comparison.metric, found.limit)}"


def accepted(item: Accepted) -> str:
    """Say why a regression is let pass: `safer parser (perfci.yml, line 9, until 2026-12-31)`."""
    where = clean(item.source) + (f", until {clean(item.until)}" if item.until else "")
    return f"{message(item.reason)} ({where})"


def against(evaluation: Evaluation) -> str:
    """Return what head was compared with: a revision, or runs of a branch; may be empty."""
    recording = evaluation.recording
    match recording.mode:
        case Mode.PAIRED | Mode.FILES:
            return clean(str(recording.base)) if recording.base else "base"
        case Mode.HISTORY:
            branch = clean(recording.compared or recording.run.branch) or "this branch"
            if evaluation.history is None:
                return f"earlier runs of {branch}"
            fingerprint = recording.run.environment.fingerprint
            runs = runs_compared(evaluation.history, fingerprint, without=recording.run.id)
            return f"{count(runs, 'run')} of {branch}"
        case Mode.RECORD:
            return ""
        case _ as never:
            assert_never(never)


def machine(environment: Environment, *, kernel: bool = True) -> str:
    """Return the machine in a few words; empty for results of unknown origin."""
    if not environment.cpu:
        return ""
    text = f"{clean(environment.cpu)}, {count(environment.cores, 'core')}"
    return f"{text}, {clean(environment.kernel)}" if kernel and environment.kernel else text


def place(evaluation: Evaluation, *, kernel: bool = True) -> str:
    """Return the machine that the numbers come from; empty where that is not one machine."""
    recording = evaluation.recording
    here = recording.run.environment
    there = recording.base_run.environment if recording.base_run else None
    if recording.mode is Mode.FILES and (there is None or there.fingerprint != here.fingerprint):
        return ""
    return machine(here, kernel=kernel)


def how(evaluation: Evaluation) -> str:
    """Say how the two sides met: `interleaved on one machine (AMD EPYC 7763, 2 cores)`."""
    where = place(evaluation, kernel=False)
    match evaluation.recording.mode:
        case Mode.PAIRED:
            return f"interleaved on one machine ({where})" if where else "interleaved"
        case Mode.HISTORY:
            return f"on an equal machine ({where})" if where else ""
        case Mode.FILES:
            return "two files as they are"
        case Mode.RECORD:
            return f"on {where}" if where else ""
        case _ as never:
            assert_never(never)


def launches(findings: Iterable[Finding]) -> str:
    """Return how many launches stand behind the answers: `4 to 22 launches each`."""
    numbers = [item.comparison.launches for item in findings if item.comparison.launches]
    if not numbers:
        return ""
    low, high = min(numbers), max(numbers)
    spread = count(low, "launch", "launches") if low == high else f"{low} to {high} launches"
    return f"{spread} each" if len(numbers) > 1 else spread


def elapsed(evaluation: Evaluation) -> str:
    """Return how long the measuring took; empty where nothing was measured for this answer."""
    seconds = evaluation.recording.elapsed
    measured = evaluation.recording.mode is not Mode.FILES
    return duration(seconds) if measured and seconds > 0 else ""
