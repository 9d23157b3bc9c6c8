"""The store in artifacts: read on demand, written once at the end."""

from collections.abc import Mapping
from typing import Protocol

from perfci.errors import StoreError
from perfci.model.text import printable
from perfci.ports import Blob
from perfci.stores.artifact.job import Job
from perfci.stores.artifact.names import (
    NUMBERS,
    PAIRS,
    Group,
    artifact_of,
    group_of,
    names_all,
    numbered,
    recent,
)
from perfci.stores.artifact.reading import Reading, Window, marked
from perfci.stores.forge_archive import pack
from perfci.stores.forge_left import Left
from perfci.stores.forge_names import insist_on_name, version_of
from perfci.stores.singly import Singly


class Uploader(Protocol):
    """Uploads an archive under a name; None where the name is taken."""

    def upload(self, name: str, data: bytes, /) -> int | None:
        """Return the artifact's id.

        Raises:
            StoreError: it cannot be uploaded.
        """
        ...


class ArtifactStore(Singly):
    """Presents what the newest good runs of a branch uploaded; collects what is put.

    An artifact never changes. Each one carries its branch's recent window on, with what this job
    adds. `close` uploads it; before that only this object knows.
    """

    swaps = False

    def __init__(
        self, url: str, *, reading: Reading, uploader: Uploader | None, left: Left, job: Job
    ) -> None:
        """Take what asks the servers; nothing is asked yet.

        Args:
            url: as the user wrote it: `artifact:NAME`.
            reading: reads.
            uploader: writes; None where a later step of the job uploads what is left on disk.
            left: keeps on disk what could not be uploaded.
            job: whose job this is.
        """
        self.url = url
        self._reading = reading
        self._uploader = uploader
        self._left = left
        self._job = job
        self._there: dict[Group, Window] = {}
        self._changed: set[Group] = set()

    @property
    def warnings(self) -> list[str]:
        """Return what the reader has to know of the artifacts that were looked at."""
        return self._reading.warnings

    def get(self, name: str) -> Blob | None:
        """Return the blob, or None where there is none.

        Raises:
            StoreError: the artifacts cannot be read.
        """
        insist_on_name(self.url, name)
        data = self._blobs(group_of(name, self._job.branch)).get(name)
        return Blob(data=data, version=version_of(data)) if data is not None else None

    def put(self, name: str, data: bytes, *, replaces: str | None) -> bool:
        """Take a blob of this job's branch, to be uploaded by `close`.

        For arguments, result and errors see `perfci.ports.Store`.
        """
        there = self.get(name)
        if (there.version if there else None) != replaces:
            return False
        group = group_of(name, self._job.branch)
        if group is not PAIRS and (group != self._job.branch or not self._job.on_branch):
            message = (
                f"{self.url}: cannot keep {name}: an artifact belongs to the branch of its "
                f"workflow run, and this one is of {printable(self._job.ref) or 'none'}"
            )
            raise StoreError(message, hint=f"keep it by a run on {printable(group or '')!r}")
        self._blobs(group)[name] = data
        self._changed.add(group)
        return True

    def list(self, prefix: str) -> tuple[str, ...]:
        """Return the names that begin with `prefix`, sorted.

        Raises:
            StoreError: the artifacts cannot be read.
        """
        groups: set[Group] = {group_of(prefix, self._job.branch)}
        if names_all(prefix):
            groups = {PAIRS, self._job.branch, *self._reading.branches()}
        found = {name for group in groups for name in self._blobs(group)}
        return tuple(sorted(name for name in found if name.startswith(prefix)))

    def delete(self, *names: str) -> None:
        """Leave blobs out of what is uploaded; nothing happens where there are none.

        Raises:
            StoreError: the artifacts cannot be read.
        """
        for name in names:
            insist_on_name(self.url, name)
            group = group_of(name, self._job.branch)
            if self._blobs(group).pop(name, None) is not None:
                self._changed.add(group)

    def set_aside(self, name: str) -> str:
        """Move a damaged blob to `NAME.damaged-1` (or -2, ...); return where it is now.

        Raises:
            StoreError: the artifacts cannot be read, or it is not there.
        """
        insist_on_name(self.url, name)
        blobs, number = self._blobs(group_of(name, self._job.branch)), 1
        if name not in blobs:
            message = f"{self.url}: cannot move {name}: it is not there"
            raise StoreError(message, hint="Another job may have moved it: run again.")
        while f"{name}.damaged-{number}" in blobs:
            number += 1
        blobs[f"{name}.damaged-{number}"] = blobs.pop(name)
        self._changed.add(group_of(name, self._job.branch))
        return f"{self.url}/{name}.damaged-{number}"

    def close(self) -> None:
        """Upload what was put; what cannot be uploaded is left on disk. Safe to call twice.

        Raises:
            StoreError: it could not be uploaded; says what has to be done with what is on disk.
        """
        for group in sorted(self._changed, key=str):
            self._changed.discard(group)  # what failed lies on disk: it is not tried again
            if group is PAIRS or self._job.on_branch:
                self._upload(group)

    def _upload(self, group: Group) -> None:
        blobs = self._blobs(group)
        content = {name: blobs[name] for name in (blobs if group is PAIRS else recent(blobs))}
        carried = self._there[group].carried
        entries = marked(content, self._job.name, carried)
        if self._uploader is None:
            self._leave(entries)
            return
        name = artifact_of(group, self._job.name)
        try:
            carried.add(self._uploaded(self._uploader, name, pack(entries)))
        except StoreError as error:
            try:
                self._leave(entries)
                end = f"it lies in {self._left.folder}"
            except StoreError as worse:
                end = worse.message
            raise StoreError(f"{error.message}; {end}", hint=error.hint) from None

    def _uploaded(self, uploader: Uploader, name: str, data: bytes) -> int:
        """Upload an archive under the first number of its name that is free in this run."""
        for number in range(1, NUMBERS + 1):
            made = uploader.upload(numbered(name, number), data)
            if made is not None:
                return made
        message = f"{self.url}: this workflow run has {NUMBERS} artifacts named {name} already"
        raise StoreError(message, hint="give each job of a matrix a store of its own name")

    def _leave(self, entries: Mapping[str, bytes]) -> None:
        """Write on disk what another step is to upload."""
        try:
            self._left.keep(entries)
        except OSError as error:
            folder, why = self._left.folder, error.strerror or error
            message = f"{self.url}: it cannot be left in {folder} either: {why}"
            raise StoreError(message, hint="Make room on the disk, and run again.") from None

    def _blobs(self, group: Group) -> dict[str, bytes]:
        if group not in self._there:
            self._there[group] = self._reading.window(group)
        return self._there[group].blobs
