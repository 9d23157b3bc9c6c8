"""The check run of the gate: opened before measuring, and closed whatever becomes of it."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import assert_never
from urllib.parse import quote

from perfci.errors import DeliveryError
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
from perfci.platforms.github.api import Api
from perfci.platforms.github.check_parts import KILLED, Owner, annotation_of, output_of, owner_of
from perfci.platforms.github.hints import NO_CHECK, hint_for_checks, may_not_check
from perfci.platforms.once import Once
from perfci.platforms.values import at, number, text
from perfci.wire.session import Session

_WHO = "the check"
_PORTION = 50
"""Annotations in one request, at most."""
_STALE = 20
"""Checks of killed jobs that are closed at one start, at most."""


class CheckSink:
    """Opens the check of a commit, and brings it to its end.

    Most workflows do not grant `checks: write`, and need not: that is said once, and is no error.

    Args:
        environ: the job's variables.
        context: of the job. Without a commit, or elsewhere than on GitHub, nothing is said.
        wait: waits about so many seconds.
        say: tells the user, quietly, one sentence.
        token: returns text that nobody else has.
    """

    def __init__(
        self,
        environ: Environ,
        context: Context,
        *,
        wait: Callable[[float], None],
        say: Callable[[str], None],
        token: Callable[[], str],
    ) -> None:
        self._context = context
        self._say = say
        self._api = Api(_WHO, environ, context, wait)
        self._owner = Owner(
            run=environ.get("GITHUB_RUN_ID", ""),
            attempt=number(environ.get("GITHUB_RUN_ATTEMPT")) or 1,
            token=token(),
        )
        self._once = Once()
        self._open: Check | None = None
        self._id: int | None = None
        known = context.platform == "github" and context.repository and context.commit
        self._silent = not (known and self._api.has_token)

    def deliver(self, emission: Emission) -> None:
        """Open, or close, the check; other emissions pass.

        Raises:
            DeliveryError: the server did not take it; of what keeps a check from being opened and
                from being closed alike it is raised once.
        """
        match emission:
            case Check():
                if not self._silent:
                    with self._once.complaining():
                        session = self._api.session(hint_for_checks(self._api.variable))
                        deliver = self._begin if emission.conclusion is None else self._end
                        deliver(session, emission)
            case File() | Summary() | Output() | Annotation() | Comment() | Notice():
                pass
            case _ as never:
                assert_never(never)

    def close(self) -> None:
        """Cancel a check that is still open, because something ended the job; call it always."""
        if self._open is None or self._silent:
            return
        name, self._open = self._open.name, None
        with suppress(DeliveryError):
            session = self._api.session(hint_for_checks(self._api.variable))
            for each in self._own(session, name):
                self._change(session, each, {**_ended("cancelled"), "output": KILLED})

    def _begin(self, session: Session, check: Check) -> None:
        self._open = check
        with suppress(DeliveryError):  # what is wrong will be told of the check itself
            self._close_stale(session, check.name)
        self._id = self._made(session, check, {"status": "in_progress"})

    def _end(self, session: Session, check: Check) -> None:
        result = {**_ended(str(check.conclusion)), "output": output_of(check)}
        own = self._own(session, check.name) if self._open else ()
        for each in own:
            self._change(session, each, result)
        known = own or (self._made(session, check, _ended(str(check.conclusion))),)
        self._open = None
        if known[0] is not None:
            self._annotate(session, known[0], check)

    def _made(self, session: Session, check: Check, state: Mapping[str, object]) -> int | None:
        """Make a check run; None where this token may not, which is said once."""
        body = {
            "name": check.name,
            "head_sha": self._context.commit,
            "external_id": str(self._owner),
            "output": output_of(check),
            **state,
        }
        if self._context.run_url:
            body["details_url"] = self._context.run_url
        question = self._api.question("make it", "check-runs", method="POST", body=body)
        answer = session.ask(question, 403, 404)
        if may_not_check(answer):
            self._silent = True
            if not self._context.is_fork:
                self._say(NO_CHECK)
            return None
        if answer.status >= 400:
            raise session.refused(question, answer)
        return number(at(answer.document(), "id"))

    def _own(self, session: Session, name: str) -> tuple[int, ...]:
        """Return this job's open checks: one made by a try whose answer was lost is among them."""
        found = [self._id] if self._id else []
        with suppress(DeliveryError):
            going_on = self._going_on(session, name)
            found += [each for each, owner in going_on if owner == self._owner]
        return tuple(dict.fromkeys(found))

    def _close_stale(self, session: Session, name: str) -> None:
        """Cancel checks of this commit that killed jobs have left open: nobody else will."""
        stale = (
            each for each, owner in self._going_on(session, name) if self._is_over(session, owner)
        )
        for each, _ in zip(stale, range(_STALE), strict=False):
            self._change(session, each, {**_ended("cancelled"), "output": KILLED})

    def _going_on(self, session: Session, name: str) -> list[tuple[int, Owner]]:
        """Return the open checks of this name that perfci made, with whose they are."""
        commit, called = self._context.commit, quote(name, safe="")
        path = f"commits/{commit}/check-runs?check_name={called}&status=in_progress&filter=all"
        found = self._api.items(session, "list the checks", f"{path}&per_page=100", "check_runs")
        owned = ((number(at(it, "id")), owner_of(text(at(it, "external_id")))) for it in found)
        return [(each, owner) for each, owner in owned if each is not None and owner is not None]

    def _is_over(self, session: Session, owner: Owner) -> bool:
        """Tell whether the job that opened a check cannot close it any more."""
        if owner.run == self._owner.run:
            return owner.attempt < self._owner.attempt
        path = f"actions/runs/{owner.run}"
        answer = session.ask(self._api.question("look at its run", path), 403, 404)
        return at(answer.document(), "status") == "completed"

    def _annotate(self, session: Session, known: int, check: Check) -> None:
        """Add the annotations, so many at a time; the check is closed by then, whatever happens."""
        found = [annotation_of(each) for each in check.annotations if each.path]
        for start in range(0, len(found), _PORTION):
            output = {**output_of(check), "annotations": found[start : start + _PORTION]}
            self._change(session, known, {"output": output})

    def _change(self, session: Session, known: int, body: Mapping[str, object]) -> None:
        path = f"check-runs/{known}"
        session.ask(self._api.question("change it", path, method="PATCH", body=body))


def _ended(conclusion: str) -> dict[str, object]:
    return {"status": "completed", "conclusion": conclusion}
