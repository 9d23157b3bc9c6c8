"""The tip of the store's branch: what it holds, and how a change is put on it."""

import re
from collections.abc import Iterable

from perfci.errors import StoreError
from perfci.model.text import printable
from perfci.stores.git.commands import commit_commands
from perfci.stores.git.failures import harmless
from perfci.stores.git.names import MARKER, is_name
from perfci.stores.git.process import Answer
from perfci.stores.git.repository import Repository

COMMITS = 50
"""So many commits lie on the branch at most; the next change begins it anew, with its files."""

_TIP = "refs/perfci/tip"
_NEW = "refs/perfci/new"
_AHEAD = 128  # blobs that are fetched at once at most, where many are read in a row
_VAIN = 10  # pushes that are turned down though the tip stays as it is: a lock that never goes
_COUNT = re.compile(rb"^commits: ([0-9]{1,6})$", re.MULTILINE)
_FETCH = ("--quiet", "--no-tags", "--no-write-fetch-head", "--refmap=", "--no-recurse-submodules")
_RACE = re.compile(
    r"cannot lock ref(?!.*exists; cannot create)|failed to (?:lock|update ref)"
    r"|reference already exists|Unable to create '.*\.lock'|incorrect old value|but expected"
)
_NOT_WHOLE = re.compile(r"not our ref|unadvertised object|does not allow request|missing blob")


