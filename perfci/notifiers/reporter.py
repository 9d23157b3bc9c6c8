"""Draws an evaluation as messages, on the chosen occasions, for the chosen services."""

import json
from collections.abc import Iterable, Mapping
from typing import assert_never

from perfci.model.breakdown import Breakdown
from perfci.model.emission import Notice, Service
from perfci.model.evaluation import Evaluation
from perfci.notifiers.broken import compose as of_breakdown
from perfci.notifiers.broken import signed as signed_breakdown
from perfci.notifiers.discord import discord
from perfci.notifiers.message import Message, compose
from perfci.notifiers.occasions import Occasion, wanted
from perfci.notifiers.signed import signed
from perfci.notifiers.slack import slack
from perfci.notifiers.teams import teams


class NoticeReporter:
    """Writes one message for each service.

    Args:
        services: those that an address is known of.
        on: what a message is sent for.
        author: of the commit, as a person is called; empty where it is not known.
    """

    def __init__(self, services: Iterable[Service], on: Occasion, *, author: str = "") -> None:
        self._services = tuple(services)
        self._on = on
        self._author = author

    def render(self, evaluation: Evaluation) -> tuple[Notice, ...]:
        """Return the messages; none where this is no such occasion."""
        if not wanted(evaluation, self._on):
            return ()
        message = compose(evaluation, author=self._author)
        body = signed(evaluation, author=self._author)
        return notices(self._services, message, body)


def broken(breakdown: Breakdown, services: Iterable[Service], on: Occasion) -> tuple[Notice, ...]:
    """Return the messages of a run that came to no verdict, which is red on every occasion."""
    if on is Occasion.NEVER:
        return ()
    return notices(services, of_breakdown(breakdown), signed_breakdown(breakdown))


def notices(
    services: Iterable[Service], message: Message, body: Mapping[str, object]
) -> tuple[Notice, ...]:
    """Return a message as each service takes it.

    Args:
        services: that are told, each once.
        message: for people.
        body: for programs.
    """
    return tuple(
        Notice(service=service, body=_encoded(_form(service, message, body)))
        for service in dict.fromkeys(services)
    )


def _form(service: Service, message: Message, body: Mapping[str, object]) -> Mapping[str, object]:
    match service:
        case Service.SLACK:
            return slack(message)
        case Service.DISCORD:
            return discord(message)
        case Service.TEAMS:
            return teams(message)
        case Service.WEBHOOK:
            return body
        case _ as never:
            assert_never(never)


def _encoded(form: Mapping[str, object]) -> bytes:
    # in ASCII: it needs no encoding of its own, and its length is what was counted
    return json.dumps(form, separators=(",", ":"), allow_nan=False).encode("ascii")
