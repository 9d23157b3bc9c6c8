"""What an index is made of: the runs and the acceptances that lie beside it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from perfci.baselines.place import Place
from perfci.errors import FormatError, StoreError
from perfci.model.history import Acceptance, History, StoredRun
from perfci.schema import acceptance
from perfci.schema.document import NewerVersionError
from perfci.schema.line import load_line
from perfci.stats.points import WINDOW as COMPARED

WINDOW = 100
"""Runs that an index holds, the newest; of older ones, at most as many as are compared with."""
FURTHER = 400
"""Older runs that are looked through, at most, for the baseline of what is red since long ago."""

_Found = TypeVar("_Found")


def gathered(place: Place, index: History, *, without: str = "") -> tuple[History, tuple[str, ...]]:
    """Bring an index in line with what lies beside it.

    Added is what writers left who were stopped before they came to the index, or everything where
    the index is new; left out is what was deleted since.

    Args:
        place: of the branch.
        index: as it was read; empty for a new one.
        without: id of a run that the caller adds by itself.

    Returns:
        The index, and what is to be told: a damaged object is set aside and named.

    Raises:
        StoreError: the store cannot be read, or a newer perfci wrote one of the objects.
    """
    stored_ids = place.run_ids()
    there = {*stored_ids, without}
    index = replace(index, runs=tuple(run for run in index.runs if run.id in there))
    known = {run.id for run in index.runs} | {without}
    lost = [identity for identity in stored_ids[-WINDOW:] if identity not in known]
    runs, warnings = _read_runs(place, lost)
    if not index.runs and not all(_counting(runs).values()):
        older, more = _read_runs(place, stored_ids[-WINDOW - FURTHER : -WINDOW])
        runs, warnings = [*older, *runs], [*more, *warnings]
    index = in_order(index, [*index.runs, *runs])
    accepted = place.acceptance_ids()
    kept = tuple(identity for identity in index.acceptances if identity in accepted)
    index = replace(index, acceptances=kept)
    # what was accepted before may be among the runs that only now come in
    applied = () if lost else kept
    decisions, faults = acceptances_of(place, [each for each in accepted if each not in applied])
    for decision in decisions:
        index = index.with_accepted(decision)
    return index, (*warnings, *faults)


def acceptances_of(
    place: Place, ids: Iterable[str]
) -> tuple[tuple[Acceptance, ...], tuple[str, ...]]:
    """Return stored acceptances, and what is to be told: a damaged one is set aside and named.

    Raises:
        StoreError: the store cannot be read, or a newer perfci wrote one of them.
    """
    found, warnings = [], []
    for identity in ids:
        decision, fault = _read(place, place.acceptance(identity), partial(_acceptance, identity))
        found += [decision] if decision else []
        warnings += [f"an acceptance is left out: {fault}"] if fault else []
    return tuple(found), tuple(warnings)


def in_order(index: History, runs: Iterable[StoredRun]) -> History:
    """Return the index with the newest of these runs, oldest first.

    Where too little is left among them that a series may be compared with, older runs that hold
    it stay too: else what is red for long enough would become its own baseline.
    """
    ordered = sorted(runs, key=lambda run: (run.started_at, run.id))
    older, newest = ordered[:-WINDOW], ordered[-WINDOW:]
    return replace(index, runs=(*needed(older, newest), *newest))


def needed(older: Sequence[StoredRun], newest: Sequence[StoredRun]) -> tuple[StoredRun, ...]:
    """Return the older runs without which the newest would have too little to be compared with.

    Args:
        older: oldest first; of those that are needed the newest 20 are returned.
        newest: what is kept anyway.
    """
    there = _counting(newest) if older else {}
    found = [
        run
        for run in older
        if any(
            point.counts and there.get((run.fingerprint, key), COMPARED) < COMPARED
            for key, point in run.points.items()
        )
    ]
    return tuple(found[-COMPARED:])


def _counting(runs: Iterable[StoredRun]) -> dict[tuple[str, str], int]:
    """Return how many points of each series in each environment may be compared with."""
    found: dict[tuple[str, str], int] = {}
    for run in runs:
        for key, point in run.points.items():
            place = (run.fingerprint, key)
            found[place] = found.get(place, 0) + point.counts
    return found


def _read_runs(place: Place, ids: Iterable[str]) -> tuple[list[StoredRun], list[str]]:
    """Return stored runs, and what is to be told of those that are damaged."""
    runs, warnings = [], []
    for identity in ids:
        run, fault = _read(place, place.run(identity), partial(_run, identity))
        runs += [run] if run else []
        warnings += [f"a stored run is left out: {fault}"] if fault else []
    return runs, warnings


def _read(
    place: Place, name: str, load: Callable[[Place, bytes], _Found]
) -> tuple[_Found | None, str]:
    """Return what an object holds; or None and what is wrong with it, once it is set aside."""
    blob = place.store.get(name)
    if blob is None:  # pruned since it was listed
        return None, ""
    try:
        return load(place, blob.data), ""
    except NewerVersionError as error:
        raise StoreError(error.message, hint=error.hint) from None
    except FormatError as error:
        return None, f"{error.message}; {place.aside(name)}"


def _run(identity: str, place: Place, data: bytes) -> StoredRun:
    where = place.told(place.run(identity))
    line = load_line(data, where)
    if line.id != identity:
        raise FormatError(f"{where} holds another run: {line.id[:60]!r}")
    return line


def _acceptance(identity: str, place: Place, data: bytes) -> Acceptance:
    where = place.told(place.acceptance(identity))
    found = acceptance.load(data, where)
    if (found.id, found.branch) != (identity, place.branch):
        said = f"{found.id[:60]!r} of {found.branch[:60]!r}"
        raise FormatError(f"{where} holds another acceptance: {said}")
    return found
