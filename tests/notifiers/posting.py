"""Posting one message to a fake service."""

import time
from collections.abc import Callable, Sequence

import pytest

from perfci.errors import DeliveryError
from perfci.model.emission import Notice, Service
from perfci.notifiers.occasions import Occasion
from perfci.notifiers.reporter import NoticeReporter
from perfci.notifiers.webhook import WebhookSink
from tests.notifiers.said import within_job
from tests.notifiers.services import SECRET, TOKEN, Channel, Discord, Receiver, Slack, Teams
from tests.reports.suites import EVERY, many

SERVERS: dict[Service, type[Channel]] = {
    Service.SLACK: Slack,
    Service.DISCORD: Discord,
    Service.TEAMS: Teams,
    Service.WEBHOOK: Receiver,
}


def notices(service: Service, name: str = "picture") -> Sequence[Notice]:
    found = EVERY[name]() if name in EVERY else many(2000, worse=300)
    return NoticeReporter([service], Occasion.ALWAYS, author="A. Name").render(within_job(found))


def sink(
    service: Service,
    url: str,
    waits: list[float] | None = None,
    now: Callable[[], float] = time.time,
) -> WebhookSink:
    return WebhookSink(
        {service: url},
        secret=SECRET,
        wait=(waits if waits is not None else []).append,
        now=now,
        token=lambda: "0123456789abcdef" * 2,
    )


def post(service: Service, server: Channel, waits: list[float] | None = None) -> None:
    (notice,) = notices(service)
    sink(service, server.url, waits).deliver(notice)


def refused(service: Service, server: Channel) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        post(service, server)
    told = f"{caught.value.message} {caught.value.hint}"
    assert TOKEN not in told
    assert SECRET not in told
    assert server.path not in told
    return caught.value
