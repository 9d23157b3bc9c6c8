"""What the framework kept of each test, read again for the verdict over all of them."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from perfci.errors import FormatError
from perfci.facade.naming import key_of
from perfci.facade.results import RegressionTestResult
from perfci.model.evaluation import Evaluation
from perfci.model.mask import Mask
from perfci.model.verdict import Finding
from perfci.schema import result as schema

RESULTS = "results"
"""Folder of the framework in which each test's result lies, by the id of its run."""


def evaluations(
    results: Iterable[RegressionTestResult], folder: Path, mask: Mask
) -> list[Evaluation]:
    """Return one evaluation for each run, with the findings of these results alone.

    Args:
        results: the last of each test.
        folder: of the framework.
        mask: takes out what a test has told of secrets.

    Raises:
        FormatError: what was kept is damaged, or is not there any more.
    """
    wanted: dict[str, set[str]] = {}
    for item in results:
        wanted.setdefault(item.test_id, set()).add(key_of(item))
    return [
        _only(_read(folder / RESULTS / f"{run}.json"), keys, mask) for run, keys in wanted.items()
    ]


def _read(path: Path) -> Evaluation:
    try:
        return schema.load(path.read_bytes(), str(path))
    except OSError as error:
        raise FormatError(
            f"the result of a test that was just measured cannot be read: {path}: {error.strerror}",
            hint="let nothing else delete files in the framework's folder while it measures",
        ) from error


def _only(found: Evaluation, keys: set[str], mask: Mask) -> Evaluation:
    findings = tuple(_masked(it, mask) for it in found.verdict.findings if it.key in keys)
    return replace(
        found,
        recording=mask.recording(found.recording),
        verdict=replace(found.verdict, findings=findings),
        warnings=tuple(map(mask, found.warnings)),
    )


def _masked(finding: Finding, mask: Mask) -> Finding:
    told = finding.comparison
    return replace(finding, comparison=replace(told, explanation=mask(told.explanation)))
