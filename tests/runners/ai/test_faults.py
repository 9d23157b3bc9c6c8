"""The AI client against servers that fail now and then: each failure is counted by its kind."""

import asyncio
import json
import zlib

import pytest

from perfci.errors import MeasurementError
from perfci.model.measurement import Side
from perfci.runners.ai.client import AiClient
from tests.runners.ai.ai_server import Asked, Out, Script, answering, ollama, openai, serving
from tests.runners.ai.ai_stage import Launched, ai, launch, target


def count_of(script: Script, **settings: object) -> Launched:
    """Return a launch in which the first answer is good and the second comes from the script."""

    async def first_good(asked: Asked, out: Out) -> None:
        await (openai(told=5) if len(model.seen) == 1 else script)(asked, out)

    with serving(first_good) as model:
        launched = launch(target(ai(model.root + "/v1", **settings)))
    assert launched["error_rate"] == 0.5
    assert len(launched.tally.durations["ai_response_time"]) == 1
    return launched


@pytest.mark.parametrize(
    ("status", "headers"),
    [(429, {}), (429, {"Retry_After": "86400"}), (500, {}), (503, {}), (503, {"Retry_After": "x"})],
)
def test_a_passing_failure_is_counted_and_not_waited_for(
    status: int, headers: dict[str, str]
) -> None:
    launched = count_of(answering({"error": "overloaded"}, status, **headers))

    assert launched.tally.errors == {f"status {status}": 1}


def test_a_status_counts_also_where_its_body_breaks_off() -> None:
    async def breaks_off(asked: Asked, out: Out) -> None:
        await out.begin(500, Content_Length="1000")
        await out.raw(b"out of mem")

    assert count_of(breaks_off).tally.errors == {"status 500": 1}


def test_a_server_that_has_perfci_wait_for_ever_is_asked_four_times() -> None:
    with (
        serving(answering({}, 429, Retry_After="0")) as model,
        pytest.raises(MeasurementError, match="answers 429") as caught,
    ):
        launch(target(ai(model.root + "/v1", requests=1)))

    assert len(model.seen) == 4
    assert "limits" in caught.value.hint


async def stops(asked: Asked, out: Out) -> None:
    await out.begin()
    await out.event({"choices": [{"delta": {"content": "a"}}]})
    await out.raw(b'data: {"choices": [{"del')


async def resets(asked: Asked, out: Out) -> None:
    await out.begin()
    await out.event({"choices": [{"delta": {"content": "a"}}]})
    await asyncio.sleep(0.1)
    out.reset()


async def promises_more(asked: Asked, out: Out) -> None:
    await out.begin(Content_Length="1000")
    await out.event({"choices": [{"delta": {"content": "a"}}]})


async def closes(asked: Asked, out: Out) -> None:
    pass


async def says_nothing(asked: Asked, out: Out) -> None:
    await out.begin()
    await out.event("[DONE]")


async def says_nothing_at_all(asked: Asked, out: Out) -> None:
    await out.begin()


async def says_only_empty_things(asked: Asked, out: Out) -> None:
    await openai(tokens=0, told=0)(asked, out)


async def comments_and_ends(asked: Asked, out: Out) -> None:
    await out.begin()
    await out.raw(b": ping\n\n: ping\n\n")


async def garbles(asked: Asked, out: Out) -> None:
    await out.begin()
    await out.event({"choices": [{"delta": {"content": "a"}}]})
    await out.event('{"choices": [{"delta"')
    await asyncio.sleep(30)


async def shows_a_page(asked: Asked, out: Out) -> None:
    await out.begin(kind="text/html")
    await out.raw(b"<!doctype html><title>Web interface</title>")


async def speaks_no_http(asked: Asked, out: Out) -> None:
    await out.raw(b"SSH-2.0-server\r\n\r\n")


async def fails_in_the_stream(asked: Asked, out: Out) -> None:
    await out.begin()
    await out.event({"choices": [{"delta": {"content": "a"}}]})
    await out.raw(b'event: error\ndata: {"error": {"message": "out of memory"}}\n\n')
    await asyncio.sleep(30)


async def never_ends_a_line(asked: Asked, out: Out) -> None:
    await out.begin()
    while True:
        await out.raw(b"data: " + b"x" * 65536)


async def never_ends_and_is_compressed(asked: Asked, out: Out) -> None:
    await out.begin(Content_Encoding="gzip")
    packer = zlib.compressobj(wbits=31)
    while True:
        await out.raw(packer.compress(b": ping\n\n" * 100_000))


