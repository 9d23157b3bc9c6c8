"""Posting: what is sent, how it is signed, and that one service keeps no other from its message."""

import functools
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from perfci import pipeline
from perfci.model.emission import Service, Summary
from perfci.notifiers.occasions import Occasion
from perfci.notifiers.reporter import NoticeReporter
from perfci.notifiers.webhook import WebhookSink
from tests.notifiers.posting import SERVERS, notices, post, sink
from tests.notifiers.said import within_job
from tests.notifiers.services import SECRET, Discord, Receiver, Slack, up
from tests.reports.suites import EVERY, picture
from tests.stores.fakes.server import Reply


@pytest.mark.parametrize("name", [*EVERY, "thousands"])
@pytest.mark.parametrize("service", SERVERS)
def test_every_message_is_taken(service: Service, name: str) -> None:
    with up(SERVERS[service]()) as server:
        (notice,) = notices(service, name)
        sink(service, server.url).deliver(notice)
    assert len(server.shown) == len(server.requests) == 1


def test_discord_is_asked_to_answer_only_once_the_message_stands() -> None:
    with up(Discord()) as server:
        post(Service.DISCORD, server)
        sink(Service.DISCORD, f"{server.url}?thread_id=5").deliver(notices(Service.DISCORD)[0])
    assert [it.query for it in server.requests] == [
        {"wait": "true"},
        {"thread_id": "5", "wait": "true"},
    ]


def test_a_message_without_an_address_and_other_emissions_pass() -> None:
    with up(Slack()) as server:
        sink(Service.SLACK, server.url).deliver(Summary(markdown="x"))
        sink(Service.SLACK, server.url).deliver(notices(Service.TEAMS)[0])
    assert server.requests == []


def test_blanks_around_an_address_are_no_part_of_it() -> None:
    with up(Slack()) as server:
        sink(Service.SLACK, f" {server.url}\n").deliver(notices(Service.SLACK)[0])
    assert len(server.shown) == 1


def test_a_repeated_message_keeps_its_name_and_its_signature() -> None:
    with up(Receiver()) as server:
        server.interfere = lambda _: None if len(server.requests) > 1 else Reply(status=502)
        post(Service.WEBHOOK, server)
    first, second = (
        {key: value for key, value in it.headers.items() if key.startswith("x-perfci")}
        for it in server.requests
    )
    assert first == second


def test_the_time_is_whole_seconds() -> None:
    (notice,) = notices(Service.WEBHOOK)
    with up(Receiver()) as server:
        sink(Service.WEBHOOK, server.url, now=lambda: 1_700_000_000.9).deliver(notice)
    assert server.requests[0].headers["x-perfci-timestamp"] == "1700000000"


def test_the_documents_receiver_knows_what_is_genuine() -> None:
    page = Path(__file__).parents[2] / "docs" / "chat.md"
    (program,) = re.findall(r"```python\n(.*?)```", page.read_text(), re.DOTALL)
    known: dict[str, Callable[..., bool]] = {}
    exec(program, known)  # what a reader copies
    with up(Receiver()) as server:
        post(Service.WEBHOOK, server)
    (request,) = server.requests
    given = {key.title(): value for key, value in request.headers.items()}
    genuine = functools.partial(known["genuine"], secret=SECRET.encode())
    assert genuine(given, request.body)
    assert not genuine(given, request.body + b" ")
    assert not genuine({**given, "X-Perfci-Timestamp": "1700000000"}, request.body)


def test_only_the_webhook_of_ones_own_is_signed() -> None:
    with up(Slack()) as server:
        post(Service.SLACK, server)
    assert not [key for key in server.requests[0].headers if key.startswith("x-perfci")]


def test_one_service_that_is_down_keeps_no_other_from_its_message() -> None:
    reporter = NoticeReporter(Service, Occasion.FAIL)
    emissions = pipeline.render(within_job(picture()), [reporter])
    with up(Slack()) as slack, up(Discord()) as discord:
        slack.gone = True
        urls = {
            Service.SLACK: slack.url,
            Service.DISCORD: discord.url,
            Service.TEAMS: "https://teams.microsoft.com/l/channel/1",
        }
        both = WebhookSink(urls, secret="", wait=lambda _: None, now=lambda: 0, token=str)
        failed = pipeline.deliver(emissions, [both])
    assert len(discord.shown) == 1
    assert [str(it.error).partition(":")[0] for it in failed] == [
        "the Slack message",
        "the Teams message",
    ]


def test_a_message_is_what_was_rendered_byte_by_byte() -> None:
    (notice,) = notices(Service.SLACK)
    with up(Slack()) as server:
        sink(Service.SLACK, server.url).deliver(replace(notice))
    assert server.requests[0].body == notice.body
