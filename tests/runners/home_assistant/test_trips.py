"""The Home Assistant client's round trips: what is timed, what counts as an error, what is left."""

import asyncio
import os
import signal
from collections.abc import Iterator

import pytest

from perfci.runners.home_assistant.client import HomeAssistantClient
from perfci.runners.servers.asking import Tally
from perfci.wiring.process import SystemClock
from tests.runners.home_assistant.asked_home import (
    BENCH,
    TOGGLE,
    launch,
    launch_error,
    target,
    work,
)
from tests.runners.home_assistant.fake_home import TOKEN, FakeHome, Line, fake_home
from tests.runners.home_assistant.home_faults import CALL, answer, every, hang_up, slow
from tests.runners.stage import order

OPENING = ("GET /api/websocket", "auth")


@pytest.fixture
def home() -> Iterator[FakeHome]:
    with fake_home() as fake:
        yield fake


@pytest.mark.slow
def test_each_metric_is_the_time_of_its_own_round_trip(home: FakeHome) -> None:
    trips = {
        "GET /api/": "ha_api",
        "GET /api/states": "ha_states",
        "ping": "ha_ping",
        CALL: "ha_call",
        "call_service": "ha_event",
    }
    for trip, metric in trips.items():
        home.instead = {trip: slow(0.2)}
        durations = launch(target(work(home.url, TOGGLE, BENCH, requests=1), TOKEN)).durations

        assert durations["ha_integration"][0] >= durations[metric][0] >= 0.2


@pytest.mark.slow
def test_the_change_of_the_call_before_is_awaited_first(home: FakeHome) -> None:
    home.lag["context-1"] = 0.2

    tally = launch(target(work(home.url, TOGGLE, BENCH, requests=1), TOKEN))

    assert not tally.errors
    actions = [it for it in home.diary if it == CALL or it.startswith(("told", "call"))]
    assert actions == [CALL, "told context-1", "call_service", "told context-2"]


@pytest.mark.slow
def test_a_call_that_failed_has_no_change_to_wait_for(home: FakeHome) -> None:
    home.instead[CALL] = every(2, answer(503))

    tally = launch(target(work(home.url, TOGGLE, BENCH, requests=2), TOKEN))

    assert dict(tally.errors) == {"ha_call: status 503": 1}
    assert len(tally.durations["ha_event"]) == 2
    assert home.state(BENCH) == "off"


@pytest.mark.slow
def test_a_change_that_somebody_else_made_is_not_taken_for_ours(home: FakeHome) -> None:
    async def others(line: Line) -> None:
        await line.changed(BENCH, "somebody else's")
        await line.changed("zone.home", "context-2")
        await asyncio.sleep(0.2)

    home.instead["call_service"] = others

    tally = launch(target(work(home.url, TOGGLE, BENCH, requests=2), TOKEN))

    assert min(tally.durations["ha_event"]) >= 0.2


@pytest.mark.slow
def test_a_change_that_comes_after_its_result_is_awaited(home: FakeHome) -> None:
    async def others(line: Line) -> None:
        await line.changed(BENCH, "somebody else's")

    home.hasty = True
    home.lag["context-2"] = 0.2
    home.instead["call_service"] = others

    tally = launch(target(work(home.url, TOGGLE, BENCH, requests=1), TOKEN))

    assert tally.durations["ha_event"][0] >= 0.2


@pytest.mark.slow
def test_an_answer_to_another_question_is_not_taken_for_ours(home: FakeHome) -> None:
    async def others(line: Line) -> None:
        await line.say(id=line.message["id"] - 1, type="pong")
        await asyncio.sleep(0.2)

    home.instead["ping"] = others

    tally = launch(target(work(home.url, requests=1), TOKEN))

    assert tally.durations["ha_ping"][0] >= 0.2


def test_the_opening_of_the_connections_is_no_part_of_a_round_trip(home: FakeHome) -> None:
    durations = launch(target(work(home.url, requests=1), TOKEN)).durations

    assert home.diary == ["GET /api/", "GET /api/", "GET /api/states", *OPENING, "ping"]
    assert len(durations["ha_api"]) == 1


