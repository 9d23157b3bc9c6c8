"""The store in GitLab's package registry: what a file of a package stands for."""

import contextlib
from collections.abc import Iterator, Mapping

from perfci.errors import StoreError
from perfci.ports import Blob
from perfci.stores.forge_left import Left
from perfci.stores.forge_names import insist_on_name, version_of
from perfci.stores.gitlab.jobs import JobArtifacts
from perfci.stores.gitlab.names import (
    FOLDER,
    file_of_name,
    folder_of_version,
    is_long,
    name_of_file,
    version_of_folder,
)
from perfci.stores.gitlab.registry import File, Registry, Spot
from perfci.stores.singly import Singly

_REMOVED = b"removed by perfci\n"
"""Content of a file that stands for none: many a job may add to a package, but not take away."""
_KEEP = 20
"""Files that are taken away after one write, at most: more would hold up the job."""


class GitLabStore(Singly):
    """Keeps each blob in the newest file of its name; a version is the SHA-256 of the content.

    The registry cannot replace a file only if it is still the one that was read: of two who
    replace at once, the later one wins, and `swaps` says so.
    """

    swaps = False

    def __init__(
        self, url: str, *, registry: Registry, fallback: JobArtifacts | None, left: Left
    ) -> None:
        """Take what asks the server; nothing is asked yet.

        Args:
            url: as the user wrote it: `gitlab:PACKAGE`.
            registry: the package; it is made by the first write.
            fallback: where to look while the package is not there, or may not be seen.
            left: keeps a copy of what is written, for the job's artifacts.
        """
        self.url = url
        self.warnings: list[str] = []
        """What the reader has to know of where this was read from."""
        self._registry = registry
        self._fallback = fallback
        self._left = left
        self._may_remove = True
        self._folders: dict[str, str] = {}
        self._lent: Mapping[str, bytes] | None = None
        self._refused = False

    def get(self, name: str) -> Blob | None:
        """Return the blob, or None where there is none.

        Raises:
            StoreError: it cannot be read.
        """
        spot, borrowed = _spot(self.url, name), self._borrowed()
        found = None if self._refused else self._read(spot)
        if found is None:
            found = borrowed.get(name)
        return Blob(data=found, version=version_of(found)) if found is not None else None

    def put(self, name: str, data: bytes, *, replaces: str | None) -> bool:
        """Write a blob whole or not at all, unless something else was there just before.

        For arguments, result and errors see `perfci.ports.Store`.
        """
        spot = _spot(self.url, name)
        with contextlib.suppress(OSError):  # a courtesy to the job's artifacts, and no more
            self._left.keep({name: data})
        there = self._read(spot)
        known = there if there is not None else self._borrowed().get(name)
        if (version_of(known) if known is not None else None) != replaces:
            return False
        self._name_folder(spot)
        made = self._registry.add(spot, data)
        if made is None and there is None:  # another job was first
            return False
        if made is None:
            self._registry.remove(self._files(spot), spot)
            made = self._registry.add(spot, data)
        if made is None:
            raise self._registry.only_one(spot, "replace")
        if made.package and there is not None and self._may_remove:
            files = self._registry.files(made.package)
            old = [it for it in files if it.name == spot.file and it.id < made.id]
            self._may_remove = self._registry.remove(old[:_KEEP], spot)
        return True

    def list(self, prefix: str) -> tuple[str, ...]:
        """Return the names that begin with `prefix`, sorted.

        Raises:
            StoreError: the registry cannot be read.
        """
        found = {*self._borrowed()}
        found |= set() if self._refused else set(self._listed(prefix))
        return tuple(sorted(name for name in found if name.startswith(prefix)))

    def delete(self, *names: str) -> None:
        """Remove blobs; nothing happens where there are none.

        Raises:
            StoreError: one cannot be removed; those before are gone.
        """
        for name in names:
            self._delete(_spot(self.url, name))

    def _delete(self, spot: Spot) -> None:
        files = self._files(spot)
        if not files or files[-1].sha256 == version_of(_REMOVED):
            return
        if self._may_remove and self._registry.remove(files, spot):
            return
        self._may_remove = False
        if self._registry.add(spot, _REMOVED) is None:
            raise self._registry.only_one(spot, "remove")

    def set_aside(self, name: str) -> str:
        """Move a damaged blob to `NAME.damaged-1` (or -2, ...); return where it is now.

        Raises:
            StoreError: it cannot be moved, or is not there.
        """
        data = self._read(_spot(self.url, name))
        if data is None:
            message = f"{self.url}: cannot move {name}: it is not there"
            raise StoreError(message, hint="Another job may have moved it: run again.")
        number = 1
        while not self.put(f"{name}.damaged-{number}", data, replaces=None):
            number += 1
        self.delete(name)
        return f"{self.url}/{name}.damaged-{number}"

    def close(self) -> None:
        """Do nothing: every write is already where it stays."""

    def _read(self, spot: Spot) -> bytes | None:
        data = self._registry.read(spot)
        return None if data == _REMOVED else data

    def _borrowed(self) -> Mapping[str, bytes]:
        """Return what is read from the job's artifacts: nothing where the package is there.

        Raises:
            StoreError: the registry may not be seen, and there is nothing in its place.
        """
        if self._fallback is None:
            return {}
        if self._lent is None:
            refusal = None
            try:
                there = bool(self._registry.packages())
            except StoreError as error:
                there, refusal = False, error
            lent = {} if there else self._fallback.blobs()
            if refusal and not lent:
                raise refusal
            if lent:
                why = refusal.message if refusal else f"{self.url}: there is no such package yet"
                self.warnings.append(f"{why}; read from {self._fallback.where} instead")
            self._lent, self._refused = lent, refusal is not None
        return self._lent

    def _listed(self, prefix: str) -> Iterator[str]:
        for package, version in self._registry.packages():
            folder = self._folder(version)
            if folder is None:
                continue
            start = f"{folder}/" if folder else ""
            if not (start.startswith(prefix) or prefix.startswith(start)):
                continue
            newest = {file.name: file for file in self._registry.files(package)}
            for file in newest.values():
                last = name_of_file(file.name)
                if last is not None and file.sha256 != version_of(_REMOVED):
                    yield start + last

    def _files(self, spot: Spot) -> tuple[File, ...]:
        """Return all files of an object, the oldest first."""
        return tuple(
            file
            for package, version in self._registry.packages(spot.version)
            if version == spot.version
            for file in self._registry.files(package)
            if file.name == spot.file
        )

    def _name_folder(self, spot: Spot) -> None:
        """Keep a folder's name beside its files where the version is too short to hold it."""
        if is_long(spot.version) and spot.version not in self._folders:
            folder = spot.name.rpartition("/")[0]
            mark = Spot(version=spot.version, file=FOLDER, name=folder)
            if self._registry.read(mark) is None:
                self._registry.add(mark, folder.encode("utf-8", "surrogatepass"))
            self._folders[spot.version] = folder

    def _folder(self, version: str) -> str | None:
        """Return the folder that a version stands for; None where it is not one of ours."""
        if not is_long(version):
            return folder_of_version(version)
        if version not in self._folders:
            data = self._registry.read(Spot(version=version, file=FOLDER, name=version))
            folder = (data or b"").decode("utf-8", "replace")
            if version_of_folder(folder) != version:
                return None
            self._folders[version] = folder
        return self._folders[version]


def _spot(url: str, name: str) -> Spot:
    insist_on_name(url, name)
    folder, _, last = name.rpartition("/")
    return Spot(version=version_of_folder(folder), file=file_of_name(last), name=name)
