"""`file:DIR`: blobs as files below a folder, shared safely by all processes of a machine."""

import errno
import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from perfci.errors import StoreError
from perfci.ports import Blob
from perfci.stores.regular import insist_on_folders, names_below, read
from perfci.stores.singly import Singly

_LOCK = ".lock"
_PARTIAL = ".partial"
_IGNORE = b"# written by perfci: stored runs are not source code\n*\n"
_HINTS = {
    errno.EACCES: "Give the user that runs perfci the right to it, or choose another store.",
    errno.EPERM: "Give the user that runs perfci the right to it, or choose another store.",
    errno.EROFS: "The file system is read-only: put the store on another one.",
    errno.ENOSPC: "The disk is full: make room, or `perfci baseline prune`.",
    errno.EDQUOT: "The quota is used up: make room, or `perfci baseline prune`.",
    errno.EFBIG: "No file of a store is that large: remove it, or raise what the system allows.",
    errno.ELOOP: "Put the file or folder itself there; only the store's own folder may be a link.",
    errno.ENXIO: "Perfci put no such thing there: remove it.",
    errno.EEXIST: "A file stands where a folder is needed: move it, or choose another store.",
    errno.ENOTDIR: "A file stands where a folder is needed: move it, or choose another store.",
    errno.EISDIR: "A folder stands where a file is needed: move it, or choose another store.",
    errno.ENOLCK: "This file system has no locks: put the store on a local disk.",
}


class FileStore(Singly):
    """Keeps each blob in one file; a version is the SHA-256 of the content.

    Writers take turns by a lock on the whole store; readers need none, because a file is only
    ever replaced whole.
    """

    swaps = True
    warnings: tuple[str, ...] = ()

    def __init__(self, url: str, root: Path) -> None:
        """Name the folder; it is made by the first write.

        Args:
            url: as the user wrote it: `file:.perfci`.
            root: the folder.
        """
        self.url = url
        self._root = root

    def close(self) -> None:
        """Do nothing: what was put is there."""

    def get(self, name: str) -> Blob | None:
        """Return the blob, or None where there is none.

        Raises:
            StoreError: it cannot be read.
        """
        path = self._path(name)
        with self._told(path, "read"):
            try:
                insist_on_folders(self._root, path.parent)
                data = read(path)
            except FileNotFoundError:
                return None
        return Blob(data=data, version=_version(data))

    def put(self, name: str, data: bytes, *, replaces: str | None) -> bool:
        """Write a blob whole or not at all; it survives a power cut once this returns.

        For arguments, result and errors see `perfci.ports.Store`.
        """
        path = self._path(name)
        with self._told(path, "write"), self._locked():
            there = self.get(name)  # no link leads elsewhere, or this raises
            if (there.version if there else None) != replaces:
                return False
            _make_folder(path.parent)
            partial = self._root / _PARTIAL
            # only the holder of the lock writes this: one that is there was left by a killed run
            partial.unlink(missing_ok=True)
            try:
                _write(partial, data)
                partial.replace(path)
            except BaseException:
                # on a full disk it would hold what space there is
                with suppress(OSError):
                    partial.unlink(missing_ok=True)
                raise
            _sync_folder(path.parent)
        return True

    def list(self, prefix: str) -> tuple[str, ...]:
        """Return the names that begin with `prefix`, sorted.

        Raises:
            StoreError: a folder cannot be read.
        """
        above = prefix.rpartition("/")[0]
        start = self._root / above
        with self._told(start, "list"):
            insist_on_folders(self._root, start)
            names = [f"{above}/{name}" if above else name for name in names_below(start)]
        return tuple(sorted(name for name in names if name.startswith(prefix)))

    def delete(self, *names: str) -> None:
        """Remove blobs; nothing happens where there are none.

        Raises:
            StoreError: one cannot be removed; those before are gone.
        """
        for name in names:
            path = self._path(name)
            with self._told(path, "remove"):
                insist_on_folders(self._root, path.parent)
                if not os.path.lexists(path):
                    continue
                with self._locked():
                    path.unlink(missing_ok=True)
                    _sync_folder(path.parent)

    def set_aside(self, name: str) -> str:
        """Rename a damaged blob to `NAME.damaged-1` (or -2, ...); return its path.

        Raises:
            StoreError: it cannot be renamed, or is not there.
        """
        path = self._path(name)
        with self._told(path, "move"), self._locked():
            insist_on_folders(self._root, path.parent)
            number = 1
            while os.path.lexists(aside := path.with_name(f"{path.name}.damaged-{number}")):
                number += 1
            path.rename(aside)
            _sync_folder(path.parent)
        return str(aside)

    def _path(self, name: str) -> Path:
        parts = name.split("/")
        # names come from branches and run ids: nothing may lead out of the folder or hit our own
        if "\0" in name or any(not part or part.startswith(".") for part in parts):
            message = f"{self.url}: {name!r} cannot be the name of a stored object"
            raise StoreError(message, hint="Names are relative and no part begins with a dot.")
        return self._root.joinpath(*parts)

    @contextmanager
    def _told(self, path: Path, verb: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            message = f"{self.url}: cannot {verb} {path}: {error.strerror or error}"
            if error.filename and str(error.filename) != str(path):
                message += f" ({error.filename})"
            hint = _HINTS.get(error.errno or 0, "See that the folder exists and can be used.")
            raise StoreError(message, hint=hint) from error

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Make the store if it is not there, and hold its lock; the system drops it at exit."""
        if not self._root.is_dir():
            _make_folder(self._root)
            (self._root / ".gitignore").write_bytes(_IGNORE)
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        lock = os.open(self._root / _LOCK, flags, 0o666)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)


def _version(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it, each one's entry safe on disk."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    """Bring a folder's entries to the disk: without it a rename may be lost in a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
