import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from perfci.ports import Opened
from perfci.worktrees.git import Git

Sh = Callable[..., str]
Open = Callable[..., AbstractContextManager[Opened]]
State = Callable[[], tuple[object, ...]]
RUN = """
import os, signal, sys
from pathlib import Path
from perfci.worktrees.git import Git
from perfci.worktrees.sides import open_sides

class Quiet:
    def phase(self, text):
        pass

with open_sides(
    Git(Path(sys.argv[1]), dict(os.environ)), base="HEAD~1", head=None, exclude=(),
    definitions=(), scratch=Path(sys.argv[2]), observer=Quiet(),
) as opened:
    print(opened.places.definitions.parent, flush=True)
"""


def run(git: Git, scratch: Path, body: str, *wrapper: str) -> tuple[int, Path]:
    """Open the sides in a process of its own; return how it ended and its folder."""
    done = subprocess.run(
        [*wrapper, sys.executable, "-c", f"{RUN}    {body}", str(git.root), str(scratch)],
        env={**git.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.returncode, Path(done.stdout.strip())


KILL = "os.kill(os.getpid(), signal.SIGKILL)"


def test_what_a_killed_run_left_is_removed_by_the_next(
    *, sides: Open, git: Git, repository: Path, scratch: Path, tmp_path: Path, sh: Sh, state: State
) -> None:
    # a worktree of the user's that is out of reach must not go with it
    sh(repository, "worktree", "add", "--quiet", "--detach", str(tmp_path / "elsewhere"))
    (tmp_path / "elsewhere").rename(tmp_path / "unmounted")
    before = state()
    code, folder = run(git, scratch, KILL)
    assert code == -signal.SIGKILL
    assert list(scratch.iterdir()) == [folder]
    assert sh(repository, "worktree", "list").count(str(folder)) == 2
    with sides("HEAD~1"):
        assert str(folder) not in sh(repository, "worktree", "list")
        assert folder not in scratch.iterdir()
    assert state() == before
    assert list(scratch.iterdir()) == []
    (tmp_path / "unmounted").rename(tmp_path / "elsewhere")
    assert sh(tmp_path / "elsewhere", "status", "--porcelain") == ""


def test_record_of_a_killed_run_whose_folder_vanished_is_removed(
    sides: Open, git: Git, scratch: Path, sh: Sh
) -> None:
    _, folder = run(git, scratch, KILL)
    shutil.rmtree(folder)  # as with the container that it was in
    with sides("HEAD~1"):
        pass
    assert len(sh(git.root, "worktree", "list").splitlines()) == 1


def test_link_in_the_place_of_a_killed_run_is_not_followed(
    sides: Open, git: Git, scratch: Path, tmp_path: Path
) -> None:
    _, folder = run(git, scratch, KILL)
    shutil.rmtree(folder)
    precious = tmp_path / "precious" / "locked"
    precious.mkdir(parents=True)
    precious.chmod(0o500)
    folder.symlink_to(precious.parent)
    with sides("HEAD~1"):
        pass
    assert stat.S_IMODE(precious.stat().st_mode) == 0o500


def test_folders_of_living_runs_and_of_others_are_left_alone(sides: Open, scratch: Path) -> None:
    kept = {f"perfci-{os.getpid()}-abcd1234", "perfci-4194400-notours", "perfci-results-old"}
    for name in (*kept, "perfci-9999999999-abcd1234"):
        (scratch / name).mkdir()
    with sides("HEAD~1"):
        pass
    assert {path.name for path in scratch.iterdir()} == kept


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes folders of other users")
def test_folder_of_another_users_killed_run_is_left_alone(sides: Open, scratch: Path) -> None:
    folder = scratch / "perfci-9999999999-abcd1234"
    folder.mkdir()
    os.chown(folder, 1001, 127)
    with sides("HEAD~1"):
        pass
    assert folder.exists()


@pytest.mark.skipif(
    os.geteuid() == 0 and not shutil.which("setpriv"), reason="root may delete anything"
)
def test_folders_that_the_build_made_read_only_are_removed(git: Git, scratch: Path) -> None:
    # as the module cache of Go is
    body = (
        "cache = opened.places.definitions / 'cache' / 'inner'; cache.mkdir(parents=True);"
        " (cache / 'file').touch(); cache.chmod(0o555); cache.parent.chmod(0o100)"
    )
    powerless = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search")
    code, _ = run(git, scratch, body, *(powerless if os.geteuid() == 0 else ()))
    assert code == 0
    assert list(scratch.iterdir()) == []
