"""The files that programs read: result.json and run.json."""

from perfci.model.emission import Emission, File
from perfci.model.evaluation import Evaluation
from perfci.model.run import Recording
from perfci.schema import result, run


def run_file(recording: Recording) -> File:
    """Return `run.json`: all that was measured.

    Raises:
        FormatError: a value is not finite.
    """
    return File(path="run.json", content=run.dump(recording))


class ResultReporter:
    """Writes what came out, and the raw launches where they are at hand."""

    def render(self, evaluation: Evaluation) -> tuple[Emission, ...]:
        """Return `result.json`, and `run.json` if there are measurements."""
        found = File(path="result.json", content=result.dump(evaluation))
        if not evaluation.recording.run.measurements:
            return (found,)
        return (found, run_file(evaluation.recording))
