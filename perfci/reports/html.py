"""The report: one HTML file that opens from disk, asks nobody for anything, and needs no script."""

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

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
from perfci.reports.text import clean, message

if TYPE_CHECKING:
    from jinja2 import Template

_OPENED = 5
"""Blocking findings that stand open when the page is opened."""


class HtmlReporter:
    """Writes `report.html` and, where they are wanted, its pictures as files."""

    def __init__(self, *, charts: bool) -> None:
        """Say whether each changed series gets a file `charts/*.svg`."""
        self._charts = charts

    def render(self, evaluation: Evaluation) -> tuple[Emission, ...]:
        """Return the report, and a picture for each changed series."""
        page = File(path="report.html", content=_page(evaluation).encode("utf-8", "replace"))
        if not self._charts:
            return (page,)
        drawn = ((found, _alone(found)) for found in words.changed(evaluation))
        pictures = (File(path=_path(found), content=svg.encode()) for found, svg in drawn if svg)
        return (page, *pictures)


def _alone(found: Finding) -> str:
    return change_chart(found.comparison, found.limit, alone=True)


def _path(found: Finding) -> str:
    """Return a name that is safe on every disk, stable, and unique for the series."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", clean(found.key, 60)).strip("-")
    mark = hashlib.sha256(found.key.encode("utf-8", "replace")).hexdigest()[:8]
    return f"charts/{name}-{mark}.svg"


def _page(evaluation: Evaluation) -> str:
    return _template().render(_context(evaluation))


@cache
def _template() -> "Template":
    """Load the page with its style and script, and the policy that allows these two alone."""
    # drawing the page is what needs it: `compare` and `run --json` start without
    import jinja2
    from markupsafe import Markup

    folder = resources.files("perfci.reports") / "jinja"
    style, script = ((folder / name).read_text("utf-8") for name in ("report.css", "report.js"))
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: (folder / name).read_text("utf-8")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # finished pictures; every text in them has been escaped where it was put in
    environment.filters["picture"] = Markup
    environment.globals |= {
        "style": Markup(style),  # noqa: S704 - our own file
        "script": Markup(script),  # noqa: S704 - our own file
        "policy": f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'",
    }
    return environment.get_template("report.html.j2")


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


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
