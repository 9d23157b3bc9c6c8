"""All runs of a branch that are stored, those too for which its index has no room."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from perfci.baselines.finding import load_run
from perfci.baselines.index import whole_history
from perfci.baselines.place import Place
from perfci.baselines.retention import began
from perfci.errors import FormatError, StoreError
from perfci.model.history import History, StoredRun
from perfci.model.identity import parse_key, renamed_key
from perfci.model.metric import Better, built_in
from perfci.schema.document import NewerVersionError
from perfci.schema.line import load_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Which runs are read."""

    since: datetime | None = None
    """Aware; None: however old."""
    last: int | None = None
    """The newest so many, at least 1; None: all."""

    def within(self, ids: Iterable[str]) -> list[str]:
        """Return the ids of the runs that are read; the order stays, the oldest first."""
        young = [each for each in ids if self.since is None or began(each) >= self.since]
        return young if self.last is None else young[-self.last :]


@dataclass(frozen=True, slots=True, kw_only=True)
class EveryRun:
    """What is stored of a branch."""

    runs: tuple[StoredRun, ...]
    """Of any environment, oldest first, with the names that benchmarks have now."""
    directions: Mapping[str, Better]
    """Which way is better, by series key."""
    warnings: tuple[str, ...]
    """What is damaged, and left out or supposed for that."""


def every_run(
    place: Place,
    project: str,
    bounds: Bounds,
    renamed: Mapping[str, str],
    phase: Callable[[str], None] = lambda _: None,
) -> EveryRun:
    """Read a branch; each run that its index lacks is an object of its own.

    Args:
        place: of the branch.
        project: the name under which its baselines are kept.
        bounds: what is older is not read.
        renamed: new `suite/benchmark` by old.
        phase: is told of reading that takes long.

    Raises:
        StoreError: the store cannot be read, or a newer perfci wrote to it.
    """
    index, told = whole_history(place.store, project, place.branch)
    known = {run.id: run for run in index.runs}
    wanted = bounds.within(place.run_ids())
    missing = [each for each in wanted if each not in known]
    if missing:
        phase(f"reading {len(missing)} older runs from {place.store.url}")
    for identity in missing:
        run, fault = _line(place, identity)
        known |= {identity: run} if run else {}
        told = (*told, fault) if fault else told
    found = (known[each] for each in wanted if each in known)
    runs = sorted(found, key=lambda run: (run.started_at, run.id))
    history = History(branch=place.branch, runs=tuple(runs)).renamed(renamed)
    directions, unread = _directions(place, history.runs, renamed)
    return EveryRun(runs=history.runs, directions=directions, warnings=(*told, *unread))


def _line(place: Place, identity: str) -> tuple[StoredRun | None, str]:
    name = place.run(identity)
    blob = place.store.get(name)
    if blob is None:  # pruned since it was listed
        return None, ""
    try:
        return load_line(blob.data, place.told(name)), ""
    except NewerVersionError as error:
        raise StoreError(error.message, hint=error.hint) from None
    except FormatError as error:
        return None, f"a stored run is left out: {error.message}"


def _directions(
    place: Place, runs: Sequence[StoredRun], renamed: Mapping[str, str]
) -> tuple[Mapping[str, Better], tuple[str, ...]]:
    """Return which way is better; of metrics that are not perfci's own, their newest run says."""
    newest = {key: run.id for run in runs for key in run.points}
    own = {key: better for key in newest if (better := _own(key))}
    said: dict[str, Better] = {}
    told = []
    for identity in sorted({run for key, run in newest.items() if key not in own}):
        try:
            measured = load_run(place, identity).run.recording.run.measurements
        except FormatError as error:
            told.append(f"lower counts as better, as {error.message}")
            continue
        said |= {renamed_key(item.key, renamed): item.metric.better for item in measured}
    return {key: own.get(key) or said.get(key, Better.LOWER) for key in newest}, tuple(told)


def _own(key: str) -> Better | None:
    try:
        metric = built_in(parse_key(key)[1])
    except ValueError:  # not written by perfci
        return None
    return metric.better if metric else None
