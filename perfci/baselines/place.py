"""Where the objects of one branch lie in a store."""

from collections.abc import Iterable
from dataclasses import dataclass

from perfci.baselines.keys import RUN_ID, branch_key, project_key
from perfci.errors import StoreError
from perfci.ports import Store

_RUN = ".json.gz"
_ACCEPTANCE = ".json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One branch's place in a store."""

    store: Store
    branch: str
    folder: str

    @property
    def index(self) -> str:
        """Return the name of the index."""
        return f"{self.folder}/history.json"

    def run(self, identity: str) -> str:
        """Return the name of a run.

        Raises:
            StoreError: nothing that perfci measured is called so.
        """
        _insist_on_id(identity)
        return f"{self.folder}/runs/{identity}{_RUN}"

    def acceptance(self, identity: str) -> str:
        """Return the name of an acceptance.

        Raises:
            StoreError: nothing that perfci accepted is called so.
        """
        _insist_on_id(identity)
        return f"{self.folder}/acceptances/{identity}{_ACCEPTANCE}"

    def run_ids(self) -> tuple[str, ...]:
        """Return the ids of the stored runs, oldest first."""
        prefix = f"{self.folder}/runs/"
        return run_ids(self.store.list(prefix), prefix)

    def acceptance_ids(self) -> tuple[str, ...]:
        """Return the ids of the stored acceptances, oldest first."""
        prefix = f"{self.folder}/acceptances/"
        return acceptance_ids(self.store.list(prefix), prefix)

    def told(self, name: str) -> str:
        """Return an object's name as a reader finds it: with the store's URL."""
        return f"{self.store.url.rstrip('/')}/{name}"

    def aside(self, name: str) -> str:
        """Move a damaged object out of the way; return what came of it, in words."""
        try:
            return f"it was moved to {self.store.set_aside(name)}"
        except StoreError as error:  # a job that may only read still says what it found
            return f"it could not be moved out of the way ({error.message})"


def place_of(store: Store, project: str, branch: str) -> Place:
    """Return a branch's place.

    Raises:
        ConfigurationError: the name of the project or of the branch is too long for a store.
    """
    folder = f"v1/{project_key(project)}/branches/{branch_key(branch)}"
    return Place(store=store, branch=branch, folder=folder)


def run_ids(names: Iterable[str], prefix: str) -> tuple[str, ...]:
    """Return the ids of the runs among the names of objects, oldest first.

    Args:
        names: of anything that may lie there.
        prefix: what comes before an id: `v1/app/branches/main/runs/`.
    """
    return _ids(names, prefix, _RUN)


def acceptance_ids(names: Iterable[str], prefix: str) -> tuple[str, ...]:
    """Return the ids of the acceptances among the names of objects, oldest first."""
    return _ids(names, prefix, _ACCEPTANCE)


def _insist_on_id(identity: str) -> None:
    if not RUN_ID.fullmatch(identity):
        message = f"{identity[:60]!r} is not the id of a run like 20261123T065000Z-1a2b3c4d"
        raise StoreError(message, hint="Only a run that perfci measured can become a baseline.")


def _ids(names: Iterable[str], prefix: str, ending: str) -> tuple[str, ...]:
    ids = (
        name.removeprefix(prefix).removesuffix(ending)
        for name in names
        if name.startswith(prefix) and name.endswith(ending)
    )
    return tuple(sorted(each for each in ids if RUN_ID.fullmatch(each)))