@pytest.mark.slow
def test_failed_round_trips_make_the_error_rate(home: FakeHome) -> None:
    whom = target(work(home.url, requests=4), TOKEN)
    home.instead["GET /api/states"] = every(2, answer(500, "boom"))

    tally = launch(whom)

    assert dict(tally.errors) == {"ha_states: status 500": 2}
    assert (tally.asked, len(tally.durations["ha_states"])) == (12, 2)
    assert len(tally.durations["ha_integration"]) == 2
    (rate,) = tally.launches(order(whom.benchmark))["error_rate"].clocks.values()
    assert rate == (2 / 12,)


@pytest.mark.slow
def test_a_websocket_that_closes_is_opened_again_for_the_next_cycle(home: FakeHome) -> None:
    home.instead["ping"] = every(2, hang_up)

    tally = launch(target(work(home.url, TOGGLE, BENCH, requests=4), TOKEN))

    assert tally.errors["ha_ping: closed"] == 2
    assert len(tally.durations["ha_ping"]) == 2
    assert len(tally.durations["ha_event"]) == 4
    assert home.state(BENCH) == "off"


@pytest.mark.slow
def test_an_action_that_fails_half_way_leaves_the_state_as_it_was(home: FakeHome) -> None:
    home.instead["call_service"] = every(3, hang_up)

    tally = launch(target(work(home.url, TOGGLE, BENCH, requests=4), TOKEN))

    assert tally.errors.total() == 2
    assert home.state(BENCH) == "off"
    assert not tally.warnings


@pytest.mark.slow
def test_a_state_that_cannot_be_put_back_is_told(home: FakeHome) -> None:
    home.instead["call_service"] = every(2, hang_up)
    home.instead["POST /api/services/homeassistant/turn_off"] = answer(500)

    tally = launch(target(work(home.url, TOGGLE, BENCH, requests=2), TOKEN))

    (warning,) = tally.warnings
    assert warning.startswith("input_boolean.bench may not be as it was before it was measured: ")
    assert warning.endswith("got status 500 for POST /api/services/homeassistant/turn_off")


@pytest.mark.slow
def test_a_server_that_goes_away_ends_the_launch(home: FakeHome) -> None:
    whom = target(work(home.url, requests=20), TOKEN)
    client, tally = HomeAssistantClient(SystemClock()), Tally()
    client.ask(whom, tally, 0)
    home.instead = {trip: answer(502) for trip in ("GET /api/", "GET /api/states")}
    home.instead["GET /api/websocket"] = answer(502)

    error = launch_error(whom)

    assert error.message == "codec/parse got status 502 for GET /api/"
    assert tally.asked == 4 * 3


@pytest.mark.slow
def test_a_round_trip_that_never_succeeds_is_no_measurement(home: FakeHome) -> None:
    whom = target(work(home.url, requests=6), TOKEN)
    home.instead["GET /api/websocket"] = answer(502)

    error = launch_error(whom)

    assert error.message == (
        "codec/parse had no cycle in which every round trip was answered: ha_ping: status 502 (6)"
    )


@pytest.mark.slow
def test_a_part_ends_with_the_time_of_the_benchmark(home: FakeHome) -> None:
    home.instead["ping"] = slow(0.2)

    error = launch_error(target(work(home.url, requests=20), TOKEN, limit=0.3))

    assert "did not end its round trips" in error.message
    assert "within 0.3 s" in error.message
    assert "fewer `requests`" in error.hint


def test_ctrl_c_puts_the_entity_back_and_leaves_no_connection(home: FakeHome) -> None:
    async def interrupt(line: Line) -> bool:
        # the REST call has switched it on, and the second one will not come
        assert home.state(BENCH) == "on"
        os.kill(os.getpid(), signal.SIGINT)
        return True

    home.instead["call_service"] = interrupt
    whom = target(work(home.url, TOGGLE, BENCH), TOKEN)

    with pytest.raises(KeyboardInterrupt):
        HomeAssistantClient(SystemClock()).ask(whom, Tally(), 0)

    assert home.state(BENCH) == "off"
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
