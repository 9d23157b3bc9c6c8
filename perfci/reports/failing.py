"""What is said of benchmarks that failed, and what to do about them."""

from perfci.model.comparison import Outcome
from perfci.model.evaluation import Evaluation
from perfci.model.verdict import Finding
from perfci.reports import words
from perfci.reports.text import message

_TIME = "measure.max_time"
"""Named by a failure for which the run had no time left."""


def what_failed(found: Finding) -> str:
    """Return what stands behind a failed benchmark's name.

    Returns:
        ` was not measured: ...`, `: prepare exited with 3`, or ` failed: ...` where the cause does
        not begin with the name itself.
    """
    name, why = str(found.comparison.id), found.comparison.explanation
    rest = why.removeprefix(name)
    if rest == why or rest[:1] not in {" ", ":"}:
        return f" failed: {message(why) or 'it did not yield a measurement'}"
    return f": {message(rest[1:])}" if rest.startswith(":") else f" {message(rest)}"


def next_step(evaluation: Evaluation) -> str:
    """Return what to do so that everything is measured, without a full stop."""
    failed = words.of(evaluation, Outcome.FAILED)
    if not failed:
        return "See that it is measured"
    if all(_TIME in found.comparison.explanation for found in failed):
        return f"Raise {_TIME}, or measure fewer at a time"
    return "Mend what failed"
