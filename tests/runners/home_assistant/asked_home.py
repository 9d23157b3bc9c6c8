"""What the tests of the Home Assistant client share: whom they ask, and how."""

from typing import Protocol

import pytest

from perfci.errors import MeasurementError
from perfci.model.measurement import Side
from perfci.model.work import HomeAssistant
from perfci.runners.failures import Subject
from perfci.runners.home_assistant.client import HomeAssistantClient
from perfci.runners.servers.asking import Tally, Target
from perfci.wiring.process import SystemClock
from tests.runners.stage import bench

BENCH = "input_boolean.bench"
TOGGLE = "input_boolean.toggle"


class Home(Protocol):
    """A Home Assistant, real or not."""

    @property
    def url(self) -> str: ...
    @property
    def token(self) -> str: ...
    def state(self, entity: str) -> str: ...


def work(url: str, call: str = "", entity: str = "", **more: float) -> HomeAssistant:
    return HomeAssistant(
        url=url,
        call=call,
        entity=entity,
        requests=int(more.get("requests", 20)),
        timeout=more.get("timeout", 5.0),
    )


def target(asked: HomeAssistant, token: str, *, limit: float = 60.0) -> Target:
    benchmark = bench(asked, "ha_integration", timeout=limit)
    subject = Subject(benchmark=benchmark, side=Side.HEAD, paired=False)
    return Target(subject=subject, url=asked.url, secret=token, seed=7)


def launch(whom: Target) -> Tally:
    """Ask every part of one launch."""
    client, tally = HomeAssistantClient(SystemClock()), Tally()
    for part in range(client.parts(whom.benchmark)):
        client.ask(whom, tally, part)
    return tally


def warm_up_error(whom: Target) -> MeasurementError:
    with pytest.raises(MeasurementError) as caught:
        HomeAssistantClient(SystemClock()).warm_up(whom)
    return caught.value


def launch_error(whom: Target) -> MeasurementError:
    with pytest.raises(MeasurementError) as caught:
        launch(whom)
    return caught.value
