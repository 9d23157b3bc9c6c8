"""What each component offers to measure, and what it says where there is nothing."""

from pathlib import Path

import pytest

from perfci.facade.config import RegressionTestType
from perfci.facade.naming import id_of
from perfci.facade.suite.components import ai_providers, home_assistant, system_monitor
from perfci.model.identity import parse_key
from perfci.model.work import Ai, HomeAssistant, System
from perfci.wiring.process import SystemClock

HA = {"HA_URL": "http://127.0.0.1:8123", "HA_TOKEN": "t"}
OPENAI = {"OPENAI_BASE_URL": "http://127.0.0.1:8080/v1", "OPENAI_MODEL": "tiny"}


def home(**environ: str) -> HomeAssistant:
    work = home_assistant.offers(environ).tests[0].work
    assert isinstance(work, HomeAssistant)
    return work


def model(**environ: str) -> Ai:
    work = ai_providers.offers(environ).tests[0].work
    assert isinstance(work, Ai)
    return work


@pytest.mark.parametrize(
    ("environ", "why"),
    [
        ({}, "no Home Assistant is named"),
        ({"HA_URL": HA["HA_URL"]}, "HA_URL is set, but HA_TOKEN is not"),
        ({"HA_TOKEN": "t"}, "HA_TOKEN is set, but HA_URL is not"),
        ({"HA_URL": HA["HA_URL"], "HA_TOKEN": "  "}, "HA_URL is set, but HA_TOKEN is not"),
    ],
)
def test_without_a_home_assistant_it_is_said_what_to_set(environ: dict[str, str], why: str) -> None:
    offers = home_assistant.offers(environ)

    assert not offers.tests
    (reason,) = offers.missing
    assert reason.startswith(f"{why}: set HA_URL and HA_TOKEN")


def test_home_assistant_is_asked_where_the_variables_say() -> None:
    work = home(**HA)

    assert (work.url, work.token_env, work.call) == (HA["HA_URL"], "HA_TOKEN", "")


def test_inside_an_add_on_the_supervisor_leads_to_home_assistant() -> None:
    work = home(SUPERVISOR_TOKEN="s")

    assert (work.url, work.token_env) == ("http://supervisor/core", "SUPERVISOR_TOKEN")


def test_the_supervisors_token_is_told_to_nobody_else() -> None:
    assert not home_assistant.offers({"HA_URL": "http://elsewhere", "SUPERVISOR_TOKEN": "s"}).tests
    there = home(HA_URL="http://supervisor/core", SUPERVISOR_TOKEN="s")
    assert there.token_env == "SUPERVISOR_TOKEN"


def test_an_action_is_called_only_where_one_is_named() -> None:
    plain = {it.operation for it in home_assistant.offers(HA).tests}
    named = HA | {"HA_ACTION": "input_boolean.toggle", "HA_ENTITY": "input_boolean.bench"}
    acting = {it.operation for it in home_assistant.offers(named).tests}

    assert plain == {"cycle", "rest_api", "rest_states", "websocket_ping"}
    assert acting - plain == {"call_action", "state_change"}


@pytest.mark.parametrize(
    ("environ", "variable"),
    [
        (HA | {"HA_URL": "not an address"}, "HA_URL"),
        (HA | {"HA_ACTION": "toggle"}, "HA_ACTION"),
        (HA | {"HA_URL": "http://127.0.0.1:{port}"}, "port"),
    ],
)
def test_a_variable_that_cannot_be_right_is_named(environ: dict[str, str], variable: str) -> None:
    tests = home_assistant.offers(environ).tests

    assert {it.operation for it in tests} > {"cycle", "rest_api"}
    for trouble in (it.trouble for it in tests):
        assert trouble is not None
        assert variable in trouble.message
        assert "benchmarks[0]" not in trouble.message


@pytest.mark.parametrize(
    "environ",
    [{"OLLAMA_HOST": "[bad"}, {"OLLAMA_HOST": "host:99999"}, {"OLLAMA_HOST": "ftp://host"}],
)
def test_a_host_that_cannot_be_right_is_named(environ: dict[str, str]) -> None:
    for test in ai_providers.offers({"OLLAMA_MODEL": "m"} | environ).tests:
        assert test.trouble is not None
        assert "OLLAMA_HOST" in test.trouble.message


