"""The comprehensive suite against servers: real ones behind their markers, fakes of known truth."""

import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from perfci.model.comparison import Outcome
from tests.facade.suite_stage import by_name, everything_in, framework, outcomes, place, run
from tests.real.home_assistant import real_home
from tests.runners.ai.ai_server import Asked, Out, ollama, openai
from tests.runners.ai.ai_server import serving as serving_model
from tests.runners.home_assistant.fake_home import TOKEN, FakeHome, fake_home

__all__ = ["place"]
HOME, MODELS = "ha_integration", "ai_providers"
LLAMA = Path(__file__).parents[1] / "real" / "llama_server.py"
HASS = os.environ.get("PERFCI_TEST_HASS", "")
PYTHON = os.environ.get("PERFCI_TEST_LLM", "")
KEY = "sk-very/secret+0123456789"


@pytest.fixture
def home(place: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHome]:
    with fake_home() as fake:
        monkeypatch.setenv("HA_URL", fake.url)
        monkeypatch.setenv("HA_TOKEN", TOKEN)
        yield fake


def test_a_home_assistant_is_asked_over_rest_and_websocket_and_compared_the_next_time(
    place: Path, home: FakeHome
) -> None:
    made = framework(place, HOME)

    first, second = run(made), run(made)

    assert set(by_name(first)) == {
        *("cycle:ha_integration", "cycle:error_rate", "rest_api:latency"),
        *("rest_states:latency", "websocket_ping:latency"),
    }
    assert outcomes(first) == {Outcome.NEW}
    values = {name: it.current_value or 0.0 for name, it in by_name(first).items()}
    assert values.pop("cycle:error_rate") == 0.0
    assert all(0 < value < 10_000 for value in values.values())
    assert values["cycle:ha_integration"] > values["rest_api:latency"]
    again = by_name(second)
    assert again["rest_api:latency"].baseline_value == values["rest_api:latency"]
    assert not outcomes(second) & {Outcome.NEW, Outcome.FAILED}


def test_five_tests_of_a_server_ask_it_once(place: Path, home: FakeHome) -> None:
    run(framework(place, HOME))

    # one cycle to warm up, and before each of two launches of 5 cycles another
    assert home.diary.count("GET /api/states") == 1 + 2 * (1 + 5)


