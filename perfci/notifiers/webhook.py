"""The one poster of messages: patient within bounds, and silent about the address."""

from collections.abc import Callable, Mapping
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
    Service,
    Summary,
)
from perfci.notifiers.addresses import MAKE, NAMES, problem, secrets_of
from perfci.notifiers.replies import delay_of, hint_for, refused_after_all
from perfci.notifiers.signed import headers
from perfci.wire.answer import parts_of
from perfci.wire.session import Access, Question, Session

_TRIES = 3
_PATIENCE = 60.0
"""Seconds that are waited for one service in all."""
_TIMEOUTS = (5.0, 7.0)
_DEADLINE = 10.0
"""Seconds for one whole answer."""
_MOST = 1 << 16
"""Bytes of an answer."""
_ANY = tuple(range(300, 600))


class WebhookSink:
    """Posts messages to the webhooks whose addresses it is given.

    Args:
        urls: a service's address is a secret as a whole.
        secret: with which messages of the service `webhook` are signed; empty for none.
        wait: waits about so many seconds.
        now: returns the seconds since 1970.
        token: returns 32 hex digits that nobody can guess, new on every call.
    """

    def __init__(
        self,
        urls: Mapping[Service, str],
        *,
        secret: str,
        wait: Callable[[float], None],
        now: Callable[[], float],
        token: Callable[[], str],
    ) -> None:
        self._urls = {service: url.strip() for service, url in urls.items()}
        self._secret = secret
        self._wait = wait
        self._now = now
        self._token = token

    def deliver(self, emission: Emission) -> None:
        """Post a message; other emissions pass, and messages for a service without an address.

        Raises:
            DeliveryError: the address is none, or the service did not take the message.
        """
        match emission:
            case Notice():
                if emission.service in self._urls:
                    self._post(emission, self._urls[emission.service])
            case File() | Summary() | Output() | Annotation() | Comment() | Check():
                pass
            case _ as never:
                assert_never(never)

    def _post(self, notice: Notice, url: str) -> None:
        service, who = notice.service, _called(notice.service)
        wrong = problem(service, url)
        if wrong:
            hint = (
                f"{MAKE[service]}; keep it as a secret and hand it to the job as {NAMES[service]}"
            )
            raise DeliveryError(f"{who}: {wrong}", hint=hint)
        secrets = (*secrets_of(url), *([self._secret] if self._secret else []))
        access = Access(
            who=who,
            credential={},
            secrets=secrets,
            wait=self._wait,
            fails_with=DeliveryError,
            tries=1,
            timeouts=_TIMEOUTS,
            deadline=_DEADLINE,
        )
        session = Session(access, lambda answer: hint_for(service, url, answer))
        self._insist(session, self._question(notice, url), service)

    def _question(self, notice: Notice, url: str) -> Question:
        headers_ = {"Content-Type": "application/json"}
        if notice.service is Service.WEBHOOK:
            headers_ |= headers(
                notice.body,
                delivery=self._token(),
                timestamp=int(self._now()),
                secret=self._secret,
            )
        target = _waiting(url) if notice.service is Service.DISCORD else url
        return Question(
            what="post it",
            url=target,
            method="POST",
            data=notice.body,
            headers=headers_,
            most=_MOST,
            signed=True,
        )

    def _insist(self, session: Session, question: Question, service: Service) -> None:
        """Post, again where the service asks for it or does not answer."""
        left = _PATIENCE
        for attempt in range(1, _TRIES + 1):
            last = attempt == _TRIES
            try:
                answer = refused_after_all(service, session.ask(question, *_ANY))
            except DeliveryError:
                if last:
                    raise
                pause = 2.0 ** (attempt - 1)
            else:
                if answer.status < 300:
                    return
                asked = delay_of(answer, attempt)
                if last or asked is None or asked > left:
                    raise session.refused(question, answer)
                pause = asked
            left -= pause
            self._wait(pause)


def _called(service: Service) -> str:
    return "the webhook" if service is Service.WEBHOOK else f"the {service.value.title()} message"


def _waiting(url: str) -> str:
    """Return Discord's address, told to answer only once the message stands.

    Else it takes what it throws away. The rest of the address stays as it is, byte by byte.
    """
    parts = parts_of(url)
    if parts.path.rstrip("/").endswith("/slack") or "wait=" in parts.query:
        return url
    bare, _, _fragment = url.partition("#")
    return f"{bare}{'&' if parts.query else '?'}wait=true"
