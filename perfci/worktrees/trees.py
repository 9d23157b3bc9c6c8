"""The worktrees of one run, with their submodules and large files."""

from pathlib import Path

from perfci.errors import WorktreeError
from perfci.worktrees.environment import has_lfs
from perfci.worktrees.git import NETWORK, Git
from perfci.worktrees.leftovers import clear_records, delete, forget
from perfci.worktrees.resolve import resolve


class Worktrees:
    """Detached worktrees that come and go together.

    A submodule's tree is a worktree of the submodule as it lies in the user's checkout: its
    commits are there already, its own credentials fetch what is missing, and nothing is written
    to the checkout's settings, as `git submodule update` would.
    """

    def __init__(self) -> None:
        self._made: list[tuple[Git, Path]] = []
        self._warnings: dict[str, None] = {}

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return what is not as in the checkout, each once."""
        return tuple(self._warnings)

    @property
    def submodules(self) -> tuple[Git, ...]:
        """Return the submodules' repositories in the user's checkout, each once."""
        top = self._made[0][0].root if self._made else None
        return tuple({git.root: git for git, _ in self._made if git.root != top}.values())

    def add(self, git: Git, commit: str, folder: Path) -> None:
        """Check a commit out into a folder that is not there yet, or empty.

        Args:
            git: in the user's checkout.
            commit: full hash of a commit that is here.
            folder: absolute.

        Raises:
            WorktreeError: git could not.
        """
        # noted first: an interrupted checkout leaves something, too
        self._made.append((git, folder))
        git.run(
            *("worktree", "add", "--quiet", "--detach", "--force", str(folder), commit),
            timeout=NETWORK,
        )
        for path, pinned in _submodules(git, commit):
            self._add_submodule(git, path, pinned, folder / path)
        self._pull(git, commit, folder)

    def remove(self) -> None:
        """Delete the folders and git's records of them."""
        for git, folder in reversed(self._made):
            delete(folder)
            forget(git, folder)
        self._made.clear()

    def _add_submodule(self, git: Git, path: str, commit: str, folder: Path) -> None:
        source = git.at(git.root / path)
        if not (source.root / ".git").exists():
            self._warn(
                f"the submodule {path} is not initialised in the checkout, so the sides lack it;"
                " if the benchmarks need it, check it out before perfci runs"
            )
            return
        try:
            clear_records(source)
            self.add(source, resolve(source, commit, what=f"submodule {path}"), folder)
        except WorktreeError as error:
            self._warn(f"the submodule {path} could not be brought along: {error.message}")

    def _pull(self, git: Git, commit: str, folder: Path) -> None:
        """Replace Git LFS pointers by the files themselves."""
        attributes = (":(top,glob)**/.gitattributes",)
        used = git.ask("grep", "--quiet", "-e", "filter=lfs", commit, "--", *attributes)
        if used.code != 0:
            return
        if not has_lfs(git.environ):
            self._warn(
                "git-lfs was not found on PATH: files that are kept in Git LFS are only pointers"
                " on both sides; install git-lfs if the benchmarks read them"
            )
            return
        variables = {"GIT_LFS_SKIP_SMUDGE": "0"}
        pulled = git.at(folder).ask("lfs", "pull", timeout=NETWORK, variables=variables)
        if pulled.code != 0:
            said = " ".join(pulled.err.split()[-40:])
            self._warn(f"git lfs pull failed, so some files are only pointers: {said}")

    def _warn(self, text: str) -> None:
        self._warnings[text] = None


def _submodules(git: Git, commit: str) -> list[tuple[str, str]]:
    """Return the submodules of a commit: path and pinned commit."""
    names = ("--get-regexp", r"^submodule\..*\.path$")
    answer = git.ask("config", "-z", "--blob", f"{commit}:.gitmodules", *names)
    paths = [entry.partition("\n")[2].rstrip("/") for entry in answer.out.split("\0")]
    paths = [path for path in paths if path]
    if answer.code != 0 or not paths:
        return []
    # only what the tree holds as a submodule counts: .gitmodules may say anything
    found = []
    for entry in git.run("ls-tree", "-z", "--full-tree", commit, "--", *paths).split("\0"):
        facts, _, path = entry.partition("\t")
        if facts.startswith("160000 commit "):
            found.append((path, facts.split()[2]))
    return found
