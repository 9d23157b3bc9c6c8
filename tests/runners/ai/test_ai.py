"""The AI client against servers of known truth, in both dialects."""

import asyncio
import os
import re
import signal
from dataclasses import replace

import pytest

from perfci.model.measurement import Clock, Side
from perfci.runners.ai.client import AiClient
from tests.runners.ai.ai_server import Asked, Out, Script, answering, ollama, openai, serving
from tests.runners.ai.ai_stage import KEY, ai, launch, target


@pytest.mark.slow
@pytest.mark.parametrize(
    ("script", "path"),
    [
        (openai(tokens=11, first=0.1, gap=0.02, told=11), "/v1"),
        (ollama(tokens=11, first=0.1, gap=0.02), "/api"),
    ],
)
def test_times_are_those_of_the_server(script: Script, path: str) -> None:
    with serving(script) as model:
        launched = launch(target(ai(model.root + path)))

    # 0.1 s to the first token, ten more after at least 0.02 s each
    assert 0.1 <= launched["time_to_first_token"] < 0.3
    assert 0.3 <= launched["ai_response_time"] < 3.0
    # ten tokens after the first in at least 0.2 s, less what the first came late
    assert 5.0 < launched["tokens_per_second"] < 500.0
    assert launched["error_rate"] == 0.0
    assert launched.launches["ai_response_time"].clocks.keys() == {Clock.WALL}
    assert launched.tally.asked == 2
    assert not launched.tally.warnings


def test_tokens_are_those_that_the_server_tells() -> None:
    with serving(openai(tokens=2, gap=0.1, told=10**6)) as model:
        launched = launch(target(ai(model.root + "/v1", requests=1)))

    # half of them in the first piece, the other half about 0.1 s later
    assert launched["tokens_per_second"] > 10**4
    assert not launched.tally.warnings


def test_pieces_are_counted_where_the_server_tells_nothing_and_that_is_said_once() -> None:
    with serving(openai()) as model:
        launched = launch(target(ai(model.root + "/v1")))

    (warning,) = launched.tally.warnings
    assert warning.startswith("codec/parse on head: the server tells no number of tokens")


@pytest.mark.slow
@pytest.mark.parametrize("field", ["reasoning_content", "reasoning", "thinking"])
def test_a_thought_is_a_first_token(field: str) -> None:
    async def thinks(asked: Asked, out: Out) -> None:
        await out.begin()
        await out.event({"choices": [{"delta": {"role": "assistant", "content": None}}]})
        await out.event({"choices": [{"delta": {field: "hm"}}]})
        await asyncio.sleep(0.3)
        await out.event({"choices": [{"delta": {"content": "yes"}}]})
        await out.event("[DONE]")

    with serving(thinks) as model:
        launched = launch(target(ai(model.root + "/v1", requests=1)))

    assert launched["ai_response_time"] - launched["time_to_first_token"] >= 0.1


def test_an_answer_that_comes_at_once_has_its_first_token_at_its_end() -> None:
    message = {"role": "assistant", "content": "all of it"}
    told = {"choices": [{"message": message}], "usage": {"completion_tokens": 3}}
    with serving(answering(told)) as model:
        launched = launch(target(ai(model.root + "/v1")))

    assert launched["time_to_first_token"] == launched["ai_response_time"] > 0.0
    assert "tokens_per_second" not in launched.launches
    assert launched["error_rate"] == 0.0


@pytest.mark.parametrize(("script", "path"), [(openai(told=5), "/v1"), (ollama(), "/api")])
def test_what_follows_the_end_mark_is_not_waited_for(script: Script, path: str) -> None:
    async def lingers(asked: Asked, out: Out) -> None:
        await script(asked, out)
        await asyncio.sleep(30)

    with serving(lingers) as model:
        launched = launch(target(ai(model.root + path, requests=1, timeout=15.0)))

    assert launched["ai_response_time"] < 15.0


def test_a_stream_may_end_without_an_end_mark_once_it_is_finished() -> None:
    async def unmarked(asked: Asked, out: Out) -> None:
        await out.begin()
        await out.event({"choices": [{"delta": {"content": "a"}, "finish_reason": "stop"}]})

    with serving(unmarked) as model:
        assert launch(target(ai(model.root + "/v1")))["error_rate"] == 0.0


def test_openai_is_asked_for_a_stream_that_is_the_same_every_time() -> None:
    with serving(openai(told=5)) as model:
        launch(target(ai(model.root + "/v1", vary=False, requests=1, max_tokens=9)))

    (asked,) = model.seen
    assert (asked.method, asked.path) == ("POST", "/v1/chat/completions")
    assert asked.headers["accept-encoding"] == "identity"
    assert "authorization" not in asked.headers
    assert asked.body == {
        "model": "tiny",
        "messages": [{"role": "user", "content": "Analyse this room"}],
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0,
        "seed": 1,
        "max_tokens": 9,
    }