@pytest.mark.slow
def test_an_action_that_is_named_is_called_and_its_entity_put_back(
    place: Path, home: FakeHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HA_ACTION", "input_boolean.toggle")
    monkeypatch.setenv("HA_ENTITY", "input_boolean.bench")
    before = home.state("input_boolean.bench")

    found = by_name(run(framework(place, HOME, types=("latency",))))

    assert found["call_action:latency"].outcome is Outcome.NEW
    assert found["state_change:latency"].outcome is Outcome.NEW
    assert home.state("input_boolean.bench") == before


def test_a_wrong_token_fails_and_is_shown_nowhere(
    place: Path, home: FakeHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = "eyJwrong.token_0123456789"
    monkeypatch.setenv("HA_TOKEN", wrong)

    found = run(framework(place, HOME, types=("ha_integration", "error_rate")))

    assert found["skipped"] == []
    assert found["summary"]["failed"] == 2
    assert outcomes(found) == {Outcome.FAILED}
    for result in found["results"]:
        assert "the token in HA_TOKEN is not valid" in result.message
        assert result.current_value is None
    assert wrong not in repr(found)
    assert wrong.encode() not in everything_in(place)
    assert not framework(place).baseline_storage.list_baselines()


def test_a_server_that_is_not_there_fails_with_its_address_and_the_rest_goes_on(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    monkeypatch.setenv("HA_URL", address)
    monkeypatch.setenv("HA_TOKEN", TOKEN)
    monkeypatch.setenv("OPENAI_BASE_URL", f"{address}/v1")
    monkeypatch.setenv("OPENAI_MODEL", "tiny")
    types = ("ha_integration", "ai_response_time", "cpu_usage")

    found = run(framework(place, MODELS, HOME, "system_monitor", types=types))

    assert [it.outcome for it in found["results"]] == [Outcome.FAILED, Outcome.FAILED, Outcome.NEW]
    asked, cycle, _ = found["results"]
    assert f"{address}/v1/chat/completions refuses the connection" in asked.message
    assert f"cannot reach Home Assistant: {address}" in cycle.message
    assert found["components"][HOME]["failed"] == 1
    assert found["skipped"] == []


def test_a_variable_that_is_no_address_fails_and_is_named(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HA_URL", "homeassistant.local")
    monkeypatch.setenv("HA_TOKEN", TOKEN)

    found = run(framework(place, HOME, types=("ha_integration",)))

    (result,) = found["results"]
    assert result.outcome is Outcome.FAILED
    assert "HA_URL: 'homeassistant.local' is not like http://" in result.message
    assert len(list((place / "results").iterdir())) == 1


@pytest.mark.slow
def test_a_model_is_timed_to_its_first_token_and_to_its_end(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving_model(openai(tokens=5, first=0.06, gap=0.01, told=5)) as model:
        monkeypatch.setenv("OPENAI_BASE_URL", f"{model.root}/v1")
        monkeypatch.setenv("OPENAI_MODEL", "tiny")
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        found = run(framework(place, MODELS, warm_up_iterations=2))
        asked = len(model.seen)
        keys = {it.headers["authorization"] for it in model.seen}

    values = {name: it.current_value for name, it in by_name(found).items()}
    first = values["openai_first_token[model=tiny]:latency"]
    whole = values["openai[model=tiny]:ai_response_time"]
    rate = values["openai_tokens[model=tiny]:throughput"]
    assert outcomes(found) == {Outcome.NEW}
    assert first is not None
    assert whole is not None
    assert rate is not None
    assert 60 <= first < whole
    assert whole - first >= 40
    assert 0 < rate <= 101
    assert values["openai[model=tiny]:error_rate"] == 0.0
    # twice to warm up, and before each of two launches once more: four tests ask no more than one
    assert asked == 2 + 2 * 2
    assert keys == {f"Bearer {KEY}"}
    assert KEY.encode() not in everything_in(place)


def test_ollama_is_asked_in_its_own_dialect(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving_model(ollama(tokens=4, gap=0.002)) as model:
        monkeypatch.setenv("OLLAMA_HOST", f"0.0.0.0:{model.port}")
        monkeypatch.setenv("OLLAMA_MODEL", "llama3:8b")
        found = run(framework(place, MODELS, types=("ai_response_time", "throughput")))
        paths = {it.path for it in model.seen}

    assert paths == {"/api/chat"}
    assert set(by_name(found)) == {
        "ollama[model=llama3:8b]:ai_response_time",
        "ollama_tokens[model=llama3:8b]:throughput",
    }
    assert outcomes(found) == {Outcome.NEW}


def test_a_server_that_dies_in_between_fails_every_test_of_it_and_makes_no_baseline(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alive = openai(tokens=3, gap=0.005, told=3)

    async def mortal(asked: Asked, out: Out) -> None:
        if len(model.seen) <= 3:
            await alive(asked, out)
        else:
            out.reset()

    with serving_model(mortal) as model:
        monkeypatch.setenv("OPENAI_BASE_URL", f"{model.root}/v1")
        monkeypatch.setenv("OPENAI_MODEL", "tiny")
        made = framework(place, MODELS, minimum_sample_size=1)
        found = run(made)

    assert found["summary"]["failed"] == found["summary"]["total_tests"] == 4
    for it in found["results"]:
        assert it.message.startswith(f"ai_providers/{it.operation} got no answer: {model.root}/v1")
        assert "closes the connection" in it.message
    assert made.baseline_storage.list_baselines() == []
    assert len(made.get_test_history(MODELS, "openai[model=tiny]")) == 2


def test_an_answer_without_pieces_fails_the_rate_alone(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving_model(openai(tokens=1)) as model:
        monkeypatch.setenv("OPENAI_BASE_URL", f"{model.root}/v1")
        monkeypatch.setenv("OPENAI_MODEL", "tiny")
        found = by_name(run(framework(place, MODELS)))

    assert found["openai[model=tiny]:ai_response_time"].outcome is Outcome.NEW
    rate = found["openai_tokens[model=tiny]:throughput"]
    assert rate.outcome is Outcome.FAILED
    assert "tokens_per_second" in rate.message


@pytest.mark.home_assistant
@pytest.mark.skipif(not HASS, reason="PERFCI_TEST_HASS does not name a hass program")
def test_a_real_home_assistant_is_measured_and_compared(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hass").mkdir()
    with monkeypatch.context() as whole:
        whole.setenv("PATH", os.environ["PATH"])
        with real_home(HASS, tmp_path / "hass") as real:
            monkeypatch.setenv("HA_URL", real.url)
            monkeypatch.setenv("HA_TOKEN", real.token)
            monkeypatch.setenv("HA_ACTION", "input_boolean.toggle")
            monkeypatch.setenv("HA_ENTITY", "input_boolean.bench")
            made = framework(place, HOME, test_iterations=3)
            first, second = run(made), run(made)
            after = real.state("input_boolean.bench")

    assert outcomes(first) == {Outcome.NEW}
    assert not outcomes(second) & {Outcome.NEW, Outcome.FAILED}
    values = {name: it.current_value for name, it in by_name(second).items()}
    assert len(values) == 7
    assert values.pop("cycle:error_rate") == 0.0
    assert all(value is not None and 0.01 < value < 5_000 for value in values.values())
    assert after == "off"
    assert real.token.encode() not in everything_in(place)


@pytest.mark.llm
@pytest.mark.skipif(not PYTHON, reason="PERFCI_TEST_LLM names no Python with xllamacpp")
def test_a_real_model_is_measured_and_compared(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [PYTHON, str(LLAMA), str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        try:
            assert server.stdout is not None
            server.stdout.readline()
            monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{port}/v1")
            monkeypatch.setenv("OPENAI_MODEL", "tiny")
            made = framework(place, MODELS, test_timeout_seconds=120)
            first, second = run(made), run(made)
        finally:
            server.terminate()

    assert outcomes(first) == {Outcome.NEW}
    assert not outcomes(second) & {Outcome.NEW, Outcome.FAILED}
    values = {it.test_type.value: it.current_value for it in first["results"]}
    assert values["error_rate"] == 0.0
    assert 10 < values["latency"] < values["ai_response_time"] < 120_000
    assert values["throughput"] > 0.1
