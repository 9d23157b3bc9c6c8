"""Writes on a condition, on a server that spoils answers and on one that knows no condition."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from perfci.errors import StoreError
from perfci.stores.s3 import s3_store
from perfci.stores.s3.store import S3Store
from tests.stores.s3.scripted import ENVIRON, Answer, Request, Scripted, error, scripted

NAME = "v1/app/branches/main/history.json"
ODD = "before the first write, the server is asked for one that it has to refuse"


@dataclass(slots=True)
class Bucket:
    """A small S3 server; whether it keeps to conditions, and to marks, can be chosen."""

    conditions: bool = True
    marks: bool = True
    unknown: Answer | None = None
    """What is answered to a condition, where it is not known."""
    objects: dict[str, tuple[bytes, str]] = field(default_factory=dict)

    def answer(self, request: Request) -> Answer:
        path = request.path.partition("?")[0]
        there = self.objects.get(path)
        if request.method == "PUT":
            return self._put(path, request)
        if request.method == "DELETE":
            self.objects.pop(path, None)
            return Answer(status=204)
        if there is None:
            return error(404, "NoSuchKey")
        marks = {"X-Amz-Meta-Perfci-Write": there[1]} if self.marks else {}
        return Answer(body=there[0], headers={"ETag": etag(there[0]), **marks})

    def _put(self, path: str, request: Request) -> Answer:
        wanted = request.headers.get("if-match")
        absent = request.headers.get("if-none-match")
        if self.unknown and (wanted or absent):
            return self.unknown
        there = self.objects.get(path)
        if self.conditions and (
            (absent and there) or (wanted and (there is None or etag(there[0]) != wanted))
        ):
            return error(412, "PreconditionFailed")
        self.objects[path] = (request.body, request.headers["x-amz-meta-perfci-write"])
        return Answer(headers={"ETag": etag(request.body)})


def etag(data: bytes) -> str:
    return f'"{data.hex()}"'


@dataclass(slots=True)
class Stage:
    server: Scripted
    store: S3Store
    bucket: Bucket
    meanwhile: Callable[[], object] = lambda: None
    """What others do while the store waits."""

    def spoil(self, *answers: Answer, after: bool = False) -> None:
        """Answer the next writes of the object so, before or after they are done; then as usual."""
        left = list(answers)

        def script(request: Request) -> Answer:
            if request.method == "PUT" and NAME in request.path and left:
                if after:
                    self.bucket.answer(request)
                return left.pop(0)
            return self.bucket.answer(request)

        self.server.script = script


@pytest.fixture
def stage() -> Iterator[Stage]:
    bucket = Bucket()
    with scripted(bucket.answer) as server:
        environ = ENVIRON | {"AWS_MAX_ATTEMPTS": "2"}
        rest = f"//bucket?endpoint_url={server.url}"

        def pause(_: int) -> None:
            found.meanwhile()

        store = s3_store(rest, environ, pause=pause)
        found = Stage(server=server, store=store, bucket=bucket)
        yield found


def test_the_server_is_asked_once_whether_it_keeps_to_conditions(stage: Stage) -> None:
    for number in range(3):
        assert stage.store.put(f"v1/{number}", b"x", replaces=None)
    assert stage.server.methods == ["PUT"] * 4, ODD
    assert sorted(stage.bucket.objects) == [f"/bucket/v1/{number}" for number in range(3)]
    assert stage.store.warnings == []


def test_reading_asks_nothing_more(stage: Stage) -> None:
    stage.store.get(NAME)
    assert stage.server.methods == ["GET"]


def test_a_write_goes_whole_with_its_checksum_and_its_type(stage: Stage) -> None:
    stage.store.put("v1/x.json.gz", b"x", replaces=None)
    headers = stage.server.requests[-1].headers
    assert headers["content-md5"] == "ndTkYSaMgDT1yFZOFVxnpg=="
    assert headers["content-type"] == "application/gzip"
    assert headers["if-none-match"] == "*"
    assert not [name for name in headers if "checksum" in name or "trailer" in name]
    assert "content-encoding" not in headers


def test_a_write_whose_answer_was_lost_is_known_to_have_been_ours(stage: Stage) -> None:
    stage.spoil(error(500, "InternalError"), after=True)
    assert stage.store.put(NAME, b"1", replaces=None)
    stage.spoil(Answer(lost=True), after=True)
    assert stage.store.put(NAME, b"2", replaces=etag(b"1"))
    assert stage.bucket.objects[f"/bucket/{NAME}"][0] == b"2"


def test_the_same_bytes_of_a_rival_are_not_ours(stage: Stage) -> None:
    stage.store.put(NAME, b"1", replaces=None)
    stage.spoil(error(500, "InternalError"))
    assert not stage.store.put(NAME, b"1", replaces=None)


@pytest.mark.parametrize("code", ["ConditionalRequestConflict", "OperationAborted"])
def test_a_new_object_that_is_put_off_is_written_again(stage: Stage, code: str) -> None:
    stage.spoil(error(409, code), error(409, code))
    assert stage.store.put(NAME, b"1", replaces=None)


def test_a_replacement_that_is_put_off_is_left_to_who_reads_again(stage: Stage) -> None:
    stage.store.put(NAME, b"1", replaces=None)
    stage.spoil(error(409, "ConditionalRequestConflict"))
    assert not stage.store.put(NAME, b"2", replaces=etag(b"1"))


@pytest.mark.slow
def test_who_is_always_put_off_is_told(stage: Stage) -> None:
    stage.spoil(*[error(409, "ConditionalRequestConflict")] * 20)
    with pytest.raises(StoreError, match="409 ConditionalRequestConflict") as caught:
        stage.store.put(NAME, b"1", replaces=None)
    assert "Others write" in caught.value.hint


@pytest.mark.parametrize("status", [304, 412])
def test_older_words_for_a_condition_that_fails_are_known(stage: Stage, status: int) -> None:
    stage.spoil(Answer(status=status))
    assert not stage.store.put(NAME, b"1", replaces=None)


def test_what_is_gone_is_not_brought_back(stage: Stage) -> None:
    stage.spoil(error(404, "NoSuchKey"))
    assert not stage.store.put(NAME, b"1", replaces='"1"')
    stage.spoil(error(404, "NoSuchBucket"))
    with pytest.raises(StoreError, match="NoSuchBucket"):
        stage.store.put(NAME, b"1", replaces='"1"')


@pytest.mark.slow
@pytest.mark.parametrize("flaws", [{}, {"marks": False}, {"unknown": error(501, "NotImplemented")}])
def test_a_server_without_conditions_is_noticed_told_once_and_watched(
    stage: Stage, flaws: dict[str, object]
) -> None:
    for name, value in {"conditions": False, **flaws}.items():
        setattr(stage.bucket, name, value)
    assert stage.store.put(NAME, b"1", replaces=None)
    assert not stage.store.put(NAME, b"2", replaces=None)
    assert not stage.store.put(NAME, b"2", replaces='"other"')
    assert stage.store.put(NAME, b"2", replaces=etag(b"1"))
    assert len(stage.store.warnings) == 1
    assert "does not keep to If-Match" in stage.store.warnings[0]
    assert list(stage.bucket.objects) == [f"/bucket/{NAME}"], "the probe is cleared away"
    stage.meanwhile = lambda: stage.bucket.objects.update({f"/bucket/{NAME}": (b"theirs", "m")})
    assert not stage.store.put(NAME, b"3", replaces=etag(b"2"))
    stage.meanwhile = stage.bucket.objects.clear
    assert not stage.store.put(NAME, b"3", replaces=etag(b"theirs"))


def test_who_may_write_but_not_remove_still_writes(stage: Stage) -> None:
    stage.bucket.conditions = False
    usual = stage.bucket.answer
    stage.server.script = lambda it: (
        error(403, "AccessDenied") if it.method == "DELETE" else usual(it)
    )
    assert stage.store.put(NAME, b"1", replaces=None)
    assert stage.bucket.objects.pop(f"/bucket/{NAME}")[0] == b"1"
    left = [name.removeprefix("/bucket/") for name in stage.bucket.objects]
    assert len(left) == 1
    assert left[0].startswith(".perfci-probe-"), "hidden from lists, empty"


def test_what_is_set_aside_while_others_do_is_kept_by_both(stage: Stage) -> None:
    stage.store.put(NAME, b"damaged", replaces=None)
    stage.store.put(f"{NAME}.damaged-1", b"theirs", replaces=None)
    assert stage.store.set_aside(NAME) == f"s3://bucket/{NAME}.damaged-2"
    with pytest.raises(StoreError, match="not there any more"):
        stage.store.set_aside(NAME)
