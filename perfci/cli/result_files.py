"""Stored results that were named on the command line."""

from dataclasses import replace
from pathlib import Path

from perfci.cli.files import out_of_range, read_bytes
from perfci.model.evaluation import Evaluation
from perfci.schema import result, run

RESULT, RUN = "result.json", "run.json"


def path_of(named: str) -> Path:
    """Return the file that is meant, where a folder is named: its result, or its run alone."""
    given = Path(named)
    try:
        if not given.is_dir():
            return given
        run_alone = (given / RUN).is_file() and not (given / RESULT).exists()
        return given / (RUN if run_alone else RESULT)
    except OSError:  # too long a name: whoever reads the file says so
        return given


def read_result(named: str) -> Evaluation:
    """Read a stored result, with the launches that lie beside it.

    Raises:
        FormatError: it is not there, damaged, foreign, or of a newer perfci.
    """
    path = path_of(named)
    with out_of_range(str(path)):
        return _with_launches(result.load(read_bytes(str(path)), str(path)), path)


def _with_launches(evaluation: Evaluation, path: Path) -> Evaluation:
    """Add the raw launches from the `run.json` beside the result, where it is of the same run."""
    beside = path.parent / RUN
    if not beside.is_file():
        return evaluation
    recording = run.load(read_bytes(str(beside)), str(beside))
    if recording.run.id != evaluation.recording.run.id:
        return evaluation
    return replace(evaluation, recording=recording)
