"""The note below a merge request: one a project, made once and then kept up to date."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import assert_never

from perfci.errors import DeliveryError
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
from perfci.platforms.gitlab.merge_request import WHO, merge_requests, session
from perfci.platforms.thread import read
from perfci.platforms.values import at, text
from perfci.wire.answer import Answer
from perfci.wire.session import Question, Session

_JSON = {"Content-Type": "application/json"}


class NoteSink:
    """Makes a comment a note below the merge request, or brings its own earlier one up to date.

    Args:
        environ: the job's variables.
        wait: waits about so many seconds before another try.
    """

    def __init__(self, environ: Environ, *, wait: Callable[[float], None]) -> None:
        self._environ = environ
        self._wait = wait

    def deliver(self, emission: Emission) -> None:
        """Say a comment below each merge request that the job is about; all else passes.

        Raises:
            DeliveryError: there is no token that may, or the server does not take it.
        """
        match emission:
            case Comment():
                places = merge_requests(self._environ)
                if places:
                    asked = session(self._environ, self._wait)
                    for place in places:
                        _Thread(asked, place).say(emission)
            case File() | Summary() | Output() | Annotation() | Check() | Notice():
                pass
            case _ as never:
                assert_never(never)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Note:
    id: int
    author: int
    body: str


class _Thread:
    """The notes below one merge request."""

    def __init__(self, asked: Session, place: str) -> None:
        self._session = asked
        self._place = f"{place}/notes"
        self._me = f"{place.partition('/projects/')[0]}/user"

    def say(self, comment: Comment) -> None:
        """Change the note that is there, else make one where the comment wants that."""
        own = self._own(comment.marker)
        if own and self._kept(own, comment):
            return
        if not comment.makes:
            return
        made = self._written("make it", "POST", self._place, comment)
        number = at(made.document(), "id")
        # a run at the same time may have made one as well, or a lost answer have hidden ours
        own = self._own(comment.marker)
        if number in [note.id for note in own[1:]]:
            self._kept(own, comment)

    def _kept(self, own: list[_Note], comment: Comment) -> bool:
        """Bring the oldest up to date and remove the others; return whether it was still there."""
        oldest, *others = own
        if oldest.body.rstrip() != _harmless(comment.forms[0]).rstrip():
            answer = self._written(
                "bring it up to date", "PUT", f"{self._place}/{oldest.id}", comment, 404
            )
            if answer.status == 404:
                return False
        for note in others:
            url = f"{self._place}/{note.id}"
            self._session.ask(Question(what="remove a second one", url=url, method="DELETE"), 404)
        return True

    def _own(self, marker: str) -> list[_Note]:
        """Return our notes with a marker, the oldest first; whoever forges one is not us.

        Raises:
            DeliveryError: it cannot be known whether there is one.
        """
        thread = read(
            self._session,
            self._list("asc"),
            lambda _: (self._list("desc"), "next"),
            lambda page: {note.id: note for note in _notes(page)},
            lambda note: note.body.split("\n", 1)[0].strip() == marker,
        )
        own: list[_Note] = []
        if thread.items:
            answer = self._session.ask(Question(what="learn whose token it is", url=self._me))
            me = at(answer.document(), "id")
            own = [note for note in thread.items if note.author == me]
        if not own:
            thread.insist_on_end(WHO)
        return own

    def _list(self, order: str) -> Question:
        query = f"{self._place}?order_by=created_at&sort={order}&per_page=100"
        return Question(what="look for the one that is there", url=query)

    def _written(self, what: str, method: str, url: str, comment: Comment, *also: int) -> Answer:
        """Send the fullest form that the server takes."""
        *fuller, last = comment.forms
        for form in fuller:
            question = _question(what, method, url, form)
            answer = self._session.ask(question, 400, 413, *also)
            if not _too_long(answer):
                if answer.status == 400:
                    raise self._session.refused(question, answer)
                return answer
        return self._session.ask(_question(what, method, url, last), *also)


def _question(what: str, method: str, url: str, form: str) -> Question:
    body = json.dumps({"body": _harmless(form)}).encode()
    return Question(what=what, url=url, method=method, data=body, headers=_JSON)


def _too_long(answer: Answer) -> bool:
    return answer.status == 413 or (answer.status == 400 and "too long" in answer.said)


def _harmless(form: str) -> str:
    """Make sure that no line is a command: GitLab obeys `/close` even within a block of code."""
    text = form.replace("\r", "").encode("utf-8", "replace").decode()
    return re.sub(r"^/", " /", text, flags=re.MULTILINE)


def _notes(page: Answer) -> list[_Note]:
    """Return the notes on a page that people, or their tokens, have written.

    Raises:
        DeliveryError: it is no page of notes.
    """
    items = page.document()
    if not isinstance(items, list):
        message = f"{WHO}: cannot look for the one that is there: the server gave no list"
        raise DeliveryError(message, hint="see that CI_API_V4_URL is the address of GitLab's API")
    return [
        _Note(id=number, author=author, body=text(item.get("body")))
        for item in items
        if isinstance(item, Mapping)
        and isinstance(number := item.get("id"), int)
        and isinstance(author := at(item, "author", "id"), int)
        and not item.get("system")
    ]
