"""The fake of GitLab's registry against two clients of GitLab that nobody here wrote."""

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from perfci.stores.gitlab.names import file_of_name, folder_of_version, version_of_folder
from perfci.stores.gitlab.open import gitlab_store
from perfci.stores.gitlab.store import GitLabStore
from tests.stores.branch import read, write
from tests.stores.contract import INDEX, RUN
from tests.stores.fakes.clients import (
    GITBEAKER,
    MODULES,
    PYTHON_GITLAB,
    needs_gitbeaker,
    needs_python_gitlab,
)
from tests.stores.fakes.clients import ask as ask_client
from tests.stores.fakes.gitlab import FakeGitLab, gitlab, variables_of

pytestmark = pytest.mark.slow
Ask = Callable[..., Any]


@pytest.fixture
def fake() -> Iterator[FakeGitLab]:
    with gitlab() as found:
        yield found


@pytest.fixture
def store(fake: FakeGitLab, tmp_path: Path) -> GitLabStore:
    return gitlab_store("gitlab:perfci", "perfci", variables_of(fake), output=tmp_path, wait=print)


@pytest.fixture
def ask(fake: FakeGitLab, kind: str) -> Ask:
    """Return what asks a client for something, with a token of a kind."""
    environ = {
        "ADDRESS": fake.address,
        "KIND": kind,
        "TOKEN": fake.tokens[kind.replace("_", "-")],
        "MODULES": MODULES,
    }
    return lambda client, *argv: ask_client([*client, *argv], environ)


@pytest.mark.parametrize("kind", ["job_token", "private_token"])
@pytest.mark.parametrize(
    "client",
    [
        pytest.param(PYTHON_GITLAB, marks=needs_python_gitlab, id="python-gitlab"),
        pytest.param(GITBEAKER, marks=needs_gitbeaker, id="gitbeaker"),
    ],
)
def test_a_client_lists_and_downloads_what_perfci_wrote(
    fake: FakeGitLab, store: GitLabStore, tmp_path: Path, ask: Ask, client: list[str]
) -> None:
    fake.page = 3
    wrote = {f"{RUN}-{number}": os.urandom(1000) for number in range(8)}
    wrote |= {"v1/app/branches/feature~/x_Y @1/history.json": b"", INDEX: b"\0\r\n\xff"}
    write(store, INDEX, b"old")
    for name, data in wrote.items():
        write(store, name, data)

    listed = ask(client, "list", "perfci")

    spots = {name: spot_of(name) for name in wrote}
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in wrote.items()}
    assert sorted(listed) == sorted([*spots[name], digests[name]] for name in wrote)
    for name in (f"{RUN}-7", "v1/app/branches/feature~/x_Y @1/history.json", INDEX):
        ask(client, "download", "perfci", *spots[name], tmp_path / "got")
        assert (tmp_path / "got").read_bytes() == wrote[name]


@needs_python_gitlab
@pytest.mark.parametrize("kind", ["job_token"])
def test_perfci_reads_what_python_gitlab_uploads(
    store: GitLabStore, tmp_path: Path, ask: Ask
) -> None:
    data = os.urandom(3 << 20)
    (tmp_path / "theirs").write_bytes(data)
    ask(PYTHON_GITLAB, "upload", "perfci", *spot_of(RUN), tmp_path / "theirs")
    write(store, INDEX, b"ours")
    (tmp_path / "theirs").write_bytes(b"theirs")
    ask(PYTHON_GITLAB, "upload", "perfci", *spot_of(INDEX), tmp_path / "theirs")
    assert store.list("") == (INDEX, RUN)
    assert read(store, RUN) == data
    assert read(store, INDEX) == b"theirs"


@needs_python_gitlab
@pytest.mark.parametrize("kind", ["job_token"])
def test_perfci_and_python_gitlab_miss_what_the_other_removed(store: GitLabStore, ask: Ask) -> None:
    for name in (INDEX, RUN):
        write(store, name, b"x")
    ask(PYTHON_GITLAB, "remove", "perfci", *spot_of(RUN))
    assert store.get(RUN) is None
    assert store.list("") == (INDEX,)
    store.delete(INDEX)
    assert ask(PYTHON_GITLAB, "list", "perfci") == []


def spot_of(name: str) -> list[str]:
    """Return version and file of an object in the package."""
    folder, _, last = name.rpartition("/")
    assert folder_of_version(version_of_folder(folder)) == folder
    return [version_of_folder(folder), file_of_name(last)]
