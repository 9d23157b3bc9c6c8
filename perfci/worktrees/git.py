"""A thin hand on the git program: argument lists, no prompts, no hooks, time-outs."""

import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from perfci.errors import WorktreeError
from perfci.model.text import printable
from perfci.programs.credentials import ways_to
from perfci.programs.group import process_group
from perfci.programs.variables import configured
from perfci.units import duration
from perfci.worktrees.environment import git_environ
from perfci.worktrees.paths import inside, pathspecs

LOCAL = 300.0
"""Seconds for a command that works on the disk."""
NETWORK = 600.0
"""Seconds for a command that talks to a remote."""
_SHOWN = 4000


def find_root(path: Path) -> Path | None:
    """Return the repository's working tree around a path; None outside a repository.

    Looks at the disk alone: git need not be there, and whose files they are does not matter.
    """
    start = path.resolve()
    for folder in (start, *start.parents):
        mark = folder / ".git"
        # linked worktrees and submodules have a file; git itself skips an empty folder
        if mark.is_file() or (mark / "HEAD").exists():
            return folder
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How a git command ended, and what it said."""

    code: int
    out: str
    err: str
    """The end of it, harmless to print, without credentials."""


class Git:
    """The git program at work in one tree.

    Args:
        root: top folder of the working tree.
        environ: the process's variables; `GIT_CONFIG_*` may carry credentials.
    """

    def __init__(self, root: Path, environ: Mapping[str, str]) -> None:
        self.root = root
        self.environ = environ
        self._variables = git_environ(environ)

    def at(self, root: Path) -> "Git":
        """Return git in another tree, under the same variables."""
        return Git(root, self.environ)

    def ask(
        self,
        *arguments: str,
        timeout: float = LOCAL,
        variables: Mapping[str, str] | None = None,
    ) -> Answer:
        """Run a command whose failure is an answer, too.

        Args:
            arguments: after `git`; never a secret: others on the machine can read them.
            timeout: seconds.
            variables: on top of the usual ones.

        Raises:
            WorktreeError: git is not there, or took too long.
        """
        environ = self._variables | dict(variables or {})
        try:
            with process_group(["git", *arguments], cwd=self.root, environ=environ) as process:
                out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired as error:
            raise WorktreeError(
                f"git {arguments[0]} took longer than {duration(timeout)} in {self.root}",
                hint="is the remote reachable from here, or the disk very slow?",
            ) from error
        except OSError as error:
            if not self.root.is_dir():
                raise WorktreeError(f"the folder {self.root} is not there any more") from error
            if not isinstance(error, FileNotFoundError):
                raise WorktreeError(f"git could not be started: {error}") from error
            raise WorktreeError(
                "git was not found on PATH",
                hint="install git; comparing two commits needs it",
            ) from error
        return Answer(
            code=process.returncode,
            out=out.decode("utf-8", "surrogateescape"),
            err=_shown(err),
        )

    def reach(self, remote: str, *arguments: str) -> Answer:
        """Run a command that talks to a remote, whose failure is an answer, too.

        Where what the checkout brings does not suffice, tokens of the environment are tried that
        are meant for the remote's server: a checkout need not leave its credentials behind.

        Args:
            remote: its name.
            arguments: after `git`.

        Raises:
            WorktreeError: git is not there, or took too long.
        """
        answer = self.ask(*arguments, timeout=NETWORK)
        if answer.code == 0:
            return answer
        url = self.ask("ls-remote", "--get-url", remote).out.strip()
        for settings in ways_to(url, self.environ):
            variables = configured(self._variables, settings)
            again = self.ask(*arguments, timeout=NETWORK, variables=variables)
            if again.code == 0:
                return again
        return answer

    def run(
        self,
        *arguments: str,
        timeout: float = LOCAL,
        variables: Mapping[str, str] | None = None,
    ) -> str:
        """Run a command that has to succeed, and return what it printed.

        Raises:
            WorktreeError: it failed; carries the end of what git said.
        """
        answer = self.ask(*arguments, timeout=timeout, variables=variables)
        if answer.code != 0:
            last = answer.err.strip().rpartition("\n")[2] or "it said nothing"
            raise WorktreeError(
                f"git {arguments[0]} failed with exit code {answer.code} in {self.root}: {last}",
                output=answer.err,
            )
        return answer.out

    def commit(self, ref: str) -> str:
        """Return the full hash of a commit that is here; empty where there is none.

        Nothing is fetched; see `perfci.worktrees.resolve`.
        """
        if not ref or ref.startswith("-") or "\0" in ref:
            return ""  # git would read an option
        answer = self.ask("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
        return answer.out.strip() if answer.code == 0 else ""

    def head_commit(self) -> str:
        """Return the full hash of what is checked out.

        Raises:
            WorktreeError: there is no commit yet.
        """
        commit = self.commit("HEAD")
        if not commit:
            # a damaged repository says more than an empty one
            said = self.ask("rev-parse", "--verify", "HEAD^{commit}").err
            raise WorktreeError(
                f"the repository {self.root} has no commit that could be measured",
                hint="commit something first",
                output=said,
            )
        return commit

    def parents(self, ref: str) -> tuple[str, ...]:
        """Return the hashes of a commit's parents, also of those that a shallow clone lacks."""
        commit = self.commit(ref)
        if not commit:
            return ()
        header = self.run("cat-file", "commit", commit).partition("\n\n")[0]
        return tuple(re.findall(r"^parent ([0-9a-f]+)$", header, re.MULTILINE))

    def ignores(self, path: str) -> bool:
        """Return whether a path, relative to the root, is ignored and not tracked."""
        return self.ask("check-ignore", "--quiet", "--", path).code == 0

    def merge_base(self, one: str, other: str) -> str:
        """Return the newest commit that both come from; empty where none is here."""
        answer = self.ask("merge-base", one, other)
        return answer.out.strip() if answer.code == 0 else ""

    def tree(self, commit: str) -> str:
        """Return the hash of a commit's tree."""
        return self.run("rev-parse", "--verify", f"{commit}^{{tree}}").strip()

    def read(self, commit: str, path: str) -> bytes | None:
        """Return a file as it is in a commit; None where it is not there.

        Args:
            commit: full hash.
            path: relative to the repository's root, forward slashes.
        """
        answer = self.ask("cat-file", "blob", f"{commit}:{path}")
        return answer.out.encode("utf-8", "surrogateescape") if answer.code == 0 else None

    def current_branch(self) -> str:
        """Return the branch that is checked out; empty when detached."""
        answer = self.ask("symbolic-ref", "--quiet", "HEAD")
        return answer.out.strip().removeprefix("refs/heads/") if answer.code == 0 else ""

    def remote(self) -> str:
        """Return the name of the remote: `origin`, else the first; empty without one."""
        names = self.run("remote").split()
        return "origin" if "origin" in names else next(iter(names), "")

    def default_branch(self) -> str:
        """Return the branch that others are merged into, as far as can be told from here."""
        remote = self.remote()
        head = self.ask("symbolic-ref", "--quiet", f"refs/remotes/{remote}/HEAD")
        if head.code == 0:
            return head.out.strip().removeprefix(f"refs/remotes/{remote}/")
        chosen = self.ask("config", "--get", "init.defaultBranch").out.strip()
        for name in (chosen, "main", "master"):
            places = (f"refs/heads/{name}", f"refs/remotes/{remote}/{name}")
            if name and any(self.commit(place) for place in places):
                return name
        return ""

    def slug(self) -> str:
        """Return `owner/name` from the remote's address; empty where it has none."""
        remote = self.remote()
        answer = self.ask("remote", "get-url", remote) if remote else None
        return slug_of(answer.out.strip()) if answer and answer.code == 0 else ""

    def is_shallow(self) -> bool:
        """Return whether the clone's history is cut."""
        return self.run("rev-parse", "--is-shallow-repository").strip() == "true"

    def is_dirty(self, exclude: Sequence[str] = (), subfolder: str = "") -> bool:
        """Return whether the tree differs from its commit, untracked files counted in.

        Args:
            exclude: paths that do not count: absolute, or as seen from the sub-folder.
            subfolder: relative to the root; empty for the root.
        """
        counted = pathspecs(inside(self.root, subfolder, exclude))
        arguments = ("--porcelain", "-z", "--untracked-files=normal", "--", *counted)
        return bool(self.run("status", *arguments))


def slug_of(url: str) -> str:
    """Return `owner/name` from a remote's address, never its credentials; empty for a path."""
    short = re.fullmatch(r"(?:[^@/]+@)?[^:/]+:(?!//)(.+)", url)  # git@host:owner/name.git
    path = short[1] if short else ""
    if not short:
        parts = urlsplit(url)
        path = parts.path if parts.scheme in {"https", "http", "ssh", "git"} else ""
    path = printable(path).strip("/").removesuffix(".git")
    return path if "/" in path else ""


def _shown(err: bytes) -> str:
    text = printable(err[-_SHOWN:].decode("utf-8", "replace"), lines=True)
    return re.sub(r"(?<=://)[^/@\s]+@", "", text)
