"""What is said of a run that came to no verdict: on the check, the comment and the job's page."""

from perfci.errors import ExitCode
from perfci.model.breakdown import Breakdown
from perfci.model.emission import (
    Annotation,
    Check,
    Comment,
    Conclusion,
    Emission,
    Level,
    Output,
    Summary,
)
from perfci.model.verdict import Status
from perfci.reports.check import name_of
from perfci.reports.comment import link_to, marker
from perfci.reports.escape import code, fenced, plain
from perfci.reports.text import clean, message, tail

TITLE = "perfci could not do its job (exit code 2)"


def said_of(breakdown: Breakdown, *, comment: str, makes: bool = True) -> tuple[Emission, ...]:
    """Return all that the platform is told.

    A comment on an earlier commit would go on saying that all is well, so that this is one of the
    changes for which `on-change` makes one.

    Args:
        breakdown: what happened.
        comment: when one is wanted: `always`, `on-change` or `never`.
        makes: whether one is made where there is none yet.
    """
    error, context = breakdown.error, breakdown.context
    summary = "\n\n".join(_blocks(breakdown))
    page = "\n\n".join([f"### Performance: {TITLE}", *_blocks(breakdown), _foot(breakdown)]) + "\n"
    check = Check(
        name=name_of(breakdown.project, context.repository),
        conclusion=Conclusion.FAILURE,
        title=TITLE,
        summary=summary,
    )
    told = [message(error.message), f"Next: {message(error.hint)}" if error.hint else ""]
    text = " ".join(part for part in told if part)
    emissions: list[Emission] = [
        Output(name="verdict", value=Status.ERROR.value),
        Output(name="exit-code", value=str(int(ExitCode.ERROR))),
        Annotation(title=TITLE, text=text, level=Level.ERROR),
        Summary(markdown=page),
        check,
    ]
    if comment != "never":
        mark = marker(breakdown.project)
        emissions.append(Comment(marker=mark, forms=(f"{mark}\n{page}",), makes=makes))
    return tuple(emissions)


def _blocks(breakdown: Breakdown) -> list[str]:
    error = breakdown.error
    output = tail(error.output)
    blocks = [plain(message(error.message)), "\n".join(fenced(output)) if output else ""]
    blocks.append(f"Next: {plain(message(error.hint))}" if error.hint else "")
    return [block for block in blocks if block]


def _foot(breakdown: Breakdown) -> str:
    commit = breakdown.context.commit[:7]
    whose = f" of {code(clean(commit))}" if commit else ""
    until = f"Nothing{whose} was judged, so the gate cannot pass."
    return f"<sub>{until}{link_to(breakdown.context.run_url)}</sub>"
