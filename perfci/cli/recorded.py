"""A judged run becomes a baseline; where its store does not take it, it is left on disk."""

from dataclasses import dataclass, replace

from perfci.baselines.index import record
from perfci.baselines.place import place_of
from perfci.baselines.summary import points_of
from perfci.cli.shard_union import by_machine
from perfci.errors import StoreError
from perfci.model.evaluation import Evaluation, Unkept
from perfci.model.run import Recording
from perfci.ports import Observer, Store
from perfci.wiring import process


@dataclass(frozen=True, slots=True, kw_only=True)
class Spare:
    """Where a run lies that its store did not take, in the same layout."""

    store: Store
    command: str
    """Brings what lies there into the store later."""


def recorded(
    evaluation: Evaluation, store: Store, spare: Spare | None, observer: Observer
) -> Evaluation:
    """Keep a run as a baseline of its branch, and say where it is.

    Args:
        evaluation: of the run; a rerun that takes up a stored run is not stored a second time.
        store: where it is to be kept.
        spare: takes it where the store does not.
        observer: is told what went wrong.
    """
    recording = evaluation.recording
    if not recording.run.measurements:
        return evaluation
    try:
        if _holds_earlier(store, recording):
            return evaluation
        where = _record(evaluation, store)
        store.close()
    except StoreError as error:
        unkept = _unkept(evaluation, spare, error)
        observer.warn(f"the run is not kept as a baseline: {unkept.why}")
        if unkept.command:
            observer.warn(f"record it later: {unkept.command}")
        return replace(evaluation, unkept=unkept)
    told = tuple(text for text in store.warnings if text not in evaluation.warnings)
    for text in told:
        observer.warn(text)
    return replace(evaluation, recorded=where, warnings=(*evaluation.warnings, *told))


def _record(evaluation: Evaluation, store: Store) -> str:
    verdict = evaluation.verdict
    places = (
        record(store, part, verdict, points_of(part.run, verdict), pause=process.pause)
        for part in by_machine(evaluation.recording)
    )
    return "; ".join(places)


def _unkept(evaluation: Evaluation, spare: Spare | None, error: StoreError) -> Unkept:
    why = error.line
    if spare is None:
        return Unkept(why=why)
    try:
        _record(evaluation, spare.store)
    except StoreError as worse:
        return Unkept(why=f"{why}; nor is it left on disk: {worse.message}")
    return Unkept(why=why, command=spare.command)


def _holds_earlier(store: Store, recording: Recording) -> bool:
    """Tell whether the launches that a rerun took in are a baseline already: one, not two.

    Raises:
        StoreError: the store cannot be read.
    """
    if not recording.earlier:
        return False
    place = place_of(store, recording.project, recording.run.branch)
    return not set(recording.earlier).isdisjoint(place.run_ids())
