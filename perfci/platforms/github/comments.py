"""The comment below a pull request: found again by its marker and its author, one a project."""

from collections.abc import Callable
from dataclasses import replace
from typing import assert_never

from perfci.errors import DeliveryError, PerfciError
from perfci.model.context import Context
from perfci.model.emission import (
    Annotation,
    Check,
    Comment,
    Emission,
    File,
    Notice,
    Output,
    Summary,
)
from perfci.platforms.detected import Environ
from perfci.platforms.github.api import PLATFORMS, Api, Author, author_of
from perfci.platforms.github.hints import hint_for_comments, no_token, too_long
from perfci.platforms.thread import Thread, read
from perfci.platforms.values import at, number, text
from perfci.wire.answer import Answer
from perfci.wire.session import Question, Session

_WHO = "the comment"
_LOOK = "list the comments"


class CommentSink:
    """Makes the comment, or brings it up to date; never a review.

    A pull request that was closed while its run went on gets its comment all the same: to hear of
    that would cost a request before every first comment, and the answer is to a question that was
    asked while it was open.

    Args:
        environ: the job's variables.
        context: of the job. Without a pull request, or on another platform, nothing is said.
        wait: waits about so many seconds.
    """

    def __init__(self, environ: Environ, context: Context, wait: Callable[[float], None]) -> None:
        self._context = context
        self._api = Api(_WHO, environ, context, wait)
        self._list = f"issues/{context.pr_number}/comments"

    def deliver(self, emission: Emission) -> None:
        """Make or change the comment; other emissions pass.

        Raises:
            DeliveryError: the server did not take it.
        """
        match emission:
            case Comment():
                known = self._context.pr_number is not None and self._context.repository
                if known and self._context.platform in PLATFORMS:
                    self._say(emission)
            case File() | Summary() | Output() | Annotation() | Check() | Notice():
                pass
            case _ as never:
                assert_never(never)

    def _say(self, comment: Comment) -> None:
        if not self._api.has_token:
            if comment.makes:
                raise DeliveryError(f"{_WHO}: no token is given", hint=no_token(self._context))
            return
        session = self._api.session(hint_for_comments(self._context, self._api.variable))
        thread = self._marked(session, comment.marker)
        ours = _by(self._api.author(session), thread.items) if thread.items else ()
        for kept in ours:
            if _body(kept) == comment.forms[0].strip() or self._changed(session, comment, kept):
                self._removed(session, [item for item in ours if item is not kept])
                return
        thread.insist_on_end(_WHO)
        if comment.makes:
            self._made(session, comment)

    def _marked(self, session: Session, marker: str) -> Thread[object]:
        """Return all comments that begin with the marker, whoever wrote them."""
        oldest = self._api.question(_LOOK, f"{self._list}?per_page=100")

        def newest(page: Answer) -> tuple[Question, str] | None:
            # they come in the order in which they were written, and in no other
            last = session.linked(oldest, page, "last")
            return (replace(oldest, url=last), "prev") if last else None

        def numbered(page: Answer) -> dict[int, object]:
            found = ((number(at(it, "id")), it) for it in self._api.listed(page, _LOOK))
            return {known: item for known, item in found if known is not None}

        def wanted(item: object) -> bool:
            return _body(item).partition("\n")[0].strip() == marker

        return read(session, oldest, newest, numbered, wanted)

    def _made(self, session: Session, comment: Comment) -> None:
        """Make the comment; of two that were made at once by two runs the older one stays."""
        new = self._written(session, comment, "make it", "POST", self._list)
        author = author_of(at(new, "user"))
        ours = _by(author, self._marked(session, comment.marker).items) if author else ()
        if ours and at(ours[0], "id") != at(new, "id"):
            # the younger one goes, and what it said must not go with it
            self._changed(session, comment, ours[0])
        self._removed(session, ours[1:])

    def _changed(self, session: Session, comment: Comment, item: object) -> bool:
        """Give a comment a new text; False where it has gone meanwhile."""
        path = f"issues/comments/{number(at(item, 'id'))}"
        return self._written(session, comment, "change it", "PATCH", path) is not None

    def _removed(self, session: Session, items: tuple[object, ...] | list[object]) -> None:
        for item in items:
            path = f"issues/comments/{number(at(item, 'id'))}"
            session.ask(self._api.question("remove its double", path, method="DELETE"), 404)

    def _written(
        self, session: Session, comment: Comment, what: str, method: str, path: str
    ) -> object:
        """Send the fullest form that the server takes; return what it made of it, None for 404."""
        refused: PerfciError | None = None
        for form in comment.forms:
            question = self._api.question(what, path, method=method, body={"body": form})
            answer = session.ask(question, 413, 422, *([404] if method == "PATCH" else []))
            if answer.status == 404:
                return None
            if answer.status not in {413, 422}:
                return answer.document()
            refused = session.refused(question, answer)
            if not too_long(answer):
                break
        raise refused or DeliveryError(f"{_WHO}: it has no text")


def _by(author: Author, items: tuple[object, ...]) -> tuple[object, ...]:
    """Return the comments that are an author's, oldest first."""
    return tuple(item for item in items if author.wrote(item))


def _body(item: object) -> str:
    """Return a comment's text as it was sent: the line feeds of a server are its own."""
    return text(at(item, "body")).replace("\r\n", "\n").strip()
