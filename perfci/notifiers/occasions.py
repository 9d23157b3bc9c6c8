"""When a chat is told: by the verdict, and by what the last run of the branch came to."""

from enum import StrEnum
from typing import assert_never

from perfci.model.evaluation import Evaluation
from perfci.model.verdict import Status

_RED = frozenset({Status.FAIL, Status.ERROR})


class Occasion(StrEnum):
    """What a message is sent for."""

    FAIL = "fail"
    """Every run that ends the job red: the gate failed, or could not do its work."""
    CHANGE = "change"
    """The first red run of a branch, and the first that is none again. Where there is no earlier
    run to hold it against (a pull request, a first run), as `fail`."""
    ALWAYS = "always"
    NEVER = "never"


def wanted(evaluation: Evaluation, on: Occasion) -> bool:
    """Tell whether this is such an occasion."""
    match on:
        case Occasion.CHANGE if before(evaluation):
            return turned(evaluation)
        case Occasion.FAIL | Occasion.CHANGE:
            return evaluation.verdict.status in _RED
        case Occasion.ALWAYS:
            return True
        case Occasion.NEVER:
            return False
        case _ as never:
            assert_never(never)


def before(evaluation: Evaluation) -> Status | None:
    """Return what the last stored run of the same branch came to; None where that is unknown."""
    history, run = evaluation.history, evaluation.recording.run
    if history is None or evaluation.context.is_pull_request or history.branch != run.branch:
        return None
    verdicts = [each.verdict for each in history.runs if each.id != run.id]
    return Status(verdicts[-1]) if verdicts and verdicts[-1] in set(Status) else None


def turned(evaluation: Evaluation) -> bool:
    """Tell whether the branch turned red, or is red no more."""
    last = before(evaluation)
    return last is not None and (last in _RED) != (evaluation.verdict.status in _RED)
