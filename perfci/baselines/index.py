"""The index of a branch in a store: how it is read, brought up to date and repaired."""

from collections.abc import Callable, Mapping, Sequence

from perfci.baselines.gathering import WINDOW, gathered, in_order
from perfci.baselines.once import write_once
from perfci.baselines.place import Place, place_of
from perfci.errors import FormatError, StoreError
from perfci.model.history import Acceptance, History, Point, StoredRun
from perfci.model.run import Recording
from perfci.model.verdict import Verdict
from perfci.ports import Blob, Store
from perfci.schema import acceptance, history, stored
from perfci.schema.document import NewerVersionError
from perfci.schema.stored import Stored

__all__ = [
    "WINDOW",
    "accept",
    "keep",
    "keep_all",
    "load_history",
    "record",
    "refresh",
    "whole_history",
]

_TRIES = 30
_LATER = "; the next one brings the index up to date."


def load_history(store: Store, project: str, branch: str) -> tuple[History, tuple[str, ...]]:
    """Return the recent runs of a branch, and what is to be told about them and their store.

    Where the index is missing it is made from the runs. What is damaged is set aside and named.

    Raises:
        StoreError: the store cannot be read; its index is damaged (it is set aside, and the next
            call makes a new one); or a newer perfci wrote it (it is left alone).
    """
    if not store.swaps:  # of two who wrote the index at once, one may be missing in it
        return whole_history(store, project, branch)
    place = place_of(store, project, branch)
    found, damage = _read_index(place, store.get(place.index))
    if found:
        return found, tuple(store.warnings)
    found, faults = gathered(place, History(branch=branch))
    return found, (*damage, *faults, *store.warnings)


def whole_history(store: Store, project: str, branch: str) -> tuple[History, tuple[str, ...]]:
    """Return the same with all that lies beside the index and has not come to it yet.

    Raises:
        StoreError: as `load_history`.
    """
    place = place_of(store, project, branch)
    found, damage = _read_index(place, store.get(place.index))
    found, faults = gathered(place, found or History(branch=branch))
    return found, (*damage, *faults, *store.warnings)


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
        StoreError: the run cannot be written, or the index is of a newer perfci.
    """
    kept = Stored(recording=recording, verdict=verdict.status, points=points)
    return keep(store, kept, stored.dump(kept), pause=pause)


def keep(
    store: Store,
    kept: Stored,
    data: bytes,
    *,
    pause: Callable[[int], None] = lambda _: None,
) -> str:
    """Keep a run that was judged before; return where it is, with anything else to be told.

    Args:
        store: where; project and branch are the run's own.
        kept: the run.
        data: its object, as it is to be written.
        pause: as for `record`.

    Raises:
        StoreError: as `record`.
    """
    place = place_of(store, kept.recording.project, kept.recording.run.branch)
    name = place.run(kept.recording.run.id)
    write_once(store, [(name, data)])
    warnings = _update_index(place, kept.line, pause, f"The run itself is stored{_LATER}")
    return "; ".join((place.told(name), *warnings))


def keep_all(
    store: Store, runs: Sequence[Stored], *, pause: Callable[[int], None] = lambda _: None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Keep many runs; the index of each branch is written once, after all of them.

    Args:
        store: where; project and branch are the runs' own.
        runs: of any branches.
        pause: as for `record`.

    Returns:
        Ids of those that are new: the others were there already; and what is to be told.

    Raises:
        StoreError: as `record`; what was written by then stays, and is not new the next time.
    """
    places: dict[tuple[str, str], Place] = {}
    objects: dict[str, Stored] = {}
    for kept in runs:
        project, branch = kept.recording.project, kept.recording.run.branch
        place = places.setdefault((project, branch), place_of(store, project, branch))
        objects[place.run(kept.recording.run.id)] = kept
    written = write_once(store, ((name, stored.dump(kept)) for name, kept in objects.items()))
    new = [objects[name].recording.run.id for name in written]
    told: list[str] = []
    for place in places.values():
        told += _update_index(place, None, pause, f"The runs themselves are stored{_LATER}")
    return tuple(new), tuple(told)


def refresh(
    store: Store, project: str, branch: str, *, pause: Callable[[int], None] = lambda _: None
) -> tuple[str, ...]:
    """Bring a branch's index in line with what lies beside it; return what is to be told.

    Raises:
        StoreError: it cannot be read or written.
    """
    place = place_of(store, project, branch)
    return _update_index(place, None, pause, f"What the index is made of is stored{_LATER}")


def accept(
    store: Store,
    project: str,
    accepted: Acceptance,
    *,
    pause: Callable[[int], None] = lambda _: None,
) -> str:
    """Keep an acceptance of regressed runs; return where it is, with anything else to be told.

    It is written as an object of its own first, so that it outlives the index.

    Args:
        store: where.
        project: the name under which its baselines are kept.
        accepted: the decision; its id comes from `run_id`.
        pause: as for `record`.

    Raises:
        StoreError: it cannot be written, or the index is of a newer perfci.
    """
    place = place_of(store, project, accepted.branch)
    name = place.acceptance(accepted.id)
    write_once(store, [(name, acceptance.dump(accepted))])
    warnings = _update_index(place, None, pause, f"The acceptance itself is stored{_LATER}")
    return "; ".join((place.told(name), *warnings))


def _update_index(
    place: Place, line: StoredRun | None, pause: Callable[[int], None], kept: str
) -> tuple[str, ...]:
    """Bring the index up to date, with a line that is at hand; return what is to be told."""
    told: tuple[str, ...] = ()
    for attempt in range(1, _TRIES + 1):
        blob = place.store.get(place.index)
        before, damage = _read_index(place, blob)
        if damage:  # it has been moved out of the way
            told += damage
            blob = place.store.get(place.index)
        index = before or History(branch=place.branch)
        index, warnings = gathered(place, index, without=line.id if line else "")
        told += warnings
        # what is there already may have been accepted since
        if line and all(run.id != line.id for run in index.runs):
            index = in_order(index, [*index.runs, line])
        if index == before:  # somebody else brought it up to date, with what was written here
            return told
        version = blob.version if blob else None
        if place.store.put(place.index, history.dump(index), replaces=version):
            return told
        pause(attempt)
    message = f"{place.told(place.index)} was being written by others each of {_TRIES} times"
    raise StoreError(message, hint=kept)


def _read_index(place: Place, blob: Blob | None) -> tuple[History | None, tuple[str, ...]]:
    """Return the index, if there is one, and what is to be told of one that is damaged."""
    if blob is None:
        return None, ()
    try:
        return _parse_index(place, blob), ()
    except NewerVersionError as error:
        raise StoreError(error.message, hint=error.hint) from None
    except FormatError as error:
        message = f"the index of a branch is damaged: {error.message}; {place.aside(place.index)}"
        count = len(place.run_ids())
        runs = f"{count} stored run{'' if count == 1 else 's'}"
        if place.store.swaps or not count:
            hint = f"Run again: perfci makes a new index from the {runs}."
            raise StoreError(message, hint=hint) from None
        # where nothing is replaced in place, the damaged one may come back with every reading
        return None, (f"{message}; it is made again from the {runs}",)


def _parse_index(place: Place, blob: Blob) -> History:
    where = place.told(place.index)
    index = history.load(blob.data, where)
    if index.branch != place.branch:
        said = f"it says that it belongs to {index.branch[:60]!r}"
        raise FormatError(f"{where} is not of the branch at which it lies: {said}")
    return index
