"""The index of a branch in a store: how it is read, brought up to date and repaired."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from perfci.baselines.keys import RUN_ID, branch_key, project_key
from perfci.errors import FormatError, StoreError
from perfci.model.history import History, Point, StoredRun
from perfci.model.run import Recording
from perfci.model.verdict import Verdict
from perfci.ports import Blob, Store
from perfci.schema import history, stored
from perfci.schema.document import NewerVersionError

WINDOW = 100
"""Runs that an index holds, the newest; older ones stay in the store."""

_TRIES = 30
_SUFFIX = ".json.gz"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Branch:
    """One branch's place in a store."""

    store: Store
    name: str
    folder: str

    @property
    def index(self) -> str:
        return f"{self.folder}/history.json"

    def run(self, identity: str) -> str:
        return f"{self.folder}/runs/{identity}{_SUFFIX}"

    def run_ids(self) -> tuple[str, ...]:
        """Return the ids of the stored runs, oldest first."""
        prefix = f"{self.folder}/runs/"
        names = (name.removeprefix(prefix) for name in self.store.list(prefix))
        ids = (name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX))
        return tuple(sorted(each for each in ids if RUN_ID.fullmatch(each)))

    def told(self, name: str) -> str:
        return f"{self.store.url.rstrip('/')}/{name}"


def _branch(store: Store, project: str, branch: str) -> _Branch:
    folder = f"v1/{project_key(project)}/branches/{branch_key(branch)}"
    return _Branch(store=store, name=branch, folder=folder)


def load_history(store: Store, project: str, branch: str) -> tuple[History, tuple[str, ...]]:
    """Return the recent runs of a branch, and what is to be told about them.

    Without an index it is made from the runs; a run that is damaged is set aside and named.

    Raises:
        StoreError: the store cannot be read; its index is damaged (it is set aside, and the next
            call makes a new one); or a newer perfci wrote it (it is left alone).
    """
    place = _branch(store, project, branch)
    found = _read_index(place, store.get(place.index))
    if found is not None:
        return found, ()
    return _with_runs(place, History(branch=branch), place.run_ids()[-WINDOW:])


def record(
    store: Store,
    recording: Recording,
    verdict: Verdict,
    points: Mapping[str, Point],
    *,
    pause: Callable[[int], None] = lambda _: None,
) -> str:
    """Keep a run as a baseline of its branch; return where it is, with anything else to be told.

    The run itself is written first, so that nothing is lost if the rest fails: the next call
    brings the index up to date.

    Args:
        store: where.
        recording: what was measured; its run's id comes from `run_id`.
        verdict: what the gate decided about it.
        points: by series key; those that regressed say so themselves.
        pause: waits before another try at the index, which another pipeline was writing; is
            given the number of the try, from 1.

    Raises:
        StoreError: the run cannot be written, or the index is damaged or of a newer perfci.
    """
    place = _branch(store, recording.project, recording.run.branch)
    kept = stored.Stored(recording=recording, verdict=verdict.status, points=points)
    _write_run(place, recording.run.id, stored.dump(kept))
    for attempt in range(1, _TRIES + 1):
        warnings = _update_index(place, kept.line)
        if warnings is not None:
            return "; ".join((place.told(place.run(recording.run.id)), *warnings))
        pause(attempt)
    message = f"{place.told(place.index)} was being written by others each of {_TRIES} times"
    hint = "The run itself is stored; the next one brings the index up to date."
    raise StoreError(message, hint=hint)


def _write_run(place: _Branch, identity: str, data: bytes) -> None:
    if not RUN_ID.fullmatch(identity):
        message = f"{identity[:60]!r} is not the id of a run like 20261123T065000Z-1a2b3c4d"
        raise StoreError(message, hint="Only a run that perfci measured can become a baseline.")
    name = place.run(identity)
    if place.store.put(name, data, replaces=None):
        return
    there = place.store.get(name)
    # the same run again is no harm: a job that was killed half-way is repeated
    if there is None or there.data != data:
        message = f"{place.told(name)} is there already and holds something else"
        raise StoreError(message, hint="Stored runs are never replaced; measure again.")


def _update_index(place: _Branch, line: StoredRun) -> tuple[str, ...] | None:
    """Put one line into the index; return what is to be told, or None where others were first."""
    blob = place.store.get(place.index)
    index = _read_index(place, blob) or History(branch=place.name)
    known = {run.id for run in index.runs} | {line.id}
    # runs whose writers were stopped before they came to the index
    lost = [identity for identity in place.run_ids()[-WINDOW:] if identity not in known]
    index, warnings = _with_runs(place, index, lost)
    runs = [run for run in index.runs if run.id != line.id]
    index = _in_order(index, [*runs, line])
    version = blob.version if blob else None
    return warnings if place.store.put(place.index, history.dump(index), replaces=version) else None


def _in_order(index: History, runs: list[StoredRun]) -> History:
    runs.sort(key=lambda run: (run.started_at, run.id))
    return replace(index, runs=tuple(runs[-WINDOW:]))


def _with_runs(
    place: _Branch, index: History, ids: tuple[str, ...] | list[str]
) -> tuple[History, tuple[str, ...]]:
    """Add stored runs to an index; set the damaged ones aside, and name them."""
    runs, warnings = list(index.runs), []
    for identity in ids:
        name = place.run(identity)
        blob = place.store.get(name)
        if blob is None:  # pruned since it was listed
            continue
        try:
            runs.append(_parse_run(place, identity, blob))
        except NewerVersionError as error:
            raise StoreError(error.message, hint=error.hint) from None
        except FormatError as error:
            warnings.append(f"a stored run is left out: {error.message}; {_aside(place, name)}")
    return _in_order(index, runs), tuple(warnings)


def _read_index(place: _Branch, blob: Blob | None) -> History | None:
    if blob is None:
        return None
    try:
        return _parse_index(place, blob)
    except NewerVersionError as error:
        raise StoreError(error.message, hint=error.hint) from None
    except FormatError as error:
        message = f"the index of a branch is damaged: {error.message}; {_aside(place, place.index)}"
        count = len(place.run_ids())
        hint = f"Run again: perfci makes a new index from the {count} stored run(s)."
        raise StoreError(message, hint=hint) from None


def _parse_index(place: _Branch, blob: Blob) -> History:
    where = place.told(place.index)
    index = history.load(blob.data, where)
    if index.branch != place.name:
        said = f"it says that it belongs to {index.branch[:60]!r}"
        raise FormatError(f"{where} is not of the branch at which it lies: {said}")
    return index


def _parse_run(place: _Branch, identity: str, blob: Blob) -> StoredRun:
    where = place.told(place.run(identity))
    line = stored.load(blob.data, where).line
    if line.id != identity:
        raise FormatError(f"{where} holds another run: {line.id[:60]!r}")
    return line


def _aside(place: _Branch, name: str) -> str:
    try:
        return f"it was moved to {place.store.set_aside(name)}"
    except StoreError as error:  # a job that may only read still says what it found
        return f"it could not be moved out of the way ({error.message})"
