"""What goes wrong between perfci and GitHub, and what is said then."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from perfci.errors import ConfigurationError, StoreError
from perfci.stores.artifact.open import artifact_store
from perfci.stores.artifact.store import ArtifactStore
from perfci.stores.forge_archive import LEFT, pack
from tests.stores.contract import RUN
from tests.stores.fakes.github import FakeGitHub, Run, action_in, github, runtime_token
from tests.stores.fakes.server import Reply, Request


@pytest.fixture
def fake() -> Iterator[FakeGitHub]:
    with github() as found:
        found.runs[50] = Run()
        found.add("perf", pack({RUN: b"good"}), 50)
        yield found


def store_in(fake: FakeGitHub, output: Path, **others: str) -> ArtifactStore:
    environ = {**action_in(fake), **others}
    return artifact_store("artifact:perf", "perf", environ, output=output, wait=lambda _: None)


def silent_about_secrets(fake: FakeGitHub, error: StoreError) -> None:
    told = error.message + error.hint + error.output
    for secret in (fake.token, fake.runtime, "runtimesignature", "signed/secret", "signed%2F"):
        assert secret not in told


def test_a_token_without_the_right_to_read_is_told_what_to_grant(
    fake: FakeGitHub, tmp_path: Path
) -> None:
    fake.may_read = False
    with pytest.raises(StoreError, match="Resource not accessible by integration") as caught:
        store_in(fake, tmp_path).get(RUN)
    assert "artifact:perf: cannot list the artifacts named perf" in caught.value.message
    assert "actions: read" in caught.value.hint


def test_a_wrong_token_is_told_by_its_variable(fake: FakeGitHub, tmp_path: Path) -> None:
    others = {"INPUT_GITHUB-TOKEN": "", "GITHUB_TOKEN": "ghs_wrongsecret"}
    with pytest.raises(StoreError, match="401 Unauthorized: Bad credentials") as caught:
        store_in(fake, tmp_path, **others).get(RUN)
    assert "GITHUB_TOKEN" in caught.value.hint


LIMITS = [
    ({"retry-after": "7"}, [7.0] * 4, "run again later"),
    ({"retry-after": "3600"}, [], "run again later"),
    (
        {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1795765311"},
        [],
        "until 2026-11-27 07:41 UTC",
    ),
]


@pytest.mark.parametrize(("headers", "waited", "says"), LIMITS)
def test_a_rate_limit_is_waited_for_if_it_is_short(
    fake: FakeGitHub, tmp_path: Path, headers: dict[str, str], waited: list[float], says: str
) -> None:
    waits: list[float] = []
    body = b'{"message": "API rate limit exceeded"}'
    fake.interfere = lambda _: Reply(status=403, headers=headers, body=body)
    with pytest.raises(StoreError, match="API rate limit exceeded") as caught:
        artifact_store(
            "artifact:perf", "perf", action_in(fake), output=tmp_path, wait=waits.append
        ).get(RUN)
    assert says in caught.value.hint
    assert waits == waited


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_trouble_that_passes_is_outlasted_in_reading_and_writing(
    fake: FakeGitHub, tmp_path: Path, status: int
) -> None:
    tries: dict[tuple[str, str], int] = {}

    def fail_twice(request: Request) -> Reply | None:
        place = (request.path, str(dict(request.query)))
        tries[place] = tries.get(place, 0) + 1
        return Reply(status=status, body=b"<html>sorry</html>") if tries[place] < 3 else None

    fake.interfere = fail_twice
    store = store_in(fake, tmp_path)
    assert store.get(RUN) is not None
    store.put(f"{RUN}-2", b"x", replaces=None)
    store.close()
    assert (100, "perf") in fake.names()


def on(method: str, status: int, document: object) -> Callable[[Request], Reply | None]:
    def answer(request: Request) -> Reply | None:
        wanted = request.path.endswith(method) or request.query.get("comp") == method
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        return Reply(status=status, body=body) if wanted else None

    return answer


WRITES = [
    (
        on("CreateArtifact", 403, {"code": "resource_exhausted", "msg": "insufficient usage to"}),
        "insufficient usage",
        "room for artifacts is used up",
    ),
    (
        on("CreateArtifact", 429, {"code": "resource_exhausted", "msg": "insufficient usage to"}),
        "insufficient usage",
        "room for artifacts is used up",
    ),
    (on("CreateArtifact", 401, {"msg": "expired"}), "401 Unauthorized: expired", "token"),
    (on("CreateArtifact", 200, {"ok": False}), "the service answered 200", "again"),
    (on("CreateArtifact", 200, []), "the service answered 200", "again"),
    (on("CreateArtifact", 200, b"<html>"), "the service answered 200", "again"),
    (
        on("CreateArtifact", 200, {"ok": True, "signed_upload_url": "ftp://h/x?sig=signed%2Fs"}),
        "no safe place",
        "again",
    ),
    (on("CreateArtifact", 409, {"msg": "exists"}), "has 20 artifacts named perf", "matrix"),
    (on("block", 403, b"<Error>signed/secret</Error>"), "403 Forbidden", "token"),
    (on("blocklist", 400, b"<Error/>"), "400 Bad Request", ""),
    (on("FinalizeArtifact", 400, {"msg": "the hash"}), "the hash", ""),
    (on("FinalizeArtifact", 200, {"ok": True}), "named no artifact", "again"),
]


@pytest.mark.parametrize(("interfere", "says", "hint"), WRITES)
def test_what_cannot_be_uploaded_is_an_error_and_lies_on_disk(
    fake: FakeGitHub,
    tmp_path: Path,
    interfere: Callable[[Request], Reply | None],
    says: str,
    hint: str,
) -> None:
    fake.interfere = interfere
    store = store_in(fake, tmp_path)
    store.put(f"{RUN}-2", b"new", replaces=None)
    with pytest.raises(StoreError, match=says) as caught:
        store.close()
    asked = len(fake.requests)
    store.close()
    assert len(fake.requests) == asked, "it is not tried again"
    assert caught.value.message.startswith("artifact:perf: ")
    assert hint in caught.value.hint
    silent_about_secrets(fake, caught.value)
    assert (tmp_path / LEFT / f"{RUN}-2").read_bytes() == b"new"
    assert fake.names() == [(50, "perf")], "nothing half-made is to be seen"


def test_a_full_disk_is_told_beside_what_could_not_be_uploaded(
    fake: FakeGitHub, tmp_path: Path
) -> None:
    (tmp_path / LEFT).write_bytes(b"")
    store = store_in(fake, tmp_path, ACTIONS_RUNTIME_TOKEN="")
    store.put(f"{RUN}-2", b"new", replaces=None)
    with pytest.raises(StoreError, match=r"it cannot be left in .* either: Not a directory"):
        store.close()


def test_the_storage_is_given_no_credential_but_its_url(fake: FakeGitHub, tmp_path: Path) -> None:
    store = store_in(fake, tmp_path)
    assert store.get(RUN) is not None
    store.put(f"{RUN}-2", b"x", replaces=None)
    store.close()
    there = [it for it in fake.requests if it.parts[0] == "blob"]
    assert [it.method for it in there] == ["GET", "PUT", "PUT"]
    assert all("authorization" not in it.headers for it in there)


def test_a_job_is_known_by_its_token_whatever_stands_beside(
    fake: FakeGitHub, tmp_path: Path
) -> None:
    token = runtime_token("Actions.Results:a Actions.Other:x:y")
    store = store_in(fake, tmp_path, ACTIONS_RUNTIME_TOKEN=token)
    store.put(f"{RUN}-2", b"x", replaces=None)
    with pytest.raises(StoreError, match="are not what GitHub gives to actions"):
        store.close()


NAMES = ["", "a/b", "a:b", "a b\n", 'say "x"', "x" * 300, " a", "a\x1b[31m"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_github_does_not_take_is_refused(
    fake: FakeGitHub, tmp_path: Path, name: str
) -> None:
    with pytest.raises(ConfigurationError, match="names no artifact"):
        artifact_store(
            f"artifact:{name}", name, action_in(fake), output=tmp_path, wait=lambda _: None
        )


@pytest.mark.parametrize(
    ("others", "says", "hint"),
    [
        ({"GITHUB_REPOSITORY": ""}, "GITHUB_REPOSITORY", "file:.perfci"),
        ({"INPUT_GITHUB-TOKEN": ""}, "needs a token", "github-token: ${{ github.token }}"),
        ({"INPUT_GITHUB-TOKEN": "a\nb"}, "INPUT_GITHUB-TOKEN holds characters", "stored"),
    ],
)
def test_a_variable_that_is_missing_is_named(
    fake: FakeGitHub, tmp_path: Path, others: dict[str, str], says: str, hint: str
) -> None:
    with pytest.raises(ConfigurationError, match=says) as caught:
        store_in(fake, tmp_path, **others)
    assert hint in caught.value.hint
