"""The Home Assistant client before a server that fails, lies, hangs or is not there."""

import json
from collections.abc import Iterator

import pytest
from aiohttp import web

from tests.runners.home_assistant.asked_home import BENCH, TOGGLE, target, warm_up_error, work
from tests.runners.home_assistant.fake_home import TOKEN, FakeHome, Line, fake_home
from tests.runners.home_assistant.home_faults import CALL, answer, hang, hang_up


@pytest.fixture
def home() -> Iterator[FakeHome]:
    with fake_home() as fake:
        yield fake


def test_a_closed_websocket_is_told_at_once_when_warming_up(home: FakeHome) -> None:
    home.instead["ping"] = hang_up

    error = warm_up_error(target(work(home.url), TOKEN))

    assert error.message == (
        "codec/parse lost its WebSocket while it waited for a ping: 1001 going down"
    )
    assert "restart" in error.hint


@pytest.mark.parametrize(
    ("trip", "message", "output"),
    [
        ("GET /api/", "got status 503 for GET /api/", "down ***"),
        ("GET /api/states", "got status 503 for GET /api/states", "down ***"),
        (CALL, f"got status 503 for {CALL}", "down ***"),
    ],
)
def test_a_bad_status_is_told_with_what_the_server_said(
    home: FakeHome, trip: str, message: str, output: str
) -> None:
    home.instead[trip] = answer(503, f"down\x1b[31m {TOKEN[:9]}\x1b[0m{TOKEN[9:]}")

    error = warm_up_error(target(work(home.url, TOGGLE, BENCH), TOKEN))

    assert error.message == f"codec/parse {message}"
    assert error.output == output


def test_an_action_that_is_there_and_fails_is_told_with_its_entity(home: FakeHome) -> None:
    home.instead[CALL] = answer(500)

    error = warm_up_error(target(work(home.url, TOGGLE, BENCH), TOKEN))

    assert error.message == f"codec/parse could not call {TOGGLE}: got status 500 for {CALL}"
    assert "does it take input_boolean.bench?" in error.hint


def test_an_action_that_only_the_websocket_refuses_is_told(home: FakeHome) -> None:
    async def refuse(line: Line) -> bool:
        error = {"code": "home_assistant_error", "message": "\x1b[2Jno\nbulb"}
        await line.say(id=line.message["id"], type="result", success=False, error=error)
        return True

    home.instead["call_service"] = refuse

    error = warm_up_error(target(work(home.url, TOGGLE, BENCH), TOKEN))

    assert error.message == (
        f"codec/parse could not call {TOGGLE}: was refused {TOGGLE}: home_assistant_error: no bulb"
    )
    assert home.state(BENCH) == "off"


def test_a_redirection_is_not_followed_with_the_token(home: FakeHome) -> None:
    home.instead["GET /api/"] = answer(301, Location="https://elsewhere.invalid/api/")

    error = warm_up_error(target(work(home.url), TOKEN))

    assert error.message == (
        "codec/parse is sent elsewhere by GET /api/: 301 to https://elsewhere.invalid/api/"
    )


def test_a_forbidden_request_names_the_two_usual_reasons(home: FakeHome) -> None:
    home.instead["GET /api/"] = answer(403)

    error = warm_up_error(target(work(home.url), TOKEN))

    assert error.message == "codec/parse may not GET /api/: 403"
    assert "ip_bans.yaml" in error.hint


def test_a_token_that_only_the_websocket_refuses_is_told_like_any_other(home: FakeHome) -> None:
    async def refuse(line: Line) -> bool:
        await line.say(type="auth_invalid", message=f"Invalid {TOKEN}")
        return True

    home.instead["auth"] = refuse

    error = warm_up_error(target(work(home.url), TOKEN))

    assert "HA_TOKEN is not valid (auth_invalid: Invalid ***)" in error.message
    assert "long-lived access token" in error.hint


