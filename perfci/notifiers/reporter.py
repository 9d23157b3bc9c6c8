"""Draws an evaluation as messages, on the chosen occasions, for the chosen services."""

import json
from collections.abc import Iterable, Mapping
from typing import assert_never

from perfci.model.emission import Notice, Service
from perfci.model.evaluation import Evaluation
from perfci.notifiers.discord import discord
from perfci.notifiers.message import compose
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
        self._services = tuple(dict.fromkeys(services))
        self._on = on
        self._author = author

    def render(self, evaluation: Evaluation) -> tuple[Notice, ...]:
        """Return the messages; none where this is no such occasion."""
        if not wanted(evaluation, self._on):
            return ()
        return tuple(
            Notice(service=service, body=_encoded(self._form(service, evaluation)))
            for service in self._services
        )

    def _form(self, service: Service, evaluation: Evaluation) -> Mapping[str, object]:
        message = compose(evaluation, author=self._author)
        match service:
            case Service.SLACK:
                return slack(message)
            case Service.DISCORD:
                return discord(message)
            case Service.TEAMS:
                return teams(message)
            case Service.WEBHOOK:
                return signed(evaluation, author=self._author)
            case _ as never:
                assert_never(never)


def _encoded(form: Mapping[str, object]) -> bytes:
    # in ASCII: it needs no encoding of its own, and its length is what was counted
    return json.dumps(form, separators=(",", ":"), allow_nan=False).encode("ascii")
