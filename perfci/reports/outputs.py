"""Named values for later steps of the pipeline."""

from perfci.model.comparison import Outcome
from perfci.model.emission import Emission, Output
from perfci.model.evaluation import Evaluation
from perfci.model.verdict import Severity


class OutputReporter:
    """Says the verdict, its counts, and where the files lie."""

    def __init__(self, folder: str, *, html: bool) -> None:
        """Take the output folder as the user named it, and whether a page is written there."""
        self._folder = folder
        self._html = html

    def render(self, evaluation: Evaluation) -> tuple[Emission, ...]:
        """Return the outputs that action.yml promises, in its order."""
        verdict = evaluation.verdict
        critical = sum(found.severity is Severity.CRITICAL for found in verdict.findings)
        return (
            Output(name="verdict", value=verdict.status.value),
            Output(name="exit-code", value=str(int(verdict.exit_code))),
            Output(name="regressions", value=str(verdict.counts.get(Outcome.REGRESSED, 0))),
            Output(name="critical", value=str(critical)),
            Output(name="report-path", value=f"{self._folder}/report.html" if self._html else ""),
            Output(name="result-path", value=f"{self._folder}/result.json"),
        )
