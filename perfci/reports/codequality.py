"""Regressions as GitLab's code quality widget shows them: where the benchmark is defined."""

import hashlib
import json
from collections.abc import Mapping

from perfci.model.comparison import Outcome
from perfci.model.emission import Emission, File
from perfci.model.evaluation import Evaluation
from perfci.model.verdict import Finding, Severity
from perfci.reports.definitions import Definitions, Place
from perfci.reports.text import clean, message

_SEVERITIES: Mapping[Severity | None, str] = {
    None: "info",
    Severity.MINOR: "minor",
    Severity.MODERATE: "major",
    Severity.MAJOR: "critical",
    Severity.CRITICAL: "blocker",
}
"""GitLab has five as well; the first is for what is below the bands, or accepted."""


class CodeQualityReporter:
    """Writes `codequality.json`, where GitLab runs the job.

    It holds an empty list where nothing got worse: the target branch's has to be there to be
    compared with.

    Args:
        definitions: where benchmarks are defined.
        elsewhere: path in the repository of the file that stands for any other.
    """

    def __init__(self, definitions: Definitions, *, elsewhere: str = "perfci.yml") -> None:
        self._definitions = definitions
        self._elsewhere = Place(path=elsewhere, line=1)

    def render(self, evaluation: Evaluation) -> tuple[Emission, ...]:
        """Return the file; nothing on another platform."""
        if evaluation.context.platform != "gitlab":
            return ()
        items = [
            self._item(found, evaluation.recording.project)
            for found in evaluation.verdict.findings
            if found.outcome is Outcome.REGRESSED or found.over_budget
        ]
        content = json.dumps(items, indent=2).encode() + b"\n"
        return (File(path="codequality.json", content=content),)

    def _item(self, found: Finding, project: str) -> dict[str, object]:
        place = self._definitions.of(found.comparison.id) or self._elsewhere
        return {
            "description": f"{clean(found.key)}: {message(found.reason)}",
            "check_name": f"perfci.{clean(found.comparison.metric.name, 40)}",
            "fingerprint": _fingerprint(project, found.key),
            "severity": _severity(found),
            "location": {"path": place.path, "lines": {"begin": place.line}},
        }


def _severity(found: Finding) -> str:
    if found.accepted and not found.over_budget:
        return "info"
    if found.over_budget and found.severity is None:
        return "critical" if found.blocking else "minor"
    return _SEVERITIES[found.severity]


def _fingerprint(project: str, key: str) -> str:
    """Return what is the same from run to run and in no other series of no other project."""
    return hashlib.sha256(f"{project}\n{key}".encode("utf-8", "backslashreplace")).hexdigest()
