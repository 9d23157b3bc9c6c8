"""Which pull request a commit is the head of: asked, never believed."""

from collections.abc import Callable, Iterator
from contextlib import suppress

from perfci.errors import DeliveryError
from perfci.model.context import Context
from perfci.platforms.detected import Environ
from perfci.platforms.github.api import PLATFORMS, Api
from perfci.platforms.github.hints import hint_for_comments
from perfci.platforms.values import at, number, text
from perfci.wire.session import Session

_WHO = "the pull request"


def pull_of(
    environ: Environ, context: Context, told: int | None, wait: Callable[[float], None]
) -> int | None:
    """Return the number of the open pull request whose head is the context's commit.

    Args:
        environ: the job's variables.
        context: of the job; its commit is what the first stage was started for.
        told: number that a stored result names: a stranger's word, taken where the server says
            that this pull request has this very head.
        wait: waits about so many seconds.

    Raises:
        DeliveryError: the server cannot be asked.
    """
    if context.platform not in PLATFORMS or not context.repository or not context.commit:
        return context.pr_number
    api = Api(_WHO, environ, context, wait)
    session = api.session(hint_for_comments(context, api.variable))
    for candidate in filter(None, (context.pr_number, told)):
        if _is_head(_pull(api, session, candidate), context.commit):
            return candidate
    found = {number(at(pull, "number")) for pull in _of_commit(api, session, context.commit)}
    # one branch may be proposed to several targets: nobody knows which of them was measured
    return found.pop() if len(found) == 1 else None


def _pull(api: Api, session: Session, candidate: int) -> object:
    question = api.question(f"read number {candidate}", f"pulls/{candidate}")
    answer = session.ask(question, 404)
    return answer.document() if answer.status != 404 else None


def _of_commit(api: Api, session: Session, commit: str) -> Iterator[object]:
    with suppress(DeliveryError):  # not every server knows how to tell
        for pull in api.items(session, "find it by its commit", f"commits/{commit}/pulls"):
            if _is_head(pull, commit):
                yield pull


def _is_head(pull: object, commit: str) -> bool:
    is_open = text(at(pull, "state")) == "open"
    return is_open and text(at(pull, "head", "sha")).lower() == commit
