"""Folders of runs: how they are named, and how those that a killed run left are found."""

import os
import re
import shutil
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from perfci.errors import WorktreeError
from perfci.worktrees.git import Git

_NAME = re.compile(r"perfci-(\d{1,10})-[a-z0-9_]{8}")


def run_folder(scratch: Path) -> Path:
    """Make the folder of one run, named after this process."""
    return Path(tempfile.mkdtemp(prefix=f"perfci-{os.getpid()}-", dir=scratch)).resolve()


def clear_records(git: Git) -> None:
    """Remove worktrees of runs that were killed before they could tidy up.

    Only those in a folder with a run's name whose process or folder is gone. `git worktree
    prune` is not used: it would also forget worktrees of the user's that are merely out of
    reach, as all of them are inside a container.
    """
    for line in git.run("worktree", "list", "--porcelain").splitlines():
        tree = Path(line.removeprefix("worktree "))
        folder = next((parent for parent in tree.parents if _NAME.fullmatch(parent.name)), None)
        if not line.startswith("worktree ") or folder is None:
            continue
        if _gone(folder) or not folder.exists():
            delete(folder)
            forget(git, tree)


def clear_folders(scratch: Path) -> None:
    """Remove this user's folders of killed runs, also of repositories that are gone."""
    for folder in scratch.glob("perfci-*-*"):
        if _gone(folder) and _ours(folder):
            delete(folder)


def forget(git: Git, tree: Path) -> None:
    """Remove git's record of a worktree whose folder is deleted; best effort."""
    with suppress(WorktreeError):
        git.ask("worktree", "remove", "--force", "--force", str(tree))


def delete(folder: Path) -> None:
    """Delete a folder, also one that its programs made read-only; best effort."""
    if folder.is_symlink():
        return
    with suppress(OSError):
        shutil.rmtree(folder)
        return
    for parent, folders, _ in os.walk(folder):
        for place in (Path(parent), *(Path(parent, name) for name in folders)):
            with suppress(OSError):
                if not place.is_symlink():
                    place.chmod(stat.S_IRWXU)
    shutil.rmtree(folder, ignore_errors=True)


def _gone(folder: Path) -> bool:
    """Return whether the process that a run's folder is named after has ended."""
    found = _NAME.fullmatch(folder.name)
    if found is None:
        return False
    try:
        os.kill(int(found[1]), 0)
    except (ProcessLookupError, OverflowError):
        return True
    except PermissionError:
        return False  # alive, and somebody else's
    return False


def _ours(folder: Path) -> bool:
    """Return whether it is a folder of this user: the place is shared with others."""
    try:
        facts = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(facts.st_mode) and facts.st_uid == os.geteuid()
