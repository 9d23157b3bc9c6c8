"""The messages of a run that came to no verdict."""

from collections.abc import Mapping

from perfci.errors import ExitCode
from perfci.model.breakdown import Breakdown
from perfci.model.verdict import Status
from perfci.notifiers.about import about, link_to
from perfci.notifiers.harmless import harmless
from perfci.notifiers.message import PROJECT, Colour, Message
from perfci.notifiers.signed import SCHEMA, place_of, summary_of
from perfci.notifiers.spans import bold, plain
from perfci.reports import text

_TEXT = 400
_HEADLINE = "perfci could not do its job"


def compose(breakdown: Breakdown) -> Message:
    """Say what stopped perfci; what a measured program printed is not sent."""
    error, context = breakdown.error, breakdown.context
    next_step = harmless(error.hint, _TEXT)
    project = harmless(breakdown.project, PROJECT)
    return Message(
        colour=Colour.BAD,
        title=f"{Status.ERROR.upper()} {project}: {_HEADLINE}",
        about=about(context, commit=context.commit, branch=context.branch, author=breakdown.author),
        rows=(),
        hidden=0,
        notes=(
            (plain(harmless(error.message, _TEXT)),),
            *([(plain(f"Next: {next_step}"),)] if next_step else []),
            (bold("Until then the gate cannot pass."),),
        ),
        foot="",
        link=link_to(context.run_url),
    )


def signed(breakdown: Breakdown) -> Mapping[str, object]:
    """Return the body for programs, with the fields of any other; there is no run, no finding."""
    context = breakdown.context
    return {
        "schema": SCHEMA,
        "event": "completed",
        "project": text.clean(breakdown.project),
        **place_of(context, commit=context.commit, branch=context.branch),
        "verdict": Status.ERROR.value,
        "previous": None,
        "exit_code": int(ExitCode.ERROR),
        "message": text.message(breakdown.error.message),
        "headline": _HEADLINE,
        "mode": "",
        "base_commit": "",
        "author": text.clean(breakdown.author),
        "run_id": "",
        "started_at": "",
        "machine": "",
        "summary": summary_of(()),
        "findings": [],
        "more_findings": 0,
    }
