"""Services that limit how often one may post: how long they are waited for, and when no more."""

import pytest

from perfci.errors import DeliveryError
from perfci.model.emission import Service
from tests.notifiers.posting import SERVERS, post, refused
from tests.notifiers.services import Discord, Slack, up
from tests.stores.fakes.server import Reply, in_json

LIMITS = {
    "header": (Service.SLACK, Reply(status=429, headers={"Retry-After": "9"}), 9.0),
    "discord": (
        Service.DISCORD,
        in_json(
            {"message": "You are being rate limited.", "retry_after": 1.337, "global": False},
            status=429,
            headers={"Retry-After": "2"},
        ),
        1.337,
    ),
    "silent": (Service.SLACK, Reply(status=429), 5.0),
    "teams": (
        Service.TEAMS,
        Reply(body=b"delivery failed: Microsoft Teams endpoint returned HTTP error 429"),
        5.0,
    ),
    "trouble": (Service.SLACK, Reply(status=503), 1.0),
    "odd": (Service.DISCORD, in_json({"retry_after": "soon"}, status=429), 5.0),
}


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_is_waited_for_as_long_as_it_says(name: str) -> None:
    service, reply, pause = LIMITS[name]
    with up(SERVERS[service]()) as server:
        server.interfere = lambda _: None if len(server.requests) > 1 else reply
        waits: list[float] = []
        post(service, server, waits)
    assert waits == [pause]
    assert len(server.shown) == 1
    assert server.requests[0].body == server.requests[1].body


@pytest.mark.parametrize("name", LIMITS)
def test_three_tries_are_enough(name: str) -> None:
    service, reply, _ = LIMITS[name]
    with up(SERVERS[service]()) as server:
        server.interfere = lambda _: reply
        refused(service, server)
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=429, headers={"Retry-After": "61"}),
        in_json({"retry_after": 3600.5}, status=429),
        in_json({"retry_after": 10**400}, status=429),
    ],
)
def test_who_asks_for_more_than_a_minute_is_not_waited_for(reply: Reply) -> None:
    with up(Discord()) as server:
        server.interfere = lambda _: reply
        error = refused(Service.DISCORD, server)
    assert len(server.requests) == 1
    assert "limits how often" in error.hint


def test_the_minute_is_for_all_tries_together() -> None:
    with up(Slack()) as server:
        server.interfere = lambda _: Reply(status=429, headers={"Retry-After": "40"})
        waits: list[float] = []
        with pytest.raises(DeliveryError):
            post(Service.SLACK, server, waits)
    assert waits == [40.0]
