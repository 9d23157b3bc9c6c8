"""What a message says, before any service's form: short, worst first, harmless."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import TypeVar, assert_never

from perfci.model.evaluation import Evaluation
from perfci.model.verdict import Status
from perfci.notifiers.about import NAME, about, link_to
from perfci.notifiers.harmless import harmless
from perfci.notifiers.occasions import before, turned
from perfci.notifiers.rows import failed_rows, worse_rows
from perfci.notifiers.spans import Line, bold, code, plain
from perfci.notifiers.tally import tally
from perfci.reports import measuring, words
from perfci.reports.failing import next_step

_ROWS = 10
"""Of one message: a chat is read on a telephone, the report has the rest."""
PROJECT = 32
HEADLINE = 78
"""Characters of the two in a title."""
_FOOT = 400
_Form = TypeVar("_Form")


class Colour(Enum):
    """What a message is coloured with, where a service has colours; words say the same."""

    GOOD = "good"
    DOUBT = "doubt"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message; every text in it is harmless, and has no markup of any service."""

    colour: Colour
    title: str
    """The verdict, the project and what happened, at most 120 characters."""
    about: Line
    """Which commit, who wrote it, where."""
    rows: tuple[Line, ...]
    """What got worse or failed, worst first."""
    hidden: int
    """How many more rows there are."""
    notes: tuple[Line, ...]
    """What else came out, and what follows."""
    foot: str
    """How it was measured, at most 400 characters."""
    link: str
    """To the job, http or https; empty where there is none."""

    def cut(self, rows: int) -> "Message":
        """Return it with so many rows at most."""
        kept = self.rows[:rows]
        return replace(self, rows=kept, hidden=self.hidden + len(self.rows) - len(kept))

    @property
    def more(self) -> str:
        """Return how many rows are not shown; empty where all are."""
        return f"and {self.hidden:,} more" if self.hidden else ""


def compose(evaluation: Evaluation, *, author: str = "") -> Message:
    """Say what came out.

    Args:
        evaluation: what came out.
        author: of the commit, as a person is called; hostile, may be empty.
    """
    verdict = evaluation.verdict
    worse, failed = worse_rows(evaluation), failed_rows(evaluation)
    rows = (*failed, *worse) if verdict.status is Status.ERROR else (*worse, *failed)
    project = harmless(evaluation.recording.project, PROJECT)
    headline = harmless(words.headline(evaluation), HEADLINE)
    context = evaluation.context
    return Message(
        colour=_colour(evaluation),
        title=f"{verdict.status.upper()} {project}: {headline}",
        about=about(
            context,
            commit=context.commit or evaluation.recording.head.commit,
            branch=context.branch or evaluation.recording.run.branch,
            author=author,
        ),
        rows=rows[:_ROWS],
        hidden=max(0, len(rows) - _ROWS),
        notes=_notes(evaluation),
        foot=_foot(evaluation),
        link=link_to(context.run_url),
    )


def fitted(
    message: Message, form: Callable[[Message], _Form], fits: Callable[[_Form], bool]
) -> _Form:
    """Return the form with as many rows as fit; without any it always does.

    Args:
        message: with all its rows.
        form: draws a message.
        fits: tells whether the service takes that.
    """
    for rows in range(len(message.rows), 0, -1):
        drawn = form(message.cut(rows))
        if fits(drawn):
            return drawn
    return form(message.cut(0))


def _colour(evaluation: Evaluation) -> Colour:
    match evaluation.verdict.status:
        case Status.PASS:
            return Colour.GOOD
        case Status.WARN:
            return Colour.DOUBT
        case Status.FAIL | Status.ERROR:
            return Colour.BAD
        case _ as never:
            assert_never(never)


def _notes(evaluation: Evaluation) -> tuple[Line, ...]:
    """Return the counts of what is no row, what this is a turn from, and what follows."""
    notes: list[Line] = []
    counts = tally(evaluation)
    if counts:
        notes.append((plain(counts),))
    if turned(evaluation):
        branch = harmless(evaluation.recording.run.branch, NAME)
        notes.append(
            (plain("The last run of "), code(branch), plain(f" came to {before(evaluation)}."))
        )
    follows = _consequence(evaluation)
    if follows:
        notes.append((bold(follows),))
    return tuple(notes)


def _consequence(evaluation: Evaluation) -> str:
    if evaluation.verdict.status is Status.ERROR:
        return f"{harmless(next_step(evaluation), 200)}; until then the gate cannot pass."
    limit = harmless(words.consequence(evaluation), 200)
    return f"{limit[:1].upper()}{limit[1:]}." if limit else ""


def _foot(evaluation: Evaluation) -> str:
    """Return what was compared with what, and how."""
    against = measuring.against(evaluation)
    facts = [
        f"{evaluation.recording.head} against {against}" if against else "",
        measuring.how(evaluation),
        measuring.launches(evaluation.verdict.findings),
    ]
    return harmless(", ".join(fact for fact in facts if fact), _FOOT)
