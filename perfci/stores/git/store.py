"""`git:BRANCH`: each blob a file on an orphan branch of the checkout's remote."""

from collections.abc import Callable, Mapping
from pathlib import Path

from perfci.errors import StoreError
from perfci.ports import Blob, Store
from perfci.stores.git.branch import Branch
from perfci.stores.git.commands import delete_command, move_command, put_command
from perfci.stores.git.names import check_name, checked_branch
from perfci.stores.git.repository import Repository

_TRIES = 60
_WRITTEN = "written"  # stands among the questions that were asked since the last fetch


class GitStore:
    """Keeps each blob in one file; a version is the hash that git gives to the content.

    Reads take the branch as it was at the last contact with the remote. What was read before is
    asked for again, and nothing is said to be absent or changed but after a fresh look. A write
    lands only on the tip that it was made for; when another writer is faster, it is made anew.
    One store serves one thread.

    Args:
        url: as the user wrote it: `git:perfci-data`.
        branch: on the remote, ours alone.
        pause: waits before another try, whose number it is given, from 1.
    """

    swaps = True
    warnings: tuple[str, ...] = ()

    def __init__(self, url: str, branch: Branch, pause: Callable[[int], None]) -> None:
        self.url = url
        self._branch, self._pause = branch, pause
        self._read: set[str] = set()

    def close(self) -> None:
        """Do nothing: what was put is there."""

    def get(self, name: str) -> Blob | None:
        """Return the blob, or None where there is none.

        Raises:
            StoreError: the branch cannot be read.
        """
        check_name(self.url, name)
        self._look_again(f"={name}")
        if name not in self._branch.blobs:
            self._refresh_if_read(f"={name}")
        if name not in self._branch.blobs:
            return None
        data = self._branch.read(name)
        return Blob(data=data, version=self._branch.blobs[name])

    def put(self, name: str, data: bytes, *, replaces: str | None) -> bool:
        """Write a blob whole or not at all; it is on the remote once this returns.

        For arguments, result and errors see `perfci.ports.Store`.
        """
        check_name(self.url, name)

        def edit() -> bytes | None:
            if self._branch.blobs.get(name) != replaces:
                return None
            self._branch.check_free(name)
            return put_command(name, data)

        return self._change(edit)

    def put_new(self, blobs: Mapping[str, bytes]) -> tuple[str, ...]:
        """Write blobs where nothing may be yet, in one commit; return the names that were taken.

        Raises:
            StoreError: the branch cannot be written; nothing was written then.
        """
        taken: tuple[str, ...] = ()
        for name in blobs:
            check_name(self.url, name)

        def edit() -> bytes | None:
            nonlocal taken
            taken = tuple(name for name in blobs if name in self._branch.blobs)
            new = [name for name in blobs if name not in taken]
            for name in new:
                self._branch.check_free(name)
            return b"".join(put_command(name, blobs[name]) for name in new) if new else None

        self._change(edit)
        return taken

    def list(self, prefix: str) -> tuple[str, ...]:
        """Return the names that begin with `prefix`, sorted.

        Raises:
            StoreError: the branch cannot be read.
        """
        self._look_again(f"*{prefix}")
        return tuple(sorted(name for name in self._branch.blobs if name.startswith(prefix)))

    def delete(self, *names: str) -> None:
        """Remove blobs in one commit; nothing happens where there are none.

        The branch is begun anew, with its files and without its past: only so their room is freed.

        Raises:
            StoreError: the branch cannot be written; nothing was removed then.
        """
        for name in names:
            check_name(self.url, name)

        def edit() -> bytes | None:
            there = [name for name in names if name in self._branch.blobs]
            return b"".join(map(delete_command, there)) or None

        self._change(edit, anew=True)

    def set_aside(self, name: str) -> str:
        """Rename a damaged blob to `NAME.damaged-1` (or -2, ...); return where it is.

        Raises:
            StoreError: the branch cannot be written, or the blob is not there.
        """
        check_name(self.url, name)
        aside = ""

        def edit() -> bytes | None:
            nonlocal aside
            if name not in self._branch.blobs:
                return None
            number = 1
            while (aside := f"{name}.damaged-{number}") in self._branch.blobs:
                number += 1
            return move_command(name, aside)

        if not self._change(edit):
            message = f"{self.url}: {name} cannot be moved: it is not on the {self._branch.told}"
            raise StoreError(message, hint="Was it removed by another run?")
        return f"{self.url}/{aside}"

    def _change(self, edit: Callable[[], bytes | None], *, anew: bool = False) -> bool:
        """Make a change until it lands; False where a fresh look shows nothing to be changed.

        Args:
            edit: says what to change of the branch as it is known; None: nothing.
            anew: without the branch's past, where the remote lets it go.
        """
        fresh = not self._branch.known
        if fresh:
            self._refresh()
        for attempt in range(1, _TRIES + 1):
            commands = edit()
            if commands is None and fresh:
                return False
            if commands is not None:
                if self._branch.push([commands], anew=anew):
                    self._read = {_WRITTEN}
                    return True
                self._pause(attempt)
            self._refresh()
            fresh = True
            # an answer that got lost on the way: the push was made again, and met itself
            if commands is not None and self._branch.landed:
                return True
        message = f"{self.url}: others wrote to the {self._branch.told} each of {_TRIES} times"
        hint = "Nothing was changed: run again when fewer jobs write."
        raise StoreError(message, hint=hint, output=self._branch.turned_down)

    def _refresh(self) -> None:
        self._branch.fetch()
        self._read.clear()

    def _look_again(self, question: str) -> None:
        """Ask the remote where it was never asked, or not since the same question."""
        if not self._branch.known or question in self._read:
            self._refresh()
        self._read.add(question)

    def _refresh_if_read(self, question: str) -> None:
        """Ask the remote unless this is the first question since it was asked."""
        if self._read != {question}:
            self._refresh()
            self._read.add(question)


def git_store(
    url: str,
    *,
    checkout: Path,
    environ: Mapping[str, str],
    scratch: Path | None = None,
    pause: Callable[[int], None] = lambda _: None,
) -> Store:
    """Return the store on a branch of a checkout's remote; nothing is touched yet.

    Args:
        url: as the user wrote it: `git:perfci-data`.
        checkout: a folder in the repository whose remote keeps the baselines.
        environ: the process's variables: git's own, and tokens (`GITHUB_TOKEN`, `CI_JOB_TOKEN`).
        scratch: folder for temporary files; None: the system's.
        pause: waits before another try, whose number it is given, from 1: the longer and the more
            by chance the higher it is.

    Raises:
        ConfigurationError: git lets no branch have such a name.
    """
    branch = checked_branch(url, url.partition(":")[2])
    repository = Repository(url, checkout=checkout, environ=environ, scratch=scratch, pause=pause)
    return GitStore(url, Branch(repository, branch), pause)
