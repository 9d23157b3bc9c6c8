"""The report: one HTML file that opens from disk, asks nobody for anything, and needs no script."""

from collections import Counter
from collections.abc import Sequence

from perfci import __version__
from perfci.model.comparison import Outcome
from perfci.model.emission import Emission, File
from perfci.model.evaluation import Evaluation
from perfci.model.verdict import Finding
from perfci.reports import measuring, words
from perfci.reports.accepting import accept_command
from perfci.reports.charts import change_chart
from perfci.reports.deciding import rule
from perfci.reports.entry import entry
from perfci.reports.evidence import material
from perfci.reports.page import template
from perfci.reports.picture_files import picture_file
from perfci.reports.text import clean, message
from perfci.reports.trends import trends_of
from perfci.reports.trends_events import Noted, unknown
from perfci.reports.trends_tracks import tracks_of_branch

_OPENED = 5
"""Blocking findings that stand open when the page is opened."""


class HtmlReporter:
    """Writes `report.html` and, where they are wanted, its pictures as files."""

    def __init__(self, *, charts: bool, png: bool = False, noted: Noted = unknown) -> None:
        """Say whether each changed series and each suite gets a file in `charts/`.

        Args:
            charts: whether there are any.
            png: `*.png` instead of `*.svg`.
            noted: returns what the repository says of commits.
        """
        self._charts = charts
        self._png = png
        self._noted = noted

    def render(self, evaluation: Evaluation) -> tuple[Emission, ...]:
        """Return the report, and a picture for each changed series and for each suite's trend."""
        trends = trends_of(tracks_of_branch(evaluation), _branch(evaluation), self._noted)
        text = template("report.html.j2").render(_context(evaluation) | {"trends": trends})
        page = File(path="report.html", content=text.encode("utf-8", "replace"))
        if not self._charts:
            return (page,)
        drawn = [(found.key, _alone(found)) for found in words.changed(evaluation)]
        drawn += [(suite.key, suite.svg) for suite in trends.suites] if trends else []
        return (page, *(picture_file(key, svg, png=self._png) for key, svg in drawn if svg))


def _alone(found: Finding) -> str:
    return change_chart(found.comparison, found.limit, alone=True)


def _branch(evaluation: Evaluation) -> str:
    branch = clean(evaluation.history.branch, 60) if evaluation.history else ""
    return f"{branch or 'this branch'} on machines like this one"


def _context(evaluation: Evaluation) -> dict[str, object]:
    recording, verdict = evaluation.recording, evaluation.verdict
    source = material(evaluation)
    changed = words.changed(evaluation)
    doubtful = tuple(
        found for found in words.of(evaluation, *words.DOUBTFUL) if not found.over_budget
    )
    shown = {id(found) for found in (*changed, *doubtful)}
    rest = [found for found in verdict.findings if id(found) not in shown]
    return {
        "title": words.headline(evaluation),
        "status": verdict.status.value,
        "said": _said(evaluation),
        "counts": _counts(evaluation),
        "project": clean(recording.project),
        "job": _facts(evaluation),
        "warnings": [*words.unkept(evaluation), *map(message, evaluation.warnings)],
        "changed": [entry(source, found, drawn=True) for found in changed],
        "opened": min(_OPENED, sum(found.blocking for found in changed)),
        "doubts": _doubts(doubtful),
        "doubtful": [entry(source, found, drawn=True) for found in doubtful],
        "rest": [entry(source, found, drawn=False) for found in rest],
        "beside": source.beside,
        "first": words.first_run(evaluation),
        "unchanged": words.unchanged(evaluation),
        "reproduce": message(evaluation.reproduce),
        "accept": accept_command(evaluation),
        "rule": rule(recording.mode, head_alone=measuring.head_alone(evaluation)),
        "settings": [(clean(k), message(v)) for k, v in evaluation.settings.items()],
        "versions": _versions(evaluation),
    }


def _said(evaluation: Evaluation) -> str:
    parts = [message(evaluation.verdict.message), words.consequence(evaluation)]
    parts = [part for part in parts if part and part not in words.headline(evaluation)]
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _counts(evaluation: Evaluation) -> list[tuple[str, int]]:
    counts = Counter(found.outcome for found in evaluation.verdict.findings)
    return [(str(outcome), counts[outcome]) for outcome in Outcome if counts[outcome]]


def _doubts(findings: Sequence[Finding]) -> str:
    names = {
        Outcome.INCONCLUSIVE: "inconclusive",
        Outcome.FAILED: "failed",
        Outcome.MISSING: "no longer measured",
    }
    there = {found.outcome for found in findings}
    return ", ".join(name for outcome, name in names.items() if outcome in there).capitalize()


def _facts(evaluation: Evaluation) -> list[tuple[str, str]]:
    """Return what was compared, where, by which clock, and how long that took."""
    recording = evaluation.recording
    clocks = Counter(
        str(found.comparison.clock)
        for found in evaluation.verdict.findings
        if found.comparison.clock and found.comparison.metric.timed
    )
    reason = message(recording.mode_reason)
    facts = (
        ("Head", clean(str(recording.head))),
        ("Compared with", measuring.against(evaluation)),
        ("Mode", f"{recording.mode.value}{f' ({reason})' if reason else ''}"),
        ("Machine", measuring.place(evaluation)),
        ("Clock", ", ".join(f"{clock} for {number}" for clock, number in clocks.items())),
        ("Launches", measuring.launches(evaluation.verdict.findings)),
        ("Among them", _pooled(evaluation)),
        ("Measured", f"{recording.run.started_at:%Y-%m-%d %H:%M} UTC"),
        ("Took", measuring.elapsed(evaluation)),
        ("Kept in", message(evaluation.recorded)),
    )
    return [(name, text) for name, text in facts if text]


def _pooled(evaluation: Evaluation) -> str:
    pooled = measuring.pooled(evaluation).removeprefix("with ")
    return f"{pooled}; {measuring.ANEW} measures anew" if pooled else ""


def _versions(evaluation: Evaluation) -> list[tuple[str, str]]:
    recording = evaluation.recording
    machine = recording.run.environment
    rounds = "as many as it takes" if recording.rounds is None else str(recording.rounds)
    base = recording.base.commit if recording.base else ""
    facts = (
        ("perfci that measured", clean(recording.version)),
        ("perfci that drew this", __version__),
        ("seed", str(recording.seed)),
        ("launches a side", rounds),
        ("head", clean(recording.head.commit)),
        ("base", clean(base)),
        ("run", clean(recording.run.id)),
        ("interpreter", clean(machine.interpreter)),
        ("runner image", clean(machine.runner)),
        ("fingerprint of the machine", machine.fingerprint),
        *((clean(name), message(text)) for name, text in machine.facts.items()),
    )
    return [(name, text) for name, text in facts if text]
