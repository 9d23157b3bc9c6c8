"""The command as a user starts it: a subprocess in a folder of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the command said."""

    code: int
    out: str
    err: str


def environment(**more: str) -> dict[str, str]:
    """Return variables of a plain terminal session: no CI, no settings of the caller."""
    foreign = ("PERFCI_", "INPUT_", "GITHUB_", "CI", "GITLAB_", "JENKINS_", "PYTEST_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    # the tests' own interpreter answers to python3, in every program that is measured
    path = f"{Path(sys.executable).parent}:{kept.get('PATH', '')}"
    return kept | {"PATH": path, "PYTHONDONTWRITEBYTECODE": "1"} | more


Run = Callable[..., Answer]


@pytest.fixture
def perfci(tmp_path: Path) -> Run:
    """Start `perfci ARGUMENTS` in the test's folder and return its answer."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()

    def run(*arguments: str, cwd: Path = tmp_path / "app", **variables: str) -> Answer:
        # a temporary folder of its own: measurements of parallel tests do not lock each other out
        done = subprocess.run(
            [sys.executable, "-m", "perfci", *arguments],
            cwd=cwd,
            env=environment(TMPDIR=str(temporary)) | variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=150,
            check=False,
        )
        return Answer(code=done.returncode, out=done.stdout, err=done.stderr)

    return run


class App:
    """A small repository to be measured."""

    def __init__(self, root: Path) -> None:
        root.mkdir()
        self.root = root
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str) -> str:
        """Run git in the repository."""
        identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        done = subprocess.run(
            ["git", *identity, *arguments],
            cwd=self.root,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    def write(self, name: str, text: str) -> None:
        """Write a file."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def settings(self, text: str) -> None:
        """Write perfci.yml."""
        self.write("perfci.yml", text)

    def commit(self, message: str = "a change") -> str:
        """Commit everything and return the hash."""
        self.git("add", "-A")
        self.git("commit", "-qm", message, "--allow-empty")
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def app(tmp_path: Path) -> App:
    """Return an empty repository."""
    return App(tmp_path / "app")
