"""The fake of GitHub's artifacts against GitHub's own client, in its versions 2 and newest."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from perfci.stores.artifact.open import artifact_store
from perfci.stores.artifact.store import ArtifactStore
from tests.stores.branch import read
from tests.stores.contract import INDEX, RUN
from tests.stores.fakes.clients import OFFICIAL, ask, needs_official
from tests.stores.fakes.github import FakeGitHub, action_in, github

pytestmark = [pytest.mark.slow, needs_official, pytest.mark.parametrize("version", OFFICIAL)]
LARGE = os.urandom(1 << 20) * 9
"""More than one block."""
BLOBS = {RUN: LARGE, INDEX: b"{}", f"{RUN}-empty": b""}

Official = Callable[..., Any]


@pytest.fixture
def fake(version: str) -> Iterator[FakeGitHub]:
    with github() as found:
        # the newest tells more than the services of act and Gitea know
        found.strict = version == "artifact-2"
        yield found


@pytest.fixture
def official(fake: FakeGitHub, version: str) -> Official:
    """Return what asks the official client, in the workflow run that is going on."""
    return lambda *argv: ask([*OFFICIAL[version], *argv], {**action_in(fake), "TOKEN": fake.token})


@pytest.mark.parametrize("camel", [False, True])
def test_the_official_client_lists_and_downloads_what_perfci_uploaded(
    fake: FakeGitHub, official: Official, tmp_path: Path, *, camel: bool
) -> None:
    fake.camel = camel
    put(store_in(fake, tmp_path), BLOBS)
    inside, outside = (), (fake.now,)
    for run in (inside, outside):
        [found] = official("list", *run)
        assert found["name"] == "perf"
        assert found["size"] > len(LARGE)
        place = tmp_path / str(len(run))
        told = official("download", found["id"], place, found["digest"], *run)
        assert told["digestMismatch"] is False
        assert {name: (place / name).read_bytes() for name in BLOBS} == BLOBS
        told = official("download", found["id"], place, f"sha256:{'0' * 64}", *run)
        assert told["digestMismatch"] is True


def test_perfci_reads_and_carries_on_what_the_official_client_uploaded(
    fake: FakeGitHub, official: Official, tmp_path: Path
) -> None:
    for name, data in BLOBS.items():
        path = tmp_path / "root" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    root = tmp_path / "root"
    made = official("upload", "perf", root, *(root / name for name in BLOBS))
    assert fake.names() == [(100, "perf")]

    fake.begin(101)
    store = store_in(fake, tmp_path)
    assert store.list("v1/") == tuple(sorted(BLOBS))
    assert {name: read(store, name) for name in BLOBS} == BLOBS

    put(store, {f"{RUN}-ours": b"ours"})
    [found] = official("list")
    assert found["id"] != made["id"]
    official("download", found["id"], tmp_path / "got", found["digest"])
    both = {**BLOBS, f"{RUN}-ours": b"ours"}
    assert {name: (tmp_path / "got" / name).read_bytes() for name in both} == both


def test_of_a_name_that_is_taken_perfci_and_the_official_client_are_told(
    fake: FakeGitHub, official: Official, tmp_path: Path
) -> None:
    (tmp_path / "x").write_bytes(b"x")
    official("upload", "perf", tmp_path, tmp_path / "x")
    put(store_in(fake, tmp_path), {RUN: b"ours"})
    assert sorted(it["name"] for it in official("list")) == ["perf", "perf-2"]
    for name in ("perf", "perf-2"):
        with pytest.raises(AssertionError, match="already exists"):
            official("upload", name, tmp_path, tmp_path / "x")


def store_in(fake: FakeGitHub, output: Path) -> ArtifactStore:
    return artifact_store("artifact:perf", "perf", action_in(fake), output=output, wait=print)


def put(store: ArtifactStore, blobs: dict[str, bytes]) -> None:
    for name, data in blobs.items():
        assert store.put(name, data, replaces=None)
    store.close()
