"""One stored run, found by its id, the beginning of it, or the word `latest`."""

from collections.abc import Iterable
from dataclasses import dataclass

from perfci.baselines.branches import Listed, listed
from perfci.baselines.place import Place, place_of
from perfci.errors import ConfigurationError, FormatError, StoreError
from perfci.model.text import printable
from perfci.ports import Store
from perfci.schema import stored
from perfci.schema.stored import Stored

LATEST = "latest"
_NAMED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A stored run and where it lies."""

    place: Place
    run: Stored
    data: bytes
    """The object as it is in the store."""

    @property
    def name(self) -> str:
        """Return the object's name, with the store's URL."""
        return self.place.told(self.place.run(self.run.recording.run.id))


def find_run(store: Store, project: str, wanted: str, *, branch: str, elsewhere: bool) -> Found:
    """Return the one stored run that is meant.

    Args:
        store: where.
        project: the name under which its baselines are kept.
        wanted: an id, the beginning of one, or `latest`.
        branch: where it is looked for first; `latest` is the newest run of this branch.
        elsewhere: whether an id may be of another branch, where this one has none such.

    Raises:
        ConfigurationError: no run, or more than one, is called so.
        StoreError: the store cannot be read.
        FormatError: the run is damaged, or was written by a newer perfci.
    """
    everywhere = listed(store, project)
    here = [each for each in everywhere if each.branch == branch]
    found = _matching(here, wanted)
    if not found and elsewhere and wanted != LATEST:
        found = _matching(everywhere, wanted)
    whose = branch or "a branch without a name"
    if not found:
        raise ConfigurationError(
            f"no run of {printable(whose)} in {store.url} is called {wanted[:60]!r}",
            hint=_there_is(here, everywhere),
        )
    if len(found) > 1:
        names = ", ".join(f"{identity} ({name})" for name, identity in found[:_NAMED])
        more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
        raise ConfigurationError(
            f"{wanted[:60]!r} fits {len(found)} stored runs",
            hint=f"write more of it, or name the branch by --branch: {printable(names)}{more}",
        )
    ((name, identity),) = found
    return load_run(place_of(store, project, name), identity)


def load_run(place: Place, identity: str) -> Found:
    """Return a stored run by its whole id.

    Raises:
        StoreError: it is not there, or the store cannot be read.
        FormatError: it is damaged, or was written by a newer perfci.
    """
    name = place.run(identity)
    blob = place.store.get(name)
    if blob is None:
        raise StoreError(f"{place.told(name)} is not there any more", hint="List the runs again.")
    found = stored.load(blob.data, place.told(name))
    if found.recording.run.id != identity:
        said = repr(found.recording.run.id[:60])
        raise FormatError(f"{place.told(name)} holds another run: {said}")
    return Found(place=place, run=found, data=blob.data)


def _matching(branches: Iterable[Listed], wanted: str) -> list[tuple[str, str]]:
    """Return branch and id of every run that may be meant; a whole id is no beginning."""
    if wanted == LATEST:
        return [(each.branch, each.runs[-1]) for each in branches if each.runs]
    if not wanted:
        return []
    begun = [
        (each.branch, identity)
        for each in branches
        for identity in each.runs
        if identity.startswith(wanted)
    ]
    return [item for item in begun if item[1] == wanted] or begun


def _there_is(here: Iterable[Listed], everywhere: Iterable[Listed]) -> str:
    """Say what could have been meant."""
    runs = [identity for each in here for identity in each.runs]
    if runs:
        return f"its newest are {', '.join(reversed(runs[-_NAMED:]))}"
    names = [each.branch or "(no name)" for each in everywhere if each.runs]
    if names:
        shown = printable(", ".join(names[:_NAMED]))
        return f"it has no runs; branches that have some: {shown}; name one by --branch"
    return "nothing is stored there yet for this project; --store names another place"
