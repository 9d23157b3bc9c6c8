"""The AI client against servers that can never answer: what the reader is told."""

import socket
from urllib.parse import quote

import pytest

from perfci.errors import MeasurementError
from perfci.model.benchmark import Benchmark
from perfci.runners.ai.client import AiClient
from tests.runners.ai.ai_server import Asked, Out, answering, openai, serving
from tests.runners.ai.ai_stage import KEY, ai, launch, target, told


def refused(benchmark: Benchmark, secret: str = "") -> MeasurementError:
    """Return the error of a server that can never answer: warming up and asking say the same."""
    with pytest.raises(MeasurementError) as warming:
        AiClient().warm_up(target(benchmark, secret=secret))
    with pytest.raises(MeasurementError) as asking:
        launch(target(benchmark, secret=secret))
    assert asking.value.message == warming.value.message
    return warming.value


def test_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        error = refused(ai(url, requests=1))

    assert error.message == (
        f"codec/parse got no answer on head: {url}/chat/completions refuses the connection: "
        "nothing listens there"
    )
    assert "service" in error.hint


def test_a_host_without_an_address() -> None:
    error = refused(ai("http://nowhere.invalid/v1"))

    assert "has a host whose name has no address" in error.message


def test_a_server_that_does_not_speak_tls() -> None:
    with serving(openai()) as model:
        error = refused(ai(f"https://127.0.0.1:{model.port}/v1"))

    assert "TLS" in error.message


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_is_wanted(status: int) -> None:
    with serving(answering({"error": {"message": "no key"}}, status)) as model:
        error = refused(ai(model.root + "/v1"))

    assert f"answers {status}" in error.message
    assert "api_key_env" in error.hint
    assert "no key" in error.output
    assert not error.absent


