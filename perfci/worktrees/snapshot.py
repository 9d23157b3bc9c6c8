"""The working tree as a commit, made beside the user's index, branches and files."""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from perfci.errors import WorktreeError
from perfci.worktrees.git import Git
from perfci.worktrees.paths import pathspecs

_AUTHOR = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "perfci"), ("EMAIL", "perfci@localhost"), ("DATE", "@0 +0000"))
}


def snapshot(git: Git, *, exclude: Sequence[str] = (), scratch: Path) -> tuple[str, bool]:
    """Commit the tree as it is now, untracked files that are not ignored included.

    The commit belongs to no branch; git forgets it in time.

    Args:
        git: in the repository.
        exclude: paths relative to the repository's root that are no part of the code.
        scratch: folder for a private index.

    Returns:
        The commit's full hash, and whether it differs from HEAD; HEAD itself where it does not.

    Raises:
        WorktreeError: there is no commit yet, or git cannot read a file.
    """
    head = git.head_commit()
    with tempfile.TemporaryDirectory(prefix="perfci-index-", dir=scratch) as folder:
        index = Path(folder, "index")
        private = {"GIT_INDEX_FILE": str(index)}
        real = git.root / git.run("rev-parse", "--git-path", "index").removesuffix("\n")
        try:
            # what it knows of the files spares git from reading them all; with its own time stamp,
            # by which git tells files that changed in the same moment and kept their size
            shutil.copy2(real, index)
        except FileNotFoundError:
            git.run("read-tree", head, variables=private)
        # git takes the name of an ignored path for a mistake, even to leave it out
        named = [path for path in exclude if not git.ignores(path)]
        try:
            git.run("add", "--all", "--", *pathspecs(named), variables=private)
        except WorktreeError as error:
            raise WorktreeError(
                f"the working tree cannot be taken as it is: {error.message}",
                hint="list what git cannot read in .gitignore, or commit and use `--mode paired`"
                " in a clean checkout",
                output=error.output,
            ) from error
        tree = git.run("write-tree", variables=private).strip()
    if tree == git.tree(head):
        return head, False
    message = "The working tree, as perfci measured it"
    commit = git.run("commit-tree", "-p", head, "-m", message, tree, variables=_AUTHOR).strip()
    return commit, True
