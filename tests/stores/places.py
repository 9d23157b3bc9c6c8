"""Stores as pipelines share them: one place, and many machines that each have a clone of their own.

A store joins the tests of crowds, of pipelines and of copies by an entry in `PLACES`.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from perfci.ports import Store
from perfci.stores.open import Means, open_store
from perfci.wiring import process
from tests.stores.fakes.github import action_in, github
from tests.stores.fakes.gitlab import gitlab, variables_of
from tests.stores.s3.real_servers import ADMIN, BUCKET

ROOT = Path(__file__).parents[2]
_WHO = ("-c", "user.name=A", "-c", "user.email=a@example.org")
_places = count()

Server = Callable[[], str]


def git(folder: Path, *arguments: str) -> str:
    """Run git as the user would."""
    done = subprocess.run(
        ["git", *_WHO, *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def store_at(url: str, folder: Path, environ: Mapping[str, str]) -> Store:
    """Open a store from a machine's folder, as the command does."""
    means = Means(
        environ=environ, pause=process.pause, wait=process.wait, output=folder / "perfci-results"
    )
    return open_store(url, folder, means)


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """One machine: a clone, a temporary folder, and variables of its own."""

    folder: Path
    url: str
    """Of the store."""
    environ: Mapping[str, str]

    @property
    def store(self) -> Store:
        """Open the store as a fresh process on this machine would."""
        return store_at(self.url, self.folder, self.environ)

    @property
    def errors(self) -> Path:
        """Return the file that takes what was written to standard error last."""
        return self.folder.parent / "errors"

    def finished(self, started: "subprocess.Popen[str]") -> str:
        """Wait for what was started, which has to end well; return what it printed."""
        said, _ = started.communicate(timeout=120)
        assert started.returncode == 0, said + self.errors.read_text()
        return said

    @contextmanager
    def started(self, *arguments: str, **more: str) -> Iterator["subprocess.Popen[str]"]:
        """Start Python with these arguments, and end it with all that it started."""
        pipe = subprocess.PIPE
        with self.errors.open("wb") as errors:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=self.folder,
                env={**self.environ, **more},
                stdin=pipe,
                stdout=pipe,
                stderr=errors,
                text=True,
                start_new_session=True,
            )
        try:
            yield process
        finally:
            process.terminate()  # asked, perfci ends what it measures
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=20)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate(timeout=30)
            self.die()

    def die(self) -> None:
        """End every git that still works for this machine, as its end would."""
        temporary = os.fsencode(self.environ["TMPDIR"])
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    if temporary in (entry / "cmdline").read_bytes():
                        os.kill(int(entry.name), signal.SIGKILL)
                except OSError:  # it has ended by itself
                    continue


@dataclass(slots=True, kw_only=True)
class Place:
    """A store, and the remote from which all its machines have cloned."""

    root: Path
    url: str
    job: Callable[[str], Mapping[str, str]]
    """Variables of a job that a push of this commit to main has started, the store's too."""
    ended: Callable[[], None] = lambda: None
    """To be called when the jobs that run at this time have ended well."""
    _numbers: Iterator[int] = field(default_factory=count)

    @property
    def remote(self) -> Path:
        """Return the bare repository."""
        return self.root / "remote.git"

    def machine(self) -> Machine:
        """Return another machine; the clone of every second one is shallow."""
        number = next(self._numbers)
        home = self.root / f"machine-{number}"
        folder, temporary = home / "app", home / "tmp"
        temporary.mkdir(parents=True)
        depth = ("--depth=1",) if number % 2 else ()
        git(home, "clone", "--quiet", *depth, f"file://{self.remote}", str(folder))
        environ = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(home),
            "TMPDIR": str(temporary),
            "GIT_CONFIG_NOSYSTEM": "1",
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "no_proxy": "127.0.0.1",
        }
        commit = git(folder, "rev-parse", "HEAD")
        return Machine(folder=folder, url=self.url, environ={**environ, **self.job(commit)})

    def publish(self, files: Mapping[str, str]) -> None:
        """Push a commit with these files to main."""
        folder = self.root / "author"
        if not folder.exists():
            git(self.root, "clone", "--quiet", f"file://{self.remote}", str(folder))
        for name, text in files.items():
            (folder / name).write_text(text)
        git(folder, "add", "-A")
        git(folder, "commit", "-qm", "a change", "--allow-empty")
        git(folder, "push", "-q", "origin", "HEAD:main")

    def check(self) -> None:
        """Make sure that the remote is sound."""
        git(self.remote, "fsck", "--strict", "--no-dangling")


def _on_github(root: Path) -> Callable[[str], dict[str, str]]:
    """Return the variables of a push to main."""
    event = root / "event.json"
    event.write_text('{"repository": {"id": 7, "default_branch": "main"}}')
    return lambda commit: {
        "CI": "true",
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "push",
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_REF": "refs/heads/main",
        "GITHUB_SHA": commit,
        "GITHUB_REPOSITORY": "octo/app",
    }


@contextmanager
def _file(root: Path, _seaweed: Server) -> Iterator[Place]:
    yield Place(root=root, url=f"file:{root}/kept", job=_on_github(root))


@contextmanager
def _git(root: Path, _seaweed: Server) -> Iterator[Place]:
    yield Place(root=root, url="git:perfci-data", job=_on_github(root))


@contextmanager
def _s3(root: Path, seaweed: Server) -> Iterator[Place]:
    usual = _on_github(root)
    keys = {**ADMIN, "AWS_EC2_METADATA_DISABLED": "true"}
    url = f"s3://{BUCKET}/ci/place-{next(_places)}?endpoint_url={seaweed()}"
    yield Place(root=root, url=url, job=lambda commit: {**usual(commit), **keys})


@contextmanager
def _gitlab(root: Path, _seaweed: Server) -> Iterator[Place]:
    with gitlab() as fake:
        yield Place(
            root=root,
            url="gitlab:perfci-data",
            job=lambda commit: {
                **variables_of(fake),
                "CI_COMMIT_SHA": commit,
                "CI_PIPELINE_SOURCE": "push",
            },
        )


@contextmanager
def _artifact(root: Path, _seaweed: Server) -> Iterator[Place]:
    usual = _on_github(root)
    with github() as fake:
        yield Place(
            root=root,
            url="artifact:perfci-data",
            job=lambda commit: {**usual(commit), **action_in(fake)},
            ended=lambda: fake.begin(fake.now + 1),
        )


PLACES = {"file": _file, "git": _git, "s3": _s3, "gitlab": _gitlab, "artifact": _artifact}
"""How each kind of store is set up for a test, by its name in an address."""


@contextmanager
def place(kind: str, root: Path, seaweed: Server) -> Iterator[Place]:
    """Set up a store of a kind below a folder, and a remote with one commit.

    Args:
        kind: one of `PLACES`.
        root: is made.
        seaweed: gives the address of a running S3 server, if one is needed.
    """
    root.mkdir(parents=True, exist_ok=True)
    git(root, "init", "--quiet", "--bare", "--initial-branch=main", str(root / "remote.git"))
    with PLACES[kind](root, seaweed) as found:
        found.publish({"perfci.yml": f"project: app\nstore: {found.url}\n"})
        yield found


def kinds(*cases: tuple[str, *tuple[object, ...]], slow: bool = False) -> list[Any]:
    """Return the cases of a parametrized test, each begun by a kind of store, with its marks."""
    marks = [pytest.mark.timeout(600), *([pytest.mark.slow] if slow else [])]
    s3 = [pytest.mark.s3]
    return [pytest.param(*it, marks=[*marks, *(s3 if "s3" in it[0] else [])]) for it in cases]
