"""JUnit XML as Jenkins, GitLab and the others really read it.

Written with ElementTree: the package `junit-xml` prints suite times as `1.5e-07` and characters
that XML forbids, and both make consumers drop the file.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from perfci.model.comparison import Outcome
from perfci.model.emission import Emission, File
from perfci.model.evaluation import Evaluation
from perfci.model.verdict import Finding, Status
from perfci.reports import measuring
from perfci.reports.text import clean, tail


@dataclass(slots=True, kw_only=True)
class _Case:
    """One test case before it is written."""

    suite: str
    name: str
    seconds: float = 0.0
    kind: str = ""
    """`failure`, `error`, `skipped`, or empty for one that passed."""
    message: str = ""
    output: Sequence[str] = field(default_factory=tuple)
    note: str = ""
    """What is to be said of one that passed."""


_DIGITS = 9
"""Of a second: a function may take nanoseconds."""

_TYPES = {"failure": "PerfRegression", "error": "PerfError"}


class JUnitReporter:
    """Writes `performance_results.xml`: a test suite per suite, a test case per series."""

    def render(self, evaluation: Evaluation) -> tuple[Emission, ...]:
        """Return the file."""
        cases = [*_cases(evaluation), *_gate(evaluation)]
        root = Element("testsuites", {"name": "perfci", **_counts(cases)})
        for suite in dict.fromkeys(case.suite for case in cases):
            _write(root, suite, [case for case in cases if case.suite == suite], evaluation)
        indent(root)
        text = tostring(root, encoding="unicode")
        content = f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'
        return (File(path="performance_results.xml", content=content.encode()),)


def _cases(evaluation: Evaluation) -> Iterable[_Case]:
    outputs = {str(each.id): tail(each.output) for each in evaluation.recording.run.failures}
    taken: set[tuple[str, str]] = set()
    for found in evaluation.verdict.findings:
        item = found.comparison
        suite = _suite(item.id.suite)
        # GitLab keeps only the first of two cases of one name
        name = wanted = legal(found.key.partition("/")[2])
        number = 2
        while (suite, name) in taken:
            name, number = f"{wanted} ({number})", number + 1
        taken.add((suite, name))
        yield _Case(
            suite=suite,
            name=name,
            seconds=item.head.point if item.metric.timed and item.head else 0.0,
            kind=_kind(found),
            message=legal(found.reason, 2000),
            note=legal(found.reason, 2000) if found.accepted else "",
            output=outputs.get(str(item.id), ()) if found.outcome is Outcome.FAILED else (),
        )


def _kind(found: Finding) -> str:
    if found.blocking:
        return "failure"
    if found.outcome is Outcome.FAILED:
        return "error"
    return "skipped" if found.outcome in {Outcome.INCONCLUSIVE, Outcome.MISSING} else ""


def _gate(evaluation: Evaluation) -> Iterable[_Case]:
    """Return a case for a verdict that no series of its own shows, e.g. of `max_regressions`."""
    verdict = evaluation.verdict
    kind = {Status.FAIL: "failure", Status.ERROR: "error"}.get(verdict.status, "")
    if kind and kind not in map(_kind, verdict.findings):
        said = legal(verdict.message, 2000)
        yield _Case(suite="perfci.gate", name="verdict", kind=kind, message=said)


def _write(root: Element, suite: str, cases: Sequence[_Case], evaluation: Evaluation) -> None:
    started = evaluation.recording.run.started_at.astimezone(UTC)
    stamp = started.strftime("%Y-%m-%dT%H:%M:%S")
    # the strict reader of Jenkins' xUnit knows this one here, and not at the root
    skipped = {"skipped": str(sum(case.kind == "skipped" for case in cases))}
    about = {"name": suite, **_counts(cases), **skipped, "timestamp": stamp}
    element = SubElement(root, "testsuite", about)
    properties = SubElement(element, "properties")
    for name, value in _properties(evaluation):
        SubElement(properties, "property", {"name": name, "value": legal(value)})
    for case in cases:
        where = {"classname": suite, "name": case.name, "time": _seconds(case.seconds)}
        written = SubElement(element, "testcase", where)
        if case.kind == "skipped":
            SubElement(written, "skipped", {"message": case.message})
        elif case.kind:
            told = {"message": case.message, "type": _TYPES[case.kind]}
            # GitLab shows the text alone, Jenkins the message alone
            text = "\n".join([case.message, *map(legal_line, case.output)])
            SubElement(written, case.kind, told).text = text
        elif case.note:
            SubElement(written, "system-out").text = case.note


def _properties(evaluation: Evaluation) -> tuple[tuple[str, str], ...]:
    recording, pooled = evaluation.recording, measuring.pooled(evaluation)
    return (
        ("base_commit", recording.base.commit if recording.base else ""),
        ("head_commit", recording.head.commit),
        ("mode", recording.mode.value),
        *((("earlier_runs", pooled),) if pooled else ()),
        ("seed", str(recording.seed)),
        ("verdict", evaluation.verdict.status.value),
        ("message", evaluation.verdict.message),
    )


def _counts(cases: Sequence[_Case]) -> dict[str, str]:
    kinds = [case.kind for case in cases]
    return {
        "tests": str(len(cases)),
        "failures": str(kinds.count("failure")),
        "errors": str(kinds.count("error")),
        "time": _seconds(sum(round(case.seconds, _DIGITS) for case in cases)),
    }


def _seconds(value: float) -> str:
    """Return plain decimals, as an exponent makes readers drop the file."""
    return f"{value:.{_DIGITS}f}" if math.isfinite(value) and value > 0 else "0.000"


def _suite(name: str) -> str:
    """Return `perfci.<suite>`: a dot or slash more would make packages of it in Jenkins."""
    return f"perfci.{re.sub(r'[./]', '_', legal(name)) or '_'}"


def legal(text: str, limit: int = 500) -> str:
    """Return one line of characters that XML 1.0 allows."""
    return legal_line(clean(text, limit))


def legal_line(text: str) -> str:
    """Replace what XML 1.0 forbids even as a reference."""
    return re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)