def test_a_missing_websocket_is_told_with_its_setting(home: FakeHome) -> None:
    home.instead["GET /api/websocket"] = answer(404)

    error = warm_up_error(target(work(home.url), TOKEN))

    assert "404 to open the WebSocket" in error.message
    assert "`websocket_api:`" in error.hint


@pytest.mark.parametrize("body", ["<html>\x1b[2Jlog in", "[" * 100_000, ""])
def test_an_answer_that_is_no_json_is_shown(home: FakeHome, body: str) -> None:
    home.instead["GET /api/"] = answer(200, body)

    error = warm_up_error(target(work(home.url), TOKEN))

    assert error.message == (
        f"codec/parse got no answer of Home Assistant for GET /api/ from {home.url}: "
        "it is not the JSON that belongs there"
    )
    assert error.output[:6] == ("<html>" if "html" in body else body[:6])
    assert len(error.output) <= 2000


@pytest.mark.parametrize("said", ["no json", "[]", "17", json.dumps({"type": "welcome"})])
def test_a_websocket_of_somebody_else_is_told(home: FakeHome, said: str) -> None:
    async def lie(line: Line) -> bool:
        await line.socket.send_str(said)
        return True

    home.instead["auth"] = lie

    error = warm_up_error(target(work(home.url), TOKEN))

    assert "got no answer of Home Assistant for open the WebSocket" in error.message
    assert error.output == said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("trip", "message"),
    [
        ("GET /api/", "got no answer to GET /api/ within 0.5 s"),
        ("ping", "got no answer to a ping within 0.5 s"),
        ("auth", "got no answer to open the WebSocket within 0.5 s"),
        ("call_service", "got no answer to input_boolean.toggle within 0.5 s"),
    ],
)
def test_a_server_that_never_answers_is_told_with_what_was_asked(
    home: FakeHome, trip: str, message: str
) -> None:
    home.instead[trip] = hang

    error = warm_up_error(target(work(home.url, TOGGLE, BENCH, timeout=0.5), TOKEN))

    assert error.message.startswith(f"codec/parse {message}")
    assert "`home_assistant.timeout`" in error.hint


def test_a_flood_of_messages_does_not_hide_that_no_answer_comes(home: FakeHome) -> None:
    async def flood(line: Line) -> bool:
        while not line.socket.closed:
            await line.changed("zone.home", "x")
        return True

    home.instead["ping"] = flood

    error = warm_up_error(target(work(home.url, TOGGLE, BENCH, timeout=0.5), TOKEN))

    assert "got no answer to a ping within 0.5 s" in error.message
    assert "other messages came instead" in error.message


def test_an_endless_answer_is_cut(home: FakeHome) -> None:
    async def stream(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x" * 2**20)

    home.instead["GET /api/states"] = stream

    error = warm_up_error(target(work(home.url), TOKEN))

    assert error.message == (
        f"codec/parse got more than 32 MiB for GET /api/states from {home.url}"
    )


def test_a_refused_connection_names_the_address() -> None:
    error = warm_up_error(target(work("http://127.0.0.1:1"), TOKEN))

    assert error.message == (
        "codec/parse cannot reach Home Assistant: http://127.0.0.1:1: the connection was refused"
    )
    assert "`service:`" in error.hint


def test_a_server_without_tls_is_told(home: FakeHome) -> None:
    error = warm_up_error(target(work(home.url.replace("http:", "https:")), TOKEN))

    assert "cannot speak TLS with Home Assistant" in error.message
    assert "plain http" in error.hint


@pytest.mark.parametrize("secret", ["two words", "line\nbreak", "caf\u00e9"])
def test_what_cannot_be_a_token_is_not_sent_and_not_shown(home: FakeHome, secret: str) -> None:
    error = warm_up_error(target(work(home.url), secret))

    assert "cannot use its token: what HA_TOKEN holds has a space" in error.message
    assert secret not in repr(error.__dict__)
    assert not home.diary
