"""How a reader accepts what got worse: the line to copy, where there is one."""

import shlex

from perfci.model.comparison import Outcome
from perfci.model.evaluation import Evaluation
from perfci.model.revision import Mode
from perfci.model.verdict import Status
from perfci.reports.text import NAME, clean

_NAMED = 3
_USUAL = "file:.perfci"
_REASON = '--reason "..."'


def accept_command(evaluation: Evaluation) -> str:
    """Return the command that makes the regressed runs of a branch its baseline.

    Returns:
        `perfci baseline accept codec/parse --reason "..."`; empty where it would find nothing, as
        the run was not kept, or where a name is too odd to be copied.
    """
    if evaluation.recording.mode is not Mode.HISTORY or not evaluation.recorded:
        return ""
    globs = _globs(evaluation)
    # a workflow names its store by itself: on somebody's own machine it is another
    store = evaluation.recorded.partition("/v1/")[0]
    named = "" if store in {"", _USUAL} else f" --store {shlex.quote(store)}"
    return _copied(f"perfci baseline accept {shlex.join(globs)}{named} {_REASON}") if globs else ""


def accept_trailer(evaluation: Evaluation) -> str:
    """Return the line of a commit's message that accepts the worst regression.

    Returns:
        `Perf-Accept: codec/parse because ...`; empty where two files were compared, or where it
        would not be followed: a fork cannot accept its own regressions.
    """
    if evaluation.recording.mode is Mode.FILES or evaluation.context.is_fork:
        return ""
    globs = _globs(evaluation)
    return _copied(f"Perf-Accept: {globs[0]} because ...") if globs else ""


def _globs(evaluation: Evaluation) -> tuple[str, ...]:
    """Return globs of the worst benchmarks that regressed and fail the gate, worst first."""
    if evaluation.verdict.status is not Status.FAIL:
        return ()
    names = [
        f"{found.comparison.id.suite}/{found.comparison.id.name}"
        for found in evaluation.verdict.findings
        if found.outcome is Outcome.REGRESSED and found.blocking and not found.accepted
    ]
    # a colon would make the rest of the glob a metric
    globs = (f"{name}:*" if ":" in name else name for name in names)
    return tuple(dict.fromkeys(globs))[:_NAMED]


def _copied(line: str) -> str:
    """Return a line that survives being shown, else nothing."""
    return line if clean(line) == line and len(line) <= NAME else ""
