"""A remote, a checkout of it, and stores on its branch."""

import os
import random
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from perfci.stores.git.store import GitStore, git_store
from tests.stores.git.hosting import Host, hosted

Sh = Callable[..., str]
Open = Callable[..., GitStore]

URL = "git:perfci-data"
REF = "refs/heads/perfci-data"


def patient(attempt: int) -> None:
    time.sleep(random.uniform(0.02, 0.05) * min(1.5**attempt, 20))


def opened(
    checkout: Path, environ: Mapping[str, str], url: str = URL, scratch: Path | None = None
) -> GitStore:
    store = git_store(url, checkout=checkout, environ=environ, scratch=scratch, pause=patient)
    assert isinstance(store, GitStore)
    return store


def plain(home: Path) -> dict[str, str]:
    """Variables of a machine without any git configuration."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "no_proxy": "127.0.0.1",
    }


def shell(environ: dict[str, str]) -> Sh:
    who = {
        f"GIT_{role}_{what}": "someone@localhost"
        for role in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }

    def run(folder: Path, *arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments],
            cwd=folder,
            env=environ | who | {"GIT_OPTIONAL_LOCKS": "0"},
            check=True,
            stdout=subprocess.PIPE,
            timeout=60,
        )
        return done.stdout.decode().strip()

    return run


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a remote, two commits on main, and a clone of its last one."""
    place = tmp_path_factory.mktemp("template")
    sh = shell(plain(place))
    remote = place / "hosted" / "o" / "project.git"
    remote.mkdir(parents=True)
    sh(remote, "init", "--quiet", "--bare", "--initial-branch=main", "--template=")
    sh(remote, "config", "uploadpack.allowFilter", "true")  # as hosts do
    sh(remote, "config", "http.receivepack", "true")
    tree = sh(remote, "hash-object", "-t", "tree", "-w", "/dev/null")
    first = sh(remote, "commit-tree", tree, "-m", "first")
    second = sh(remote, "commit-tree", tree, "-p", first, "-m", "second")
    sh(remote, "update-ref", "refs/heads/main", second)
    sh(place, "clone", "--quiet", "--depth=1", f"file://{remote}", "checkout")
    sh(place / "checkout", "checkout", "--quiet", "--detach")
    return place


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """The process's variables, as the store is given them."""
    return plain(tmp_path)


@pytest.fixture
def sh(environ: dict[str, str]) -> Sh:
    """Run git as the user would: `sh(folder, "status")`."""
    return shell(environ)


@pytest.fixture
def remote(tmp_path: Path, template: Path) -> Path:
    """A bare repository of this test."""
    shutil.copytree(template / "hosted", tmp_path / "hosted")
    return tmp_path / "hosted" / "o" / "project.git"


@pytest.fixture
def checkout(tmp_path: Path, template: Path, remote: Path) -> Path:
    """A clone as a CI makes it: one commit, no branch."""
    folder = tmp_path / "checkout"
    shutil.copytree(template / "checkout", folder)
    config = folder / ".git" / "config"
    config.write_text(config.read_text().replace(str(template), str(tmp_path)))
    assert str(remote) in config.read_text()
    return folder


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


@pytest.fixture
def store(checkout: Path, environ: dict[str, str], scratch: Path) -> GitStore:
    return opened(checkout, environ, scratch=scratch)


@pytest.fixture
def another(checkout: Path, environ: dict[str, str]) -> Open:
    """Open the same store once more, as another job would; `url=` names another branch."""

    def run(url: str = URL, **more: str) -> GitStore:
        return opened(checkout, environ | more, url)

    return run


@pytest.fixture
def host(remote: Path, checkout: Path, sh: Sh) -> Iterator[Host]:
    """The remote behind HTTP, as the checkout's origin."""
    with hosted(remote.parents[1]) as found:
        sh(checkout, "remote", "set-url", "origin", f"{found.url}/o/project.git")
        yield found
