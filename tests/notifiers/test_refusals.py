"""Refusals: what is said, what to do, and what of the address is never told."""

import socket

import pytest

from perfci.errors import DeliveryError
from perfci.model.emission import Service
from tests.notifiers.posting import SERVERS, notices, post, refused, sink
from tests.notifiers.services import TOKEN, Slack, up
from tests.stores.fakes.server import Reply, Request

REFUSALS = {
    "gone": (Service.SLACK, None, "the webhook is gone"),
    "unknown": (Service.DISCORD, None, "the webhook is gone"),
    "workflow": (Service.TEAMS, None, "the workflow may be gone"),
    "archived": (Service.SLACK, Reply(status=410, body=b"channel_is_archived"), "webhook is gone"),
    "forbidden": (Service.SLACK, Reply(status=403, body=b"action_prohibited"), "no longer lets"),
    "payload": (Service.SLACK, Reply(status=400, body=b"invalid_payload"), "perfci's fault"),
    "large": (Service.WEBHOOK, Reply(status=413), "perfci's fault"),
    "method": (Service.WEBHOOK, Reply(status=405), "nothing there takes a message"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_says_what_to_do_and_is_not_asked_again(name: str) -> None:
    service, reply, hint = REFUSALS[name]
    with up(SERVERS[service]()) as server:
        server.gone = reply is None
        server.interfere = lambda _: reply
        error = refused(service, server)
    assert hint in error.hint
    assert len(server.requests) == 1
    assert error.message.startswith(
        "the webhook: cannot post it: " if service is Service.WEBHOOK else f"the {service.title()} "
    )


def test_what_a_service_says_is_told_without_what_it_echoes() -> None:
    def echo(request: Request) -> Reply:
        return Reply(status=400, body=f"\x1b[31mno {TOKEN} at {request.path}\n::error::x".encode())

    with up(Slack()) as server:
        server.interfere = echo
        error = refused(Service.SLACK, server)
    assert "400 Bad Request: no *** at ***" in error.message
    assert "\n" not in error.message


def test_no_redirect_is_followed_and_where_it_leads_is_no_leak() -> None:
    with up(Slack()) as other, up(Slack()) as server:
        moved = Reply(status=308, headers={"Location": other.url})
        server.interfere = lambda _: moved
        error = refused(Service.SLACK, server)
    assert other.requests == []
    assert "moved to http://127.0.0.1" in error.hint


@pytest.mark.parametrize("service", SERVERS)
def test_a_server_that_is_not_there_is_asked_three_times(service: Service) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        server = SERVERS[service]()
        server.address = f"http://127.0.0.1:{closed.getsockname()[1]}"
        waits: list[float] = []
        with pytest.raises(DeliveryError, match="no answer from http://127") as caught:
            post(service, server, waits)
    assert waits == [1.0, 2.0]
    assert TOKEN not in caught.value.message
    assert server.path not in caught.value.message


def test_a_mistaken_address_is_never_asked_and_says_how_to_come_by_one() -> None:
    (notice,) = notices(Service.SLACK)
    with pytest.raises(DeliveryError, match="the Slack message: its address was never") as caught:
        sink(Service.SLACK, " $SLACK_WEBHOOK_URL\n").deliver(notice)
    assert "https://hooks.slack.com/services/..." in caught.value.hint
    assert "SLACK_WEBHOOK_URL" in caught.value.hint
