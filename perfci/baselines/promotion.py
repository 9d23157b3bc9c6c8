"""A run that was measured elsewhere becomes a baseline of a branch, because somebody says so."""

from collections.abc import Callable
from dataclasses import replace

from perfci.baselines.index import WINDOW, keep
from perfci.baselines.keys import RUN_ID
from perfci.baselines.place import place_of
from perfci.errors import ConfigurationError
from perfci.model.text import printable
from perfci.model.verdict import Status
from perfci.ports import Store
from perfci.schema import promotion
from perfci.schema.promotion import Promotion
from perfci.schema.stored import Stored

_UNFIT = "only a whole run that passed becomes a baseline"


def promoted(kept: Stored, project: str, branch: str) -> Stored:
    """Return a run as it lies on another branch.

    What regressed in it without blocking counts as accepted there: that is what is decided.

    Args:
        kept: as it was judged.
        project: the name under which baselines are kept.
        branch: whose baseline it becomes.

    Raises:
        ConfigurationError: it is unfit: it failed, is a part, or belongs to another project.
    """
    recording = kept.recording
    whose = f"the run {recording.run.id}"
    if recording.project not in {"", project}:
        theirs = printable(recording.project)
        raise ConfigurationError(
            f"{whose} was measured for the project {theirs}, and this is {printable(project)}",
            hint="name the project by `project:` in perfci.yml, or by --set project=NAME",
        )
    if not RUN_ID.fullmatch(recording.run.id):
        raise ConfigurationError(
            f"{recording.run.id[:60]!r} is not the id of a run like 20261123T065000Z-1a2b3c4d",
            hint="only a run that perfci measured can become a baseline",
        )
    if recording.partial:
        raise ConfigurationError(
            f"{whose} is only a part: not all configured benchmarks were asked for",
            hint=f"{_UNFIT}; join the parts by `perfci gate`, or measure again",
        )
    if recording.run.failures:
        names = ", ".join(str(each.id) for each in recording.run.failures[:5])
        raise ConfigurationError(f"{whose} failed: {printable(names)}", hint=_UNFIT)
    if not kept.points:
        raise ConfigurationError(f"{whose} holds no measurement", hint=_UNFIT)
    if kept.verdict not in {Status.PASS, Status.WARN}:
        raise ConfigurationError(
            f"the verdict over {whose} is {kept.verdict}",
            hint=f"{_UNFIT}; on the branch where it is stored, `perfci baseline accept` accepts "
            "what regressed",
        )
    points = {
        key: replace(point, accepted=point.accepted or point.regressed)
        for key, point in kept.points.items()
    }
    run = replace(recording.run, branch=branch)
    return replace(kept, recording=replace(recording, project=project, run=run), points=points)


def promote(
    store: Store,
    kept: Stored,
    why: Promotion,
    *,
    pause: Callable[[int], None] = lambda _: None,
) -> str:
    """Keep a promoted run; return where it is, with anything else to be told.

    Args:
        store: where; project and branch are the run's own, see `promoted`.
        kept: the run.
        why: kept in its object.
        pause: as for `record`.

    Raises:
        ConfigurationError: it is there already.
        StoreError: it cannot be written.
    """
    recording = kept.recording
    place = place_of(store, recording.project, recording.run.branch)
    insist_on_new(store, kept)
    told = keep(store, kept, promotion.dump(kept, why), pause=pause)
    if recording.run.id < place.run_ids()[-WINDOW:][0]:
        told += f"; it is older than the newest {WINDOW} runs, and nothing is compared with it"
    return told


def insist_on_new(store: Store, kept: Stored) -> None:
    """Make sure that the branch does not have this run.

    Raises:
        ConfigurationError: it has.
        StoreError: the store cannot be read.
    """
    run = kept.recording.run
    place = place_of(store, kept.recording.project, run.branch)
    if run.id in place.run_ids():
        raise ConfigurationError(
            f"the run {run.id} is stored on {printable(run.branch) or 'this branch'} already",
            hint=f"it is {place.told(place.run(run.id))}; a stored run is never replaced",
        )
