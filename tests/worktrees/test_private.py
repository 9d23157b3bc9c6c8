"""A base that only a token gets at: a checkout that left no credentials behind."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from perfci.errors import WorktreeError
from perfci.worktrees.git import Git
from perfci.worktrees.resolve import resolve
from tests.stores.git.hosting import READER, Host, hosted

Sh = Callable[..., str]


@pytest.fixture
def host(repository: Path, tmp_path: Path, sh: Sh) -> Iterator[Host]:
    """Serve the repository to whoever has a token."""
    (tmp_path / "served/o").mkdir(parents=True)
    sh(tmp_path, "clone", "--quiet", "--bare", str(repository), "served/o/app.git")
    sh(tmp_path / "served/o/app.git", "config", "uploadpack.allowAnySHA1InWant", "true")
    with hosted(tmp_path / "served") as host:
        host.users[READER] = "read"
        yield host


@pytest.fixture
def bare_checkout(host: Host, shallow: Path, sh: Sh) -> Path:
    """Return a clone of depth 1 that knows the way and has no credential."""
    sh(shallow, "remote", "set-url", "origin", f"{host.url}/o/app.git")
    return shallow


def with_token(place: Path, git: Git, server: str) -> Git:
    return Git(place, {**git.environ, "GITHUB_TOKEN": READER, "GITHUB_SERVER_URL": server})


def test_the_token_of_the_environment_fetches_a_base(
    host: Host, bare_checkout: Path, git: Git
) -> None:
    there = with_token(bare_checkout, git, host.url)
    wanted = git.commit("HEAD~2")
    assert resolve(there, wanted) == wanted
    assert {password for _, password in host.seen} == {"", READER}


def test_a_token_goes_to_its_own_server_alone(host: Host, bare_checkout: Path, git: Git) -> None:
    there = with_token(bare_checkout, git, "https://example.org")
    with pytest.raises(WorktreeError):
        resolve(there, git.commit("HEAD~2"))
    assert not any(password for _, password in host.seen)


def test_what_the_checkout_brings_comes_first(
    host: Host, bare_checkout: Path, git: Git, sh: Sh
) -> None:
    host.public = True
    there = with_token(bare_checkout, git, host.url)
    wanted = git.commit("HEAD~2")
    assert resolve(there, wanted) == wanted
    assert not any(password for _, password in host.seen), "no token where none is needed"
