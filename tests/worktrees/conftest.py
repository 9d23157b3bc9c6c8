"""Real repositories in a temporary folder, and an observer that remembers."""

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from perfci.ports import Observer, Opened
from perfci.worktrees.git import Git
from perfci.worktrees.sides import open_sides

Sh = Callable[..., str]
Commit = Callable[..., str]
Open = Callable[..., AbstractContextManager[Opened]]
State = Callable[[], tuple[object, ...]]


@dataclass
class Listener:
    """An observer that keeps what it is told."""

    phases: list[str]
    warnings: list[str] = field(default_factory=list)

    def phase(self, text: str) -> None:
        self.phases.append(text)

    def launched(self, benchmark: str, *, done: int, doubtful: int, left: float | None) -> None:
        del benchmark, done, doubtful, left

    def warn(self, text: str) -> None:
        self.warnings.append(text)


@pytest.fixture
def phases() -> list[str]:
    """What `listener` was told to have begun."""
    return []


@pytest.fixture
def listener(phases: list[str]) -> Listener:
    return Listener(phases)


def plain(home: Path) -> dict[str, str]:
    """Variables of a machine without any git configuration."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "TMPDIR": str(home),
    }


def shell(environ: dict[str, str]) -> Sh:
    who = {
        "GIT_AUTHOR_NAME": "Someone",
        "GIT_AUTHOR_EMAIL": "someone@localhost",
        "GIT_COMMITTER_NAME": "Someone",
        "GIT_COMMITTER_EMAIL": "someone@localhost",
        "GIT_ALLOW_PROTOCOL": "file",  # submodules from the disk, which git refuses by default
        "GIT_OPTIONAL_LOCKS": "0",  # looking on must not refresh the index
    }

    def run(folder: Path, *arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments],
            cwd=folder,
            env=environ | who,
            check=True,
            stdout=subprocess.PIPE,
            timeout=60,
        )
        return done.stdout.decode().strip()

    return run


def committer(sh: Sh) -> Commit:
    def run(folder: Path, files: dict[str, str]) -> str:
        write(folder, files)
        sh(folder, "add", "--all")
        sh(folder, "commit", "--quiet", "--message", "change", "--allow-empty")
        return sh(folder, "rev-parse", "HEAD")

    return run


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """The process's variables, as perfci is given them."""
    return plain(tmp_path)


@pytest.fixture
def sh(environ: dict[str, str]) -> Sh:
    """Run git as the user would: `sh(folder, "status")`."""
    return shell(environ)


@pytest.fixture
def commit(sh: Sh) -> Commit:
    """Write files and commit them: `commit(folder, {"a.txt": "1"})`; returns the hash."""
    return committer(sh)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    sh = shell(plain(folder))
    sh(folder, "init", "--quiet", "--initial-branch=main")
    for number in (1, 2, 3):
        committer(sh)(folder, {"app.py": f"print({number})\n"})
    return folder


@pytest.fixture(scope="session")
def modular(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Path:
    """A project with a submodule that has a submodule; its last commit moves the pin."""
    place = tmp_path_factory.mktemp("modular")
    sh = shell(plain(place))
    commit = committer(sh)
    inner, vendor, project = place / "inner", place / "vendor origin", place / "project"
    for folder in (inner, vendor):
        sh(place, "init", "--quiet", "--initial-branch=main", str(folder))
    shutil.copytree(template, project)
    commit(inner, {"inner.txt": "inner"})
    commit(vendor, {"lib.txt": "old"})
    sh(vendor, "submodule", "--quiet", "add", f"file://{inner}", "deep/inner")
    commit(vendor, {})
    sh(project, "submodule", "--quiet", "add", f"file://{vendor}", "third party/lib")
    sh(project, "submodule", "--quiet", "update", "--init", "--recursive")
    commit(project, {})
    lib = project / "third party" / "lib"
    commit(lib, {"lib.txt": "new"})
    sh(lib, "push", "--quiet", "origin", "HEAD:refs/heads/next")
    commit(project, {})
    commit(vendor, {"lib.txt": "upstream went on"})  # no pin is at the tip of the default branch
    return project


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


@pytest.fixture
def repository(tmp_path: Path, template: Path) -> Path:
    """Three commits on main: app.py says 1, 2, 3."""
    folder = tmp_path / "project"
    shutil.copytree(template, folder)
    return folder


@pytest.fixture
def git(repository: Path, environ: dict[str, str]) -> Git:
    return Git(repository, environ)


@pytest.fixture
def shallow(tmp_path: Path, repository: Path, sh: Sh) -> Path:
    """A clone of `repository` that holds its last commit only, as a CI checkout does."""
    folder = tmp_path / "shallow"
    sh(tmp_path, "clone", "--quiet", "--depth=1", f"file://{repository}", str(folder))
    return folder


@pytest.fixture
def sides(git: Git, scratch: Path, listener: Observer) -> Open:
    """Open the sides of `git`; what is not named is as in a plain local run."""

    def run(
        base: str = "main",
        head: str | None = None,
        *,
        exclude: Sequence[str] = (),
        definitions: Sequence[str] = (),
        subfolder: str = "",
        where: Git = git,
    ) -> AbstractContextManager[Opened]:
        return open_sides(
            where,
            base=base,
            head=head,
            exclude=exclude,
            definitions=definitions,
            scratch=scratch,
            observer=listener,
            subfolder=subfolder,
        )

    return run


@pytest.fixture
def state(sh: Sh, repository: Path) -> State:
    """Return everything of `repository` that is the user's and not perfci's."""
    folder, git = repository, repository / ".git"
    return lambda: (
        (git / "index").read_bytes(),
        (git / "config").read_bytes(),
        (git / "HEAD").read_bytes(),
        sh(folder, "status", "--porcelain"),
        sh(folder, "for-each-ref"),
        sh(folder, "stash", "list"),
        sh(folder, "reflog"),
        sh(folder, "worktree", "list"),
        sorted(path.name for path in git.iterdir() if path.name not in {"worktrees", "objects"}),
    )
