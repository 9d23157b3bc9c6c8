"""The store on a real server that takes every write, whatever the condition."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from perfci.stores.s3 import s3_store
from tests.stores.s3.real_servers import ADMIN, BUCKET, rclone

pytestmark = pytest.mark.s3

NAME = "v1/app/branches/main/history.json"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    with rclone(tmp_path) as url:
        yield url


def test_it_is_noticed_told_once_and_watched(server: str, tmp_path: Path) -> None:
    place = f"//{BUCKET}/ci?endpoint_url={server}"
    rival = s3_store(place, ADMIN)
    rivals_write: list[bytes] = []

    def meanwhile(_: int) -> None:
        for data in rivals_write:
            there = rival.get(NAME)
            assert there is not None
            assert rival.put(NAME, data, replaces=there.version)

    store = s3_store(place, ADMIN, pause=meanwhile)
    assert store.put(NAME, b"1", replaces=None)
    assert not store.put(NAME, b"2", replaces=None)
    first = store.get(NAME)
    assert first is not None
    assert store.put(NAME, b"2", replaces=first.version)
    assert not store.put(NAME, b"3", replaces=first.version)
    second = store.get(NAME)
    assert second is not None
    rivals_write.append(b"theirs")
    assert not store.put(NAME, b"3", replaces=second.version), "a rival overwrote it at once"
    assert len(store.warnings) == 1
    files = [each for each in (tmp_path / BUCKET).rglob("*") if each.is_file()]
    assert [each.name for each in files] == ["history.json"], "the probe is cleared away"
    assert store.set_aside(NAME) == f"s3://{BUCKET}/ci/{NAME}.damaged-1"
    assert store.list("v1/") == (f"{NAME}.damaged-1",)
