"""Whatever a server answers, or does not, ends in an error that says what to do next."""

import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape

import pytest

from perfci.errors import StoreError
from perfci.stores.s3 import s3_store
from perfci.stores.s3.store import S3Store
from tests.stores.s3.scripted import ENVIRON, Answer, Request, Scripted, error, scripted

NAME = "v1/app/branches/main/history.json"
SESSION = "SESSIONTOKENSESSIONTOKEN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A server and a store there, made once: a client takes long to make."""

    server: Scripted
    store: S3Store
    pauses: list[int]

    def failure(self, answer: Answer, verb: str) -> StoreError:
        """Return what a call raises where the server answers so."""
        self.server.script = lambda _: answer
        return failure(self.store, verb)


@pytest.fixture(scope="module")
def made_once() -> Iterator[Stage]:
    pauses: list[int] = []
    with scripted(lambda _: Answer()) as server:
        rest = f"//bucket/ci?endpoint_url={server.url}&region=eu-west-1"
        environ = ENVIRON | {"AWS_SESSION_TOKEN": SESSION}
        store = s3_store(rest, environ, pause=pauses.append, patience=5)
        yield Stage(server=server, store=store, pauses=pauses)


@pytest.fixture
def stage(made_once: Stage) -> Stage:
    made_once.server.requests.clear()
    made_once.pauses.clear()
    return made_once


def failure(store: S3Store, verb: str) -> StoreError:
    calls: dict[str, Callable[[], object]] = {
        "read": lambda: store.get(NAME),
        "write": lambda: store.put(NAME, b"x", replaces=None),
        "list": lambda: store.list("v1/"),
        "remove": lambda: store.delete(NAME),
    }
    with pytest.raises(StoreError) as caught:
        calls[verb]()
    what = "v1/" if verb == "list" else NAME
    assert caught.value.message.startswith(f"s3://bucket/ci: cannot {verb} {what}: ")
    for secret in (ENVIRON["AWS_SECRET_ACCESS_KEY"], SESSION):
        assert secret not in caught.value.message + caught.value.hint
    return caught.value


@pytest.mark.parametrize(
    ("verb", "grant"),
    [
        ("read", "Grant s3:GetObject on arn:aws:s3:::bucket/ci/* and s3:ListBucket on"),
        ("write", "Grant s3:PutObject on arn:aws:s3:::bucket/ci/* to"),
        ("list", "Grant s3:ListBucket on arn:aws:s3:::bucket to"),
        ("remove", "Grant s3:DeleteObject on arn:aws:s3:::bucket/ci/* to"),
    ],
)
def test_a_denied_call_says_which_action_to_grant(stage: Stage, verb: str, grant: str) -> None:
    caught = stage.failure(error(403, "AccessDenied", "no right"), verb)
    assert caught.hint.startswith(grant)
    assert "the server answers 403 AccessDenied: no right" in caught.message
    assert ("pull request" in caught.hint) == (verb in {"write", "remove"})


@pytest.mark.parametrize(
    ("answer", "said", "hint"),
    [
        (error(400, "ExpiredToken"), "ExpiredToken", "The session has ended"),
        (error(403, "InvalidAccessKeyId"), "InvalidAccessKeyId", "does not know the key"),
        (error(403, "SignatureDoesNotMatch"), "403", "AWS_SECRET_ACCESS_KEY"),
        (error(404, "NoSuchBucket"), "NoSuchBucket", "Create the bucket"),
        (
            error(403, "RequestTimeTooSkewed", Date="Thu, 01 Jan 2026 00:00:00 GMT"),
            "01 Jan 2026",
            "clock is wrong",
        ),
        (
            error(301, "PermanentRedirect", x_amz_bucket_region="eu-north-1"),
            "301 PermanentRedirect",
            "The bucket is in eu-north-1: write s3://bucket/ci?region=eu-north-1.",
        ),
        (
            error(400, "IllegalLocationConstraintException", x_amz_bucket_region="me-south-1"),
            "400",
            "The bucket is in me-south-1",
        ),
        (error(503, "SlowDown"), "503 SlowDown", "run again later"),
        (error(500, "InternalError"), "500 InternalError", "run again later"),
        (error(429, "TooMany"), "429 TooMany", "run again later"),
        (error(409, "QuotaExceeded"), "QuotaExceeded", "perfci baseline prune"),
        (error(418, "Teapot"), "418 Teapot", "endpoint, region"),
        (Answer(status=404, body=b"<html>not found</html>"), "404", "S3 does not answer like this"),
        (Answer(status=404), "404", "S3 does not answer like this"),
        (Answer(status=502, body=b"<html>bad gateway"), "502", "run again later"),
        (Answer(lost=True), "Connection was closed", "The connection broke"),
    ],
)
@pytest.mark.parametrize("verb", ["read", "write", "list", "remove"])
def test_each_answer_has_a_message_and_a_next_step(
    stage: Stage, verb: str, answer: Answer, said: str, hint: str
) -> None:
    caught = stage.failure(answer, verb)
    assert said in caught.message
    assert hint in caught.hint


def test_a_bucket_of_another_region_is_followed_there(stage: Stage) -> None:
    def script(request: Request) -> Answer:
        if "/eu-north-1/s3/" in request.headers["authorization"]:
            return Answer(body=b"data", headers={"ETag": '"1"'})
        return error(301, "PermanentRedirect", x_amz_bucket_region="eu-north-1")

    stage.server.script = script
    blob = stage.store.get(NAME)
    assert blob is not None
    assert blob.data == b"data"


