"""What of all artifacts is a branch's baseline: the newest that may be believed, put together."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from perfci.model.text import printable
from perfci.stores.artifact.actions import Actions, Artifact
from perfci.stores.artifact.job import Job
from perfci.stores.artifact.names import NUMBERS, PAIRS, Group, artifact_of, group_of, numbered
from perfci.stores.forge_archive import unpack

_MARK = "perfci-artifact.json"
"""File beside the blobs: the store's name, and the artifacts whose content this one carries on."""
_CARRIED = 500
_RECENT = 8
"""Runs whose artifacts are looked at: so many pushes may overlap, and none is lost."""
_ASKED = 60
"""Runs that are asked for in search of those, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What is known of a branch, or of the pairs."""

    blobs: dict[str, bytes]
    carried: set[int]
    """Numbers of the artifacts that this was read from, and of those carried on in them."""


class Reading:
    """Reads artifacts of one name, each once."""

    def __init__(self, url: str, actions: Actions, job: Job) -> None:
        """Take what asks the server; nothing is asked yet.

        Args:
            url: the store's, as the user wrote it.
            actions: asks.
            job: which artifacts are meant.
        """
        self._url = url
        self._actions = actions
        self._job = job
        self.warnings: list[str] = []
        self._listed: tuple[Artifact, ...] | None = None

    def branches(self) -> frozenset[str]:
        """Return the branches of which there are artifacts, good or not.

        Raises:
            StoreError: the list cannot be read.
        """
        return frozenset(artifact.branch for artifact in self._artifacts())

    def window(self, group: Group) -> Window:
        """Return what there is of a branch, or of this run's pairs.

        Raises:
            StoreError: the artifacts cannot be read, or one is damaged.
        """
        return self._pairs() if group is PAIRS else self._branch(group)

    def _branch(self, branch: str) -> Window:
        window = Window(blobs={}, carried=set())
        good: set[int] = set()
        asked: set[int] = set()
        known = [artifact for artifact in self._artifacts() if artifact.branch == branch]
        for artifact in known:
            if artifact.expired:
                continue
            if artifact.run not in asked and (len(good) == _RECENT or len(asked) == _ASKED):
                break
            asked.add(artifact.run)
            if self._actions.believes(artifact, branch):
                good.add(artifact.run)
                if artifact.id not in window.carried:
                    # a run on one branch says nothing of another
                    self._add(artifact, window, branch)
        if known and not good:
            why = (
                f"none of its {len(asked)} newest runs that kept one is a push that succeeded"
                if asked
                else "all of them have expired; a store of another kind keeps what is in it"
            )
            where = printable(
                f"{self._url}: no artifact of {branch} can be compared with", limit=300
            )
            self.warnings.append(f"{where}: {why}")
        return window

    def _pairs(self) -> Window:
        """Return what earlier attempts of this very workflow run kept."""
        window = Window(blobs={}, carried=set())
        # what a later step uploads has one name for all
        both = (artifact_of(PAIRS, self._job.name), self._job.name)
        names = {numbered(name, number) for name in both for number in range(1, NUMBERS + 1)}
        for artifact in self._actions.of_run(self._job.run) if self._job.run else ():
            fresh = artifact.id not in window.carried and not artifact.expired
            if artifact.name in names and fresh:
                self._add(artifact, window, PAIRS)
        return window

    def _add(self, artifact: Artifact, window: Window, group: Group) -> None:
        """Put an artifact's blobs of a group into a window; what is there is newer, and stays."""
        window.carried.add(artifact.id)
        data = self._actions.download(artifact)
        if data is None:
            return
        where = f"{self._url}: the artifact {artifact.name} (number {artifact.id})"
        found = unpack(data, where, _MARK)
        window.carried.update(_carried(found.pop(_MARK, b"")))
        for name, blob in found.items():
            if group_of(name, self._job.branch) == group:
                window.blobs.setdefault(name, blob)

    def _artifacts(self) -> tuple[Artifact, ...]:
        """Return those of our name, by whatever number, newest first."""
        if self._listed is None:
            found: list[Artifact] = []
            for number in range(1, NUMBERS + 1):
                more = self._actions.named(numbered(self._job.name, number))
                found += more
                # a job that died while it uploaded the very first has taken its name for nothing
                if not more and number > 1:
                    break
            self._listed = tuple(sorted(found, key=lambda artifact: -artifact.id))
        return self._listed


def marked(blobs: Mapping[str, bytes], name: str, carried: Iterable[int]) -> dict[str, bytes]:
    """Return blobs with the mark that says which artifacts need not be read beside them.

    It also says under which name a later step uploads them; as it stands, for `sed` to find.
    """
    mark = {"name": name, "carries": sorted(carried)[-_CARRIED:]}
    return {**blobs, _MARK: json.dumps(mark, ensure_ascii=False).encode()}


def _carried(mark: bytes) -> set[int]:
    try:
        document: object = json.loads(mark or b"{}")
    except (ValueError, RecursionError):
        document = None
    numbers = document.get("carries") if isinstance(document, Mapping) else None
    return {it for it in numbers if isinstance(it, int)} if isinstance(numbers, list) else set()
