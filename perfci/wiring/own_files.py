"""Which files of an output folder are perfci's own: whatever else lies there is the user's."""

import re
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from perfci.errors import PerfciError
from perfci.platforms.single_file import is_one_of
from perfci.schema.packed import beginning

RUN = "run.json"
"""What was measured."""
CHARTS = "charts"
"""The folder of pictures."""
RESULT = "result.json"
_BESIDE = (
    *("report.html", "comment.md", "performance_results.xml"),
    *("metrics.txt", "codequality.json"),
)
_CHART = re.compile(r"[A-Za-z0-9-]*-[0-9a-f]{8}\.(?:svg|png)")
"""As reports name their pictures."""
_BEGINNING = re.compile(rb'\s*\{\s*"schema"\s*:\s*"perfci\.(?:run|result)/')
_HEAD = 4096


def is_own(path: Path) -> bool:
    """Tell whether a file holds a run or a result of perfci, by how it begins."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return _BEGINNING.match(beginning(file.read(_HEAD))) is not None
    except OSError:
        return False


def answers_in(folder: Path) -> tuple[Path, ...]:
    """Return what an earlier run has said there of what it measured, beside the run itself.

    Without a result of perfci all files are somebody else's, however they are called: a run alone
    has not been answered yet.

    Raises:
        OSError: the folder cannot be looked into.
    """
    result, charts = folder / RESULT, folder / CHARTS
    if not is_own(result):
        return ()
    # as files of the folder itself: a link leads to what is not perfci's
    inside = () if charts.is_symlink() else charts.glob("*")
    drawn = (path for path in inside if _CHART.fullmatch(path.name))
    named = (result, *(folder / name for name in _BESIDE))
    return tuple(path for path in chain(named, drawn) if path.is_symlink() or path.is_file())


def insist_on_place(folder: Path, inputs: Iterable[Path] = ()) -> None:
    """Make sure that a run can be written there without taking anything from the user.

    Args:
        folder: for `run.json`.
        inputs: files and folders that are read.

    Raises:
        PerfciError: a file of that name is there, and is read, or is no run of perfci.
    """
    path = folder / RUN
    if not path.exists() or is_own(path):
        return
    what = "one of the files that are read" if is_one_of(path, inputs) else "no run of perfci"
    raise PerfciError(
        f"{path} is {what}, and would be written over",
        hint="choose another folder with --output",
    )