@pytest.mark.parametrize(
    "echo",
    [
        KEY,
        quote(KEY, safe=""),
        KEY.replace("/", "\\/"),
        f"{KEY[:5]}\u200b\x1b[1m{KEY[5:]}",
        KEY + "x" * (4096 - len(KEY) // 2),
    ],
)
def test_a_key_that_is_refused_is_never_shown_however_the_server_echoes_it(echo: str) -> None:
    async def echoing(asked: Asked, out: Out) -> None:
        await out.begin(401)
        await out.raw(f"{echo}\x1b[31mwrong key".encode())

    with serving(echoing) as model:
        error = refused(ai(model.root + "/v1", api_key_env="LLM_KEY"), secret=KEY)

    assert echo not in told(error)
    assert KEY not in told(error)
    assert KEY[-8:] not in told(error)
    assert "wrong key" in error.output
    assert "LLM_KEY" in error.hint


def test_a_key_whose_echo_is_cut_at_the_end_of_what_is_read_is_not_shown() -> None:
    async def echoing(asked: Asked, out: Out) -> None:
        await out.begin(401)
        await out.raw((b"x" * (64 * 1024 - 12)) + KEY.encode() * 2)

    with serving(echoing) as model:
        error = refused(ai(model.root + "/v1", api_key_env="LLM_KEY"), secret=KEY)

    assert KEY[:6] not in told(error)


def test_a_key_in_a_stream_is_not_shown() -> None:
    async def echoing(asked: Asked, out: Out) -> None:
        await out.begin()
        await out.event({"error": {"message": f"key {KEY} has no credit"}})

    with serving(echoing) as model:
        error = refused(ai(model.root + "/v1", requests=1), secret=KEY)

    assert KEY not in told(error)
    assert "has no credit" in error.output


def test_a_key_that_no_header_can_carry_is_not_sent() -> None:
    with serving(openai()) as model:
        error = refused(ai(model.root + "/v1", api_key_env="LLM_KEY"), secret="a\r\nX: schlüssel")

    assert not model.seen
    assert "the key in LLM_KEY" in error.message
    assert "schlüssel" not in told(error)


def test_a_wrong_path_says_what_was_asked_and_what_is_usual() -> None:
    with serving(answering({"error": {"message": "File Not Found"}}, 404)) as model:
        error = refused(ai(model.root))

    assert f"{model.root}/v1/chat/completions answers 404" in error.message
    assert "/v1" in error.hint
    assert "11434" in error.hint
    assert "dialect" in error.hint
    assert error.absent


OPENAI_NO_MODEL = {
    "error": {
        "message": "The model `tiny` does not exist or you do not have access to it.",
        "type": "invalid_request_error",
        "param": None,
        "code": "model_not_found",
    }
}
VLLM_NO_MODEL = {
    "object": "error",
    "message": "The model `tiny` does not exist.",
    "type": "NotFoundError",
    "code": 404,
}


@pytest.mark.parametrize(
    ("root", "status", "said", "listed"),
    [
        ("/v1", 404, OPENAI_NO_MODEL, {"data": [{"id": "huge"}, {"id": "tiny-2\x1b[1m"}]}),
        ("/v1", 404, VLLM_NO_MODEL, {"data": [{"id": "huge"}, {"id": "tiny-2"}]}),
        ("/v1", 400, {"error": "unknown model"}, {"data": [{"id": "huge"}, {"id": "tiny-2"}]}),
        (
            *("/api", 404, {"error": 'model "tiny" not found, try pulling it first'}),
            {"models": [{"name": "huge"}, {"name": "tiny-2"}]},
        ),
    ],
)
def test_a_model_that_is_not_there_is_told_with_those_that_are(
    root: str, status: int, said: object, listed: object
) -> None:
    async def without(asked: Asked, out: Out) -> None:
        if asked.method == "GET":
            await out.json(listed)
        else:
            await out.json(said, status)

    with serving(without) as model:
        error = refused(ai(model.root + root, api_key_env="LLM_KEY"), secret=KEY)

    assert "has no model tiny; it has tiny-2, huge" in error.message
    assert ("ollama pull tiny" in error.hint) == (root == "/api")
    assert error.absent
    assert model.seen[1].path == ("/api/tags" if root == "/api" else "/v1/models")
    assert model.seen[1].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("listed", [b"", b"{", b"[" * 10**6, b'{"data": 5}'])
def test_a_model_that_is_not_there_is_told_also_where_the_others_are_not(listed: bytes) -> None:
    async def without(asked: Asked, out: Out) -> None:
        if asked.method == "GET":
            await out.begin()
            await out.raw(listed)
        else:
            await out.json(OPENAI_NO_MODEL, 404)

    with serving(without) as model:
        error = refused(ai(model.root + "/v1"))

    assert error.message.endswith("has no model tiny")


def test_a_server_with_many_models_names_a_few() -> None:
    async def without(asked: Asked, out: Out) -> None:
        if asked.method == "GET":
            await out.json({"data": [{"id": f"m{n}" * 100} for n in range(1000)]})
        else:
            await out.json(OPENAI_NO_MODEL, 404)

    with serving(without) as model:
        error = refused(ai(model.root + "/v1"))

    assert "and 995 more" in error.message
    assert len(error.message) < 1000


def test_a_redirect_is_not_followed() -> None:
    with serving(answering({}, 307, Location="https://other/v1")) as model:
        error = refused(ai(model.root + "/v1"))

    assert "redirects to https://other/v1" in error.message
    assert len(model.seen) == 2


def test_a_key_in_a_redirect_is_not_shown() -> None:
    with serving(answering({}, 302, Location=f"https://other/?key={KEY}")) as model:
        error = refused(ai(model.root + "/v1"), secret=KEY)

    assert KEY not in told(error)


def test_a_request_that_the_server_refuses_shows_its_words() -> None:
    with serving(answering({"error": {"message": "prompt too long"}}, 400)) as model:
        error = refused(ai(model.root + "/v1"))

    assert "answers 400" in error.message
    assert "prompt too long" in error.output