class Branch:
    """One branch of a remote, as it was at the last contact.

    Args:
        repository: ours, whose `origin` has the branch.
        name: checked, without `refs/heads/`.
    """

    def __init__(self, repository: Repository, name: str) -> None:
        self._repository, self._name = repository, name
        self._partial = True  # blobs come when they are read, where the server can do that
        self._anew = True  # may be begun anew: the server takes a push that is no fast-forward
        self._missing: set[str] | None = None
        self._row = ("", 0)
        self._home = repository.path  # where what was fetched lies
        self._vain, self._sent = ("", 0), ""
        self.turned_down = ""
        """What the remote said last when another writer had been faster."""
        self.commit = ""
        """Hash of the tip; empty where there is no such branch."""
        self.blobs: dict[str, str] = {}
        """Hash of each stored object, by name."""
        self._others: frozenset[str] = frozenset()
        self._tree, self.commits = "", 0

    @property
    def known(self) -> bool:
        """Tell whether the remote was asked, and what it gave is still here."""
        return self._repository.holds(self._home)

    @property
    def landed(self) -> bool:
        """Tell whether the tip is the commit that was pushed last."""
        return bool(self._sent) and self.commit == self._sent

    @property
    def told(self) -> str:
        """Return the branch as messages name it."""
        return f"branch {self._name} of {self._repository.remote}"

    def fetch(self) -> None:
        """Ask the remote for its tip.

        Raises:
            StoreError: it does not answer, or the branch is none of ours.
        """
        self._home = None
        source = f"refs/heads/{self._name}"
        narrow = ("--depth=1", *(("--filter=blob:none",) if self._partial else ()))
        answer = self._repository.call("fetch", *_FETCH, *narrow, "origin", f"+{source}:{_TIP}")
        if answer.code == 0:
            self._look(_TIP)
        elif f"fatal: couldn't find remote ref {source}" in answer.err.splitlines():
            self.commit = self._tree = ""
            self.blobs, self._others, self.commits = {}, frozenset(), 0
        else:
            raise self._repository.failure(f"{self._url}: cannot read {self.told}", answer)
        self._home = self._repository.path

    def read(self, name: str) -> bytes:
        """Return a stored object that is there.

        Raises:
            StoreError: it cannot be brought here.
        """
        self._bring(name)
        return self._repository.run("cat-file", "blob", self.blobs[name])

    def check_free(self, name: str) -> None:
        """Make sure that a name is no folder on the branch, nor below a file.

        Raises:
            StoreError: it is.
        """
        above = {name[:at] for at, char in enumerate(name) if char == "/"}
        taken = above & (self.blobs.keys() | self._others)
        for other in (*self.blobs, *self._others):
            if other.startswith(f"{name}/"):
                taken.add(other)
        if taken or name in self._others:
            other = printable(min(taken or {name}))
            message = f"{self._url}: {name} cannot be written on {self.told}: {other}"
            message += " is in its place"
            raise StoreError(message, hint="Delete one of the two, or choose another branch.")

    def push(self, commands: Iterable[bytes], *, anew: bool = False) -> bool:
        """Put one more commit on the branch, if it is still as it was at the last contact.

        Args:
            commands: what changes, as `git fast-import` reads it.
            anew: begin the branch anew, with its files and without its past, if that may be.

        Returns:
            False where another writer was faster: fetch, and decide again.

        Raises:
            StoreError: the remote does not answer, or forbids it.
        """
        due = self._anew and (anew or self.commits >= COMMITS)
        commit = self._sent = self._import(commands, alone=due or not self.commit)
        target = f"refs/heads/{self._name}"
        lease = f"--force-with-lease={target}:{self.commit}"
        answer = self._repository.call(
            "push", "--porcelain", "--no-verify", lease, "origin", f"{commit}:{target}"
        )
        if answer.code == 0:
            self._look(commit)
            return True
        reason = _reason(answer, target)
        if self._is_race(reason, answer):
            return False
        if due and reason:
            # protected from being forced: it goes on growing
            self._anew = False
            return False
        what = f"{self._url}: cannot write {self.told}"
        raise self._repository.failure(what, answer, writing=True, reason=reason)

    def _is_race(self, reason: str, answer: Answer) -> bool:
        """Tell whether another writer was faster, and not something that stays in the way."""
        self.turned_down = harmless(f"{reason}\n{answer.err}", self._repository.secrets)
        if reason.startswith("[rejected]"):
            return True
        if not _RACE.search(reason) or "exists; cannot create" in answer.err:
            return False
        tip, count = self._vain
        self._vain = (self.commit, count + 1 if tip == self.commit else 1)
        return self._vain[1] < _VAIN

    @property
    def _url(self) -> str:
        return self._repository.url

    def _import(self, commands: Iterable[bytes], *, alone: bool) -> str:
        """Make a commit here and return its hash."""
        data = commit_commands(
            commands,
            reference=_NEW,
            parent="" if alone else self.commit,
            tree=self._tree,
            count=1 if alone else self.commits + 1,
        )
        options = ("--quiet", "--force", "--date-format=now")
        return self._repository.run("fast-import", *options, data=data).decode().strip()

    def _look(self, commit: str) -> None:
        """Take over what a commit that is here holds.

        Raises:
            StoreError: it is not ours.
        """
        found = self._repository.run("cat-file", "--batch", data=f"{commit}\n".encode())
        head, _, text = found.partition(b"\n")
        listed = self._repository.run("ls-tree", "-r", "-z", "--full-tree", commit)
        entries = [_entry(each) for each in listed.split(b"\0") if each]
        blobs = {name: blob for mode, blob, name in entries if mode.startswith("100")}
        if entries and MARKER not in blobs:
            message = f"{self._url}: the {self.told} is no store of perfci"
            hint = "Its files are left alone: name a branch that is not there yet."
            raise StoreError(message, hint=hint)
        self.commit = head.split()[0].decode()
        self._tree = text.split()[1].decode()
        self.blobs = {name: blob for name, blob in blobs.items() if is_name(name)}
        self._others = frozenset(name for *_, name in entries) - self.blobs.keys()
        counted = _COUNT.search(text)
        self.commits = int(counted[1]) if counted else 1
        self._missing = None

    def _bring(self, name: str) -> None:
        """Fetch a blob, and where one after the other is read also the next of the same folder."""
        if self._missing is None:
            listing = ("rev-list", "--objects", "--missing=print", "--no-object-names")
            found = self._repository.run(*listing, self.commit).decode().split()
            self._missing = {each[1:] for each in found if each.startswith("?")}
        if self.blobs[name] not in self._missing:
            return
        folder = name.rpartition("/")[0]
        before, count = self._row
        count = min(2 * count, _AHEAD) if folder == before else 1
        self._row = (folder, count)
        near = sorted(it for it in self.blobs if it >= name and it.rpartition("/")[0] == folder)
        wanted = [self.blobs[it] for it in near if self.blobs[it] in self._missing][:count]
        answer = self._repository.call(
            *("-c", "fetch.negotiationAlgorithm=noop", "fetch", *_FETCH),
            *("--filter=blob:none", "--stdin", "origin"),
            data="".join(f"{blob}\n" for blob in wanted).encode(),
        )
        if answer.code == 0:
            self._missing -= set(wanted)
        elif self._partial and _NOT_WHOLE.search(answer.err):
            # a server that leaves blobs out and does not give them one by one, or that has
            # cleaned them up since: take the whole tip as it is now
            self._partial = False
            self._repository.drop()
            self.fetch()
            if name not in self.blobs:
                message = f"{self._url}: {name} was removed while it was being read"
                raise StoreError(message, hint="Run again.")
        else:
            what = f"{self._url}: cannot read {name} on {self.told}"
            raise self._repository.failure(what, answer)


def _entry(line: bytes) -> tuple[str, str, str]:
    head, _, name = line.partition(b"\t")
    mode, _, blob = head.decode().split(" ")
    return mode, blob, name.decode("utf-8", "surrogateescape")


def _reason(answer: Answer, target: str) -> str:
    """Return why a push was turned down; empty where it did not come so far."""
    for line in answer.out.decode("utf-8", "replace").splitlines():
        flag, _, rest = line.partition("\t")
        references, _, reason = rest.partition("\t")
        if flag == "!" and references.endswith(f":{target}"):
            return reason
    return ""
