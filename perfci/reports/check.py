"""The gate's state at a commit: what its check says before measuring and after."""

from typing import assert_never

from perfci.model.emission import Check, Conclusion, Emission
from perfci.model.evaluation import Evaluation
from perfci.model.verdict import Status
from perfci.reports import words
from perfci.reports.annotations import unshown
from perfci.reports.comment import compose
from perfci.reports.definitions import Definitions
from perfci.reports.text import clean

_LONGEST = 30_000
"""Characters of the page, as UTF-16 counts them: up to twice as many bytes, and GitHub may count
either."""
_MOST = 200
"""Annotations beside those of the job: whoever has more reads the report."""


class CheckReporter:
    """Says what the gate decided.

    Args:
        definitions: where the benchmarks are defined.
    """

    def __init__(self, definitions: Definitions | None = None) -> None:
        self._definitions = definitions or Definitions()

    def render(self, evaluation: Evaluation) -> tuple[Emission, ...]:
        """Return the check, closed.

        It has those annotations that the job itself has no room for: both stand beside the same
        lines, and nobody wants to read a thing twice.
        """
        project, repository = evaluation.recording.project, evaluation.context.repository
        # the marker is for the comment alone
        summary = compose(evaluation, longest=_LONGEST).partition("\n")[2]
        check = Check(
            name=name_of(project, repository),
            conclusion=conclusion_of(evaluation.verdict.status),
            title=words.headline(evaluation),
            summary=summary,
            annotations=unshown(evaluation, self._definitions)[:_MOST],
        )
        return (check,)


def conclusion_of(status: Status) -> Conclusion:
    """Return what a check comes to.

    A warning is neutral: whoever requires the check may merge, and the grey square says that not
    everything was shown to be well. An error is a failure: what is required and did not happen
    must not let anything pass.
    """
    match status:
        case Status.PASS:
            return Conclusion.SUCCESS
        case Status.WARN:
            return Conclusion.NEUTRAL
        case Status.FAIL | Status.ERROR:
            return Conclusion.FAILURE
        case _ as never:
            assert_never(never)


def name_of(project: str, repository: str) -> str:
    """Return the check's name, the same for every run: branch protection asks for it by name.

    Args:
        project: the name under which baselines are kept.
        repository: `owner/name`.
    """
    ours = {"", repository, repository.rpartition("/")[2]}
    return "perfci" if project in ours else f"perfci ({clean(project, 80)})"


def opened(project: str, repository: str) -> Check:
    """Return the check as it stands while the gate measures."""
    return Check(
        name=name_of(project, repository),
        conclusion=None,
        title="Measuring",
        summary="The benchmarks are being measured.",
    )