def test_an_answer_that_is_no_answer_of_s3_is_named(stage: Stage) -> None:
    caught = stage.failure(Answer(body=b"<html>Log in, please"), "list")
    assert "S3 does not answer like this" in caught.hint


def test_what_a_server_says_is_cut_cleaned_and_keeps_no_secret(stage: Stage) -> None:
    evil = f"\u202e\N{ESCAPE} ::error::{SESSION} " + "A" * 5000
    text = escape(evil.replace("\N{ESCAPE}", ""))
    caught = stage.failure(error(403, "Odd\u200b", text), "read")
    assert len(caught.message) < 600
    assert caught.message.isprintable()
    assert "***" in caught.message


@pytest.mark.slow
def test_a_busy_server_is_asked_again_a_few_times_only() -> None:
    with scripted(lambda _: error(503, "SlowDown")) as server:
        environ = ENVIRON | {"AWS_MAX_ATTEMPTS": "2"}
        store = s3_store(f"//bucket?endpoint_url={server.url}", environ)
        with pytest.raises(StoreError, match="503 SlowDown, 2 times"):
            store.get(NAME)
        assert server.methods == ["GET", "GET"]


def test_nobody_there_is_said_with_the_address() -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    with pytest.raises(StoreError, match=f"127.0.0.1:{port}") as caught:
        s3_store(f"//bucket?endpoint_url=http://127.0.0.1:{port}", ENVIRON).get(NAME)
    assert "See that the server runs" in caught.value.hint


def test_a_server_that_does_not_answer_is_given_up() -> None:
    def script(_: Request) -> Answer:
        time.sleep(1)
        return Answer(lost=True)

    with scripted(script) as server:
        store = s3_store(f"//bucket?endpoint_url={server.url}", ENVIRON, patience=0.1)
        with pytest.raises(StoreError) as caught:
            store.get(NAME)
    assert "Read timeout" in caught.value.message
    assert "slow" in caught.value.hint


def test_half_an_object_is_never_taken_for_one(stage: Stage) -> None:
    answers = iter([5, 1, 0])
    cut = Answer(body=b"0123456789", cut=5, headers={"ETag": '"1"'})
    stage.server.script = lambda _: replace(cut, cut=next(answers))
    blob = stage.store.get(NAME)
    assert blob is not None
    assert blob.data == b"0123456789"
    assert stage.pauses == [1, 2]
    assert "5" in stage.failure(cut, "read").message


def test_an_object_without_a_version_is_refused(stage: Stage) -> None:
    assert "no ETag" in stage.failure(Answer(body=b"x"), "read").message


def test_a_listing_that_goes_in_circles_is_given_up(stage: Stage) -> None:
    caught = stage.failure(page(token="again"), "list")
    assert "S3 does not answer like this" in caught.hint


@pytest.mark.slow
def test_a_listing_without_end_is_given_up(stage: Stage) -> None:
    tokens = map(str, range(10_000))
    stage.server.script = lambda _: page(token=next(tokens))
    assert "more than 1000 pages" in failure(stage.store, "list").message


def test_a_listing_of_many_pages_is_read_to_its_end(stage: Stage) -> None:
    def script(request: Request) -> Answer:
        if "continuation-token=t%26wo" in request.path:
            return page("ci/v1/a%2525b")
        return page("ci/v1/c", token="t&amp;wo")

    stage.server.script = script
    assert stage.store.list("v1/") == ("v1/a%25b", "v1/c")


def test_names_that_are_not_below_the_prefix_are_not_believed(stage: Stage) -> None:
    keys = ["ci/v1/a", "ci/v1/../b", "v1/c", "ci/v1/.hidden", "ci/v1//d", "ci/v2/e", "ci/"]
    stage.server.script = lambda _: page(*keys)
    assert stage.store.list("v1/") == ("v1/a",)


def page(*keys: str, token: str = "") -> Answer:
    """Return a page of a listing, keys as a server writes them for the encoding `url`."""
    items = "".join(f"<Contents><Key>{key}</Key></Contents>" for key in keys)
    more = f"<NextContinuationToken>{token}</NextContinuationToken>" if token else ""
    text = (
        f"<ListBucketResult><EncodingType>url</EncodingType>{items}"
        f"<IsTruncated>{'true' if token else 'false'}</IsTruncated>{more}</ListBucketResult>"
    )
    return Answer(body=text.encode())


@pytest.mark.parametrize(
    ("environ", "said", "hint"),
    [
        ({}, "Unable to locate credentials", "AWS_ACCESS_KEY_ID and AWS_SECRET"),
        ({"AWS_ROLE_ARN": "arn:x"}, "Unable to locate credentials", "id-token: write"),
        ({"AWS_ACCESS_KEY_ID": "K"}, "Partial credentials", "one without the other"),
    ],
)
def test_missing_credentials_are_said_with_the_ways_to_give_them(
    environ: dict[str, str], said: str, hint: str
) -> None:
    with scripted(lambda _: Answer()) as server:
        store = s3_store(f"//bucket?endpoint_url={server.url}", environ)
        with pytest.raises(StoreError, match=said) as caught:
            store.get(NAME)
        assert server.requests == []
    assert hint in caught.value.hint


def test_a_profile_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "ghost")
    with pytest.raises(StoreError, match="ghost") as caught:
        s3_store("//bucket", {}).get(NAME)
    assert "AWS_PROFILE" in caught.value.hint