def test_ollama_is_asked_for_a_stream_that_is_the_same_every_time() -> None:
    with serving(ollama()) as model:
        launch(target(ai(model.root, dialect="ollama", vary=False, requests=1, max_tokens=9)))

    (asked,) = model.seen
    assert asked.path == "/api/chat"
    assert asked.body == {
        "model": "tiny",
        "messages": [{"role": "user", "content": "Analyse this room"}],
        "stream": True,
        "options": {"temperature": 0, "seed": 1, "num_predict": 9},
    }


def test_no_two_requests_share_a_beginning_and_both_sides_are_asked_alike() -> None:
    client = AiClient()
    with serving(openai(told=5)) as model:
        benchmark = ai(model.root + "/v1", requests=3)
        for seed in (7, 8):
            for side in (Side.BASE, Side.HEAD):
                asked = target(benchmark, seed=seed, side=side)
                client.warm_up(asked)
                launch(asked, client)

    prompts = [it.prompt for it in model.seen]
    assert prompts[:4] == prompts[4:8]
    assert prompts[8:12] == prompts[12:]
    different = {*prompts[:4], *prompts[8:12]}
    assert len({it[:8] for it in different}) == 8
    assert all(re.fullmatch(r"\[\d{12}\] Analyse this room", it) for it in different)


def test_warming_up_asks_briefly_and_as_often_as_is_set() -> None:
    with serving(openai(told=5)) as model:
        AiClient().warm_up(target(replace(ai(model.root + "/v1", max_tokens=500), warmup=3)))

    assert [it.body["max_tokens"] for it in model.seen] == [16, 16, 16]
    assert len({it.prompt for it in model.seen}) == 3


def test_the_key_is_sent_as_a_bearer_token_without_stray_white_space() -> None:
    with serving(openai(told=5)) as model:
        launch(target(ai(model.root + "/v1", requests=1), secret=f"{KEY}\n"))

    assert model.seen[0].headers["authorization"] == f"Bearer {KEY}"


def test_a_field_that_the_server_refuses_is_asked_for_the_other_way_and_remembered() -> None:
    message = (
        "Unsupported parameter: 'max_tokens' is not supported with this model. "
        "Use 'max_completion_tokens' instead."
    )
    too_warm = "Unsupported value: 'temperature' does not support 0 with this model."

    async def particular(asked: Asked, out: Out) -> None:
        if "max_tokens" in asked.body:
            await out.json({"error": {"message": message, "param": "max_tokens"}}, 400)
        elif "temperature" in asked.body:
            await out.json({"error": {"message": too_warm}}, 400)
        else:
            await openai(told=5)(asked, out)

    client = AiClient()
    with serving(particular) as model:
        asked = target(ai(model.root + "/v1"))
        client.warm_up(asked)
        launched = launch(asked, client)

    assert len(model.seen) == 2 + 1 + 2
    assert model.seen[-1].body["max_completion_tokens"] == 64
    assert launched["error_rate"] == 0.0
    assert "takes no temperature" in launched.tally.warnings[0]


@pytest.mark.slow
def test_a_server_that_asks_for_a_short_wait_gets_it_and_its_time_does_not_count() -> None:
    async def limits(asked: Asked, out: Out) -> None:
        if len(model.seen) == 1:
            await out.json({"error": {"message": "slow down"}}, 429, Retry_After="1")
        else:
            await openai(told=5)(asked, out)

    with serving(limits) as model:
        launched = launch(target(ai(model.root + "/v1", requests=1)))

    first, second = model.seen
    assert second.at - first.at >= 1.0
    assert launched["error_rate"] == 0.0
    assert "wait" in launched.tally.warnings[0]


@pytest.mark.slow
def test_a_wait_until_a_date_counts_from_the_servers_own_clock() -> None:
    dates = {
        "Date": "Wed, 21 Oct 2015 07:28:00 GMT",
        "Retry_After": "Wed, 21 Oct 2015 07:28:01 GMT",
    }

    async def limits(asked: Asked, out: Out) -> None:
        if len(model.seen) == 1:
            await out.json({}, 503, **dates)
        else:
            await openai(told=5)(asked, out)

    with serving(limits) as model:
        assert launch(target(ai(model.root + "/v1", requests=1)))["error_rate"] == 0.0
    assert model.seen[1].at - model.seen[0].at >= 1.0


def test_an_address_that_does_not_tell_its_dialect_is_asked_as_openai_and_that_is_said() -> None:
    with serving(openai(told=5)) as model:
        launched = launch(target(ai(model.root)))

    assert model.seen[0].path == "/v1/chat/completions"
    assert "dialect: openai" in launched.tally.warnings[0]


def test_an_interrupt_ends_the_waiting_at_once() -> None:
    async def silent(asked: Asked, out: Out) -> None:
        await out.begin()
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.sleep(60)

    with serving(silent) as model, pytest.raises(KeyboardInterrupt):
        launch(target(ai(model.root + "/v1", timeout=50.0)))
