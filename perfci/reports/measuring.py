"""How it was measured: against what, on which machine, with how many launches, in what time."""

from collections.abc import Iterable
from typing import assert_never

from perfci.model.evaluation import Evaluation
from perfci.model.revision import Mode
from perfci.model.run import Environment
from perfci.model.verdict import Finding
from perfci.reports.text import clean
from perfci.reports.words import count
from perfci.stats.points import runs_compared
from perfci.units import duration


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
    cores = count(environment.cores, "core") if environment.cores else ""
    parts = (clean(environment.cpu), cores, clean(environment.kernel) if kernel else "")
    return ", ".join(filter(None, parts))


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
        case Mode.PAIRED if head_alone(evaluation):
            return "base could not be measured, only head" + (f", on {where}" if where else "")
        case Mode.PAIRED if evaluation.recording.parts:
            shards = count(len(evaluation.recording.parts), "shard")
            return f"interleaved, each benchmark on one machine, in {shards}"
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


def head_alone(evaluation: Evaluation) -> bool:
    """Tell whether base should have been measured beside head, and nothing of it was."""
    if evaluation.recording.mode is not Mode.PAIRED:
        return False
    items = [found.comparison for found in evaluation.verdict.findings]
    beside = any(item.paired and item.base for item in items)
    return not beside and any(item.head for item in items)


def pooled(evaluation: Evaluation) -> str:
    """Say whose launches are among these; empty where all were measured in this run."""
    runs = len(evaluation.recording.earlier)
    if not runs:
        return ""
    return f"with the launches of {count(runs, 'earlier run')} of these commits"


ANEW = "--seed N"
"""What measures anew where earlier launches would be taken in."""


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
    recording = evaluation.recording
    if recording.mode is Mode.FILES or recording.elapsed <= 0:
        return ""
    # most of the launches, or all, may be those of earlier runs
    return duration(recording.elapsed) + (" this time" if recording.earlier else "")