async def never_ends(asked: Asked, out: Out) -> None:
    await out.begin()
    event = json.dumps({"choices": [{"delta": {"content": "word" * 1000}}]})
    while True:
        await out.event(event)


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        (stops, "stream stopped"),
        (resets, "stream stopped"),
        (promises_more, "stream stopped"),
        (closes, "connection closed"),
        (says_nothing, "empty answer"),
        (says_nothing_at_all, "empty answer"),
        (says_only_empty_things, "empty answer"),
        (comments_and_ends, "empty answer"),
        (garbles, "bad answer"),
        (shows_a_page, "bad answer"),
        (speaks_no_http, "bad answer"),
        (fails_in_the_stream, "server error"),
        (never_ends_a_line, "endless answer"),
        (never_ends, "endless answer"),
        (never_ends_and_is_compressed, "endless answer"),
    ],
)
def test_an_answer_that_is_not_good_is_an_error_of_its_kind(script: Script, kind: str) -> None:
    assert count_of(script, max_tokens=8).tally.errors == {kind: 1}


def test_the_longest_answers_may_not_come_in_one_endless_event() -> None:
    assert count_of(never_ends_a_line, max_tokens=10**6).tally.errors == {"endless answer": 1}


def test_a_model_that_a_server_fails_to_load_is_the_servers_failure() -> None:
    launched = count_of(answering({"error": "model not found in memory"}, 500))

    assert launched.tally.errors == {"status 500": 1}


async def pings_for_ever(asked: Asked, out: Out) -> None:
    await out.begin()
    while True:
        await out.raw(b": keep-alive\n\n")
        await asyncio.sleep(0.02)


async def speaks_for_ever(asked: Asked, out: Out) -> None:
    await out.begin()
    while True:
        await out.event({"choices": [{"delta": {"content": "a"}}]})
        await asyncio.sleep(0.02)


async def hangs(asked: Asked, out: Out) -> None:
    await asyncio.sleep(30)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("script", "came"),
    [
        (pings_for_ever, "no token came, only signs of life"),
        (speaks_for_ever, "pieces came"),
        (hangs, "nothing came"),
    ],
)
def test_an_answer_has_its_time_and_no_more(script: Script, came: str) -> None:
    with (
        serving(script) as model,
        pytest.raises(MeasurementError, match=came) as caught,
    ):
        AiClient().warm_up(target(ai(model.root + "/v1", timeout=0.5)))

    assert len(model.seen) == 1
    assert "within 0.5 s" in caught.value.message
    assert "ai.timeout" in caught.value.hint


def test_ollamas_errors_in_the_stream_are_found() -> None:
    async def fails(asked: Asked, out: Out) -> None:
        await out.begin(kind="application/x-ndjson")
        await out.line({"message": {"content": "a"}, "done": False})
        await out.line({"error": "an error was encountered while running the model"})

    with (
        serving(fails) as model,
        pytest.raises(MeasurementError, match="breaks its answer off") as caught,
    ):
        launch(target(ai(model.root + "/api", requests=1)))

    assert "while running the model" in caught.value.output


def test_ollamas_stream_that_stops_is_not_good() -> None:
    async def stops_early(asked: Asked, out: Out) -> None:
        await out.begin(kind="application/x-ndjson")
        await out.line({"message": {"content": "a"}, "done": False})

    with (
        serving(stops_early) as model,
        pytest.raises(MeasurementError, match="after 1 piece"),
    ):
        launch(target(ai(model.root + "/api", requests=1)))


def test_ollama_asked_as_openai_is_no_answer() -> None:
    with (
        serving(ollama()) as model,
        pytest.raises(MeasurementError, match="no piece of an answer") as caught,
    ):
        launch(target(ai(model.root + "/v1", requests=1)))

    assert "dialect" in caught.value.hint


def test_where_nothing_went_well_the_launch_fails_with_all_that_went_wrong() -> None:
    async def fails(asked: Asked, out: Out) -> None:
        await answering({}, 500 if len(model.seen) < 3 else 502)(asked, out)

    with (
        serving(fails) as model,
        pytest.raises(MeasurementError) as caught,
    ):
        launch(target(ai(model.root + "/v1", requests=3), side=Side.BASE))

    assert "answers 502 (status 500 2x, status 502 1x)" in caught.value.message
    assert caught.value.side == Side.BASE


def test_warming_up_survives_a_passing_failure() -> None:
    async def fails_twice(asked: Asked, out: Out) -> None:
        await (answering({}, 503) if len(model.seen) < 3 else openai(told=5))(asked, out)

    with serving(fails_twice) as model:
        AiClient().warm_up(target(ai(model.root + "/v1")))

    assert len(model.seen) == 3


def test_a_gated_rate_that_cannot_be_had_is_an_error() -> None:
    told_at_once = {"choices": [{"message": {"content": "all of it"}}]}
    with (
        serving(answering(told_at_once)) as model,
        pytest.raises(MeasurementError, match="in a single piece") as caught,
    ):
        launch(target(ai(model.root + "/v1", "tokens_per_second")))

    assert "max_tokens" in caught.value.hint
