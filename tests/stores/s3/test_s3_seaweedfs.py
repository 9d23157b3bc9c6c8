"""The store on a real S3 server: the contract, rights, a faulty line."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from perfci.errors import StoreError
from perfci.ports import Store
from perfci.stores.s3 import s3_store
from tests.stores.contract import INCREMENTS, INDEX, WORKERS, StoreContract, increment
from tests.stores.s3.real_servers import ADMIN, BUCKET, READER
from tests.stores.s3.scripted import Answer, Request, error, forwarded, scripted

pytestmark = pytest.mark.s3

places = count()


@pytest.fixture
def place(seaweed: str) -> str:
    """A prefix that nobody else uses."""
    return f"//{BUCKET}/ci/own-{next(places)}?endpoint_url={seaweed}"


def rivals(place: str, writers: int, times: int, environ: Mapping[str, str] = ADMIN) -> None:
    """Let writers count up at once, each through a store of its own."""
    with ThreadPoolExecutor(writers) as pool:
        stores = [s3_store(place, environ) for _ in range(writers)]
        for done in [pool.submit(increment, store, times) for store in stores]:
            done.result()


class TestS3Store(StoreContract):
    @pytest.fixture
    def store(self, place: str) -> Store:
        return s3_store(place, ADMIN)

    @pytest.fixture
    def compete(self, place: str) -> Callable[[], None]:
        return lambda: rivals(place, WORKERS, INCREMENTS)


def test_a_bucket_without_a_prefix_keeps_the_contract_too(seaweed: str) -> None:
    store = s3_store(f"//{BUCKET}?endpoint_url={seaweed}&path_style=true", ADMIN)
    assert store.put("v9/x", b"x", replaces=None)
    assert store.list("v9/") == ("v9/x",)
    store.delete("v9/x")
    assert store.list("v9/") == ()


def test_writers_lose_nothing_over_a_faulty_line(place: str) -> None:
    url = place.partition("endpoint_url=")[2]
    writes = count(1)

    def script(request: Request) -> Answer:
        number = next(writes) if request.method == "PUT" else 1
        if number % 11 == 0:
            return error(503, "SlowDown")
        if number % 13 == 0:
            return error(409, "ConditionalRequestConflict")
        answer = forwarded(url, request)
        return Answer(lost=True) if number % 17 == 0 else answer

    def enlist(writer: int) -> None:
        store = s3_store(faulty, {**ADMIN, "AWS_MAX_ATTEMPTS": "8"})
        for number in range(5):
            done = False
            while not done:
                blob = store.get(INDEX)
                lines = set(blob.data.split()) if blob else set()
                data = b" ".join(sorted(lines | {b"%d-%d" % (writer, number)}))
                done = store.put(INDEX, data, replaces=blob.version if blob else None)

    with scripted(script) as line, ThreadPoolExecutor(8) as pool:
        faulty = place.replace(url, line.url)
        assert list(pool.map(enlist, range(8))) == [None] * 8
        assert next(writes) > 17, "every fault has occurred"
    blob = s3_store(place, ADMIN).get(INDEX)
    assert blob is not None
    expected = {b"%d-%d" % (writer, number) for writer in range(8) for number in range(5)}
    assert set(blob.data.split()) == expected


def test_a_reader_sees_each_state_whole_while_it_is_replaced(place: str) -> None:
    reader, writer = s3_store(place, READER), s3_store(place, ADMIN)
    writer.put(INDEX, b"0" * 2_000_000, replaces=None)

    def replace_all() -> None:
        for number in range(1, 10):
            there = writer.get(INDEX)
            assert there is not None
            assert writer.put(INDEX, b"%d" % number * 2_000_000, replaces=there.version)

    seen = set()
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(replace_all)
        while not done.done():
            blob = reader.get(INDEX)
            assert blob is not None
            seen.add((len(blob.data), len(set(blob.data))))
        done.result()
    assert seen == {(2_000_000, 1)}


def test_a_listing_of_more_than_a_page_is_whole(place: str) -> None:
    store = s3_store(place, ADMIN)
    names = tuple(f"v1/runs/{number:04d}%2F" for number in range(1100))
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda name: store.put(name, b"", replaces=None), names))
    assert store.list("v1/") == names


def test_read_only_keys_read_and_list_and_are_told_what_a_write_needs(place: str) -> None:
    s3_store(place, ADMIN).put(INDEX, b"1", replaces=None)
    reader = s3_store(place, READER)
    blob = reader.get(INDEX)
    assert blob is not None
    assert reader.list("v1/") == (INDEX,)
    assert reader.get("v1/none") is None
    calls: dict[str, Callable[[], object]] = {
        "s3:PutObject": lambda: reader.put(INDEX, b"2", replaces=blob.version),
        "s3:DeleteObject": lambda: reader.delete(INDEX),
    }
    for action, call in calls.items():
        with pytest.raises(StoreError, match="403 AccessDenied") as caught:
            call()
        assert f"Grant {action} on arn:aws:s3:::{BUCKET}/ci/" in caught.value.hint
    assert reader.get(INDEX) == blob


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"AWS_ACCESS_KEY_ID": "NOBODYNOBODY"}, "InvalidAccessKeyId"),
        ({"AWS_SECRET_ACCESS_KEY": "WRONGWRONGWRONG"}, "SignatureDoesNotMatch"),
    ],
)
def test_wrong_keys_are_told(place: str, environ: dict[str, str], said: str) -> None:
    with pytest.raises(StoreError, match=f"403 {said}") as caught:
        s3_store(place, ADMIN | environ).get(INDEX)
    assert "WRONGWRONG" not in caught.value.message


def test_a_bucket_that_is_not_there_is_told_on_reading_and_writing(seaweed: str) -> None:
    store = s3_store(f"//nowhere/ci?endpoint_url={seaweed}", ADMIN)
    calls: list[Callable[[], object]] = [
        lambda: store.get(INDEX),
        lambda: store.list("v1/"),
        lambda: store.put(INDEX, b"x", replaces=None),
    ]
    for call in calls:
        with pytest.raises(StoreError, match="NoSuchBucket") as caught:
            call()
        assert "Create the bucket" in caught.value.hint
