"""The forms in which people write a model's address."""

import pytest

from perfci.runners.ai.address import endpoint, shown

HOST = "http://127.0.0.1:8080"


@pytest.mark.parametrize(
    "path", ["/v1", "/v1/", "/v1/chat/completions", "/v1/chat/completions/", "/v1/models"]
)
def test_v1_is_openai(path: str) -> None:
    at = endpoint(HOST + path, "auto")

    assert at.dialect == "openai"
    assert not at.guessed
    assert at.chat == f"{HOST}/v1/chat/completions"
    assert at.models == f"{HOST}/v1/models"


@pytest.mark.parametrize("path", ["", "/"])
def test_a_bare_host_is_taken_for_openai_under_v1(path: str) -> None:
    at = endpoint(HOST + path, "auto")

    assert at.guessed
    assert at.chat == f"{HOST}/v1/chat/completions"


@pytest.mark.parametrize(
    "root", ["/api/v1", "/openai/v1", "/v1beta/openai", "/api/v3", "/serve/v1"]
)
def test_roots_with_a_version_in_them_are_openai_and_are_kept(root: str) -> None:
    at = endpoint(HOST + root, "auto")

    assert (at.dialect, at.guessed) == ("openai", False)
    assert at.chat == f"{HOST}{root}/chat/completions"


@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1:11434", "http://127.0.0.1:11434/", "http://127.0.0.1:11434/api"),
        *("http://127.0.0.1:11434/api/", "http://127.0.0.1:11434/api/chat"),
        *("http://127.0.0.1:11434/api/generate", "http://127.0.0.1:11434/api/tags"),
    ],
)
def test_port_11434_and_api_are_ollama(url: str) -> None:
    at = endpoint(url, "auto")

    assert (at.dialect, at.guessed) == ("ollama", False)
    assert at.chat == "http://127.0.0.1:11434/api/chat"
    assert at.models == "http://127.0.0.1:11434/api/tags"


def test_ollamas_port_speaks_openai_where_v1_is_written() -> None:
    assert endpoint("http://127.0.0.1:11434/v1", "auto").dialect == "openai"


def test_a_dialect_that_is_set_holds_whatever_the_address_looks_like() -> None:
    ollama = endpoint(f"{HOST}/v1", "ollama")
    openai = endpoint("http://127.0.0.1:11434", "openai")
    other = endpoint(f"{HOST}/api", "openai")

    assert ollama.chat == f"{HOST}/api/chat"
    assert openai.chat == "http://127.0.0.1:11434/v1/chat/completions"
    assert other.chat == f"{HOST}/api/chat/completions"
    assert not any(it.guessed for it in (ollama, openai, other))


def test_prefixes_and_queries_are_kept() -> None:
    at = endpoint("https://host/gateway/api/chat?version=2", "ollama")

    assert at.chat == "https://host/gateway/api/chat?version=2"
    assert at.models == "https://host/gateway/api/tags?version=2"


def test_a_query_is_never_shown() -> None:
    assert shown("https://host/v1?key=secret\x1b[31m#secret") == "https://host/v1"