def test_a_password_in_an_address_is_refused_and_not_shown() -> None:
    for offers, variable in (
        (home_assistant.offers, {"HA_TOKEN": "t", "HA_URL": "http://me:hunter22@host"}),
        (ai_providers.offers, OPENAI | {"OPENAI_BASE_URL": "http://me:hunter22@host/v1"}),
        (ai_providers.offers, {"OLLAMA_MODEL": "m", "OLLAMA_HOST": "me:hunter22@host"}),
    ):
        for test in offers(variable).tests:
            assert test.trouble is not None
            assert "hunter22" not in test.trouble.message + test.trouble.hint
            assert "hunter22" not in repr(test.work)


@pytest.mark.parametrize(
    ("environ", "why"),
    [
        ({}, "no language model is named"),
        ({"OPENAI_API_KEY": "k"}, "no language model is named"),
        ({"OPENAI_MODEL": "m"}, "OPENAI_MODEL is set, but neither"),
        ({"OPENAI_BASE_URL": "http://h"}, "OPENAI_BASE_URL is set, but the model is not named"),
        ({"OLLAMA_HOST": "0.0.0.0"}, "OLLAMA_HOST is set, but the model is not named"),
    ],
)
def test_without_a_models_name_nothing_is_asked(environ: dict[str, str], why: str) -> None:
    offers = ai_providers.offers(environ)

    assert not offers.tests
    assert offers.missing[0].startswith(why)


def test_a_model_is_asked_for_one_answer_a_launch_and_gives_four_values() -> None:
    tests = ai_providers.offers(OPENAI).tests

    assert {it.work for it in tests} == {tests[0].work}
    assert model(**OPENAI).requests == 1
    assert [(it.operation, it.test_type.value) for it in tests] == [
        ("openai[model=tiny]", "ai_response_time"),
        ("openai_first_token[model=tiny]", "latency"),
        ("openai_tokens[model=tiny]", "throughput"),
        ("openai[model=tiny]", "error_rate"),
    ]


def test_a_key_alone_means_the_interface_of_openai_itself() -> None:
    work = model(OPENAI_MODEL="m", OPENAI_API_KEY="k")

    assert (work.url, work.api_key_env) == ("https://api.openai.com/v1", "OPENAI_API_KEY")
    assert model(**OPENAI).api_key_env == ""


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("", "http://127.0.0.1:11434"),
        ("gpu.local", "http://gpu.local:11434"),
        ("gpu.local:80", "http://gpu.local:80"),
        ("0.0.0.0:1234", "http://127.0.0.1:1234"),
        ("[::1]", "http://[::1]:11434"),
        ("[::]:99", "http://[::1]:99"),
        ("https://gpu.local/ollama", "https://gpu.local/ollama"),
    ],
)
def test_ollamas_host_is_read_in_every_form_that_ollama_takes(host: str, url: str) -> None:
    work = model(OLLAMA_MODEL="llama3:8b", OLLAMA_HOST=host)

    assert (work.url, work.dialect, work.model) == (url, "ollama", "llama3:8b")


def test_both_kinds_of_models_may_be_there() -> None:
    tests = ai_providers.offers(OPENAI | {"OLLAMA_MODEL": "m"}).tests

    assert len({it.work for it in tests}) == 2


def test_the_name_of_a_model_cannot_break_the_key_of_a_series() -> None:
    tests = ai_providers.offers(OPENAI | {"OPENAI_MODEL": "org/a b],x=1:q4"}).tests

    assert tests[0].operation == "openai[model=org/a-b-x-1:q4]"
    id_ = id_of("ai_providers", tests[0].operation)
    assert id_.params == (("model", "org/a-b-x-1:q4"),)
    assert parse_key(id_.series("latency")) == (id_, "latency")


def test_of_the_machine_is_offered_what_can_be_seen_of_it(tmp_path: Path) -> None:
    offers = system_monitor.offers(SystemClock(), tmp_path)

    assert {it.operation for it in offers.tests} == {
        *("machine", "processor", "memory", "disk_write", "scheduler")
    }
    assert all(isinstance(it.work, System) for it in offers.tests)
    types = {it.test_type for it in offers.tests}
    assert {RegressionTestType.CPU_USAGE, RegressionTestType.SYSTEM_HEALTH} < types


def test_what_cannot_be_seen_of_the_machine_is_named_and_not_offered(tmp_path: Path) -> None:
    offers = system_monitor.offers(SystemClock(), tmp_path, system=tmp_path / "nothing")

    assert {it.operation for it in offers.tests} == {"machine", "disk_write", "scheduler"}
    assert any("/proc/stat" in text for text in offers.missing)
