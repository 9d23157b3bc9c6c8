"""What of a project's store may go: old runs, decisions about them, launches kept for reruns.

Nothing is deleted that the next comparison needs. Objects go first, and the index is brought in
line with what is left after them: whoever is stopped in between leaves lines of runs that are
gone, which the next writer leaves out.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from perfci.baselines.branches import Listed
from perfci.baselines.gathering import needed
from perfci.baselines.keys import RUN_ID, project_key
from perfci.baselines.place import Place
from perfci.model.history import Acceptance, History
from perfci.ports import Store
from perfci.stats.points import WINDOW as COMPARED

PAIRS = 200
"""Runs kept for reruns that stay where nothing else is said, the newest of a project."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to stay: the newest so many, and what is younger than a moment; both, if both."""

    keep: int | None = None
    """At least 1; None: no number is named."""
    since: datetime | None = None
    """Aware; None: no age is named."""

    def surplus(self, ids: Sequence[str]) -> tuple[str, ...]:
        """Return the ids of what may go, oldest first.

        Args:
            ids: as `run_id` gives them, oldest first.
        """
        if self.keep is None and self.since is None:
            return ()
        young = sum(self.since is not None and began(each) >= self.since for each in ids)
        stays = max(self.keep or 0, young)
        return tuple(ids[: len(ids) - stays])


def began(identity: str) -> datetime:
    """Return the moment in a run's id, in UTC; an impossible one is the year 1."""
    try:
        return datetime.strptime(identity[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


def idle_runs(branch: Listed, index: History, wish: Wish) -> tuple[str, ...]:
    """Return the ids of the runs of a branch that may go, oldest first.

    Args:
        branch: what is stored of it.
        index: brought in line with that.
        wish: what is to stay anyway.
    """
    # a branch that slept for long keeps what its next run is compared with
    floor = replace(wish, keep=COMPARED) if wish.keep is None and wish.since else wish
    gone = set(floor.surplus(branch.runs))
    older = [run for run in index.runs if run.id in gone]
    newest = [run for run in index.runs if run.id not in gone]
    wanted = {run.id for run in needed(older, newest)}
    return tuple(each for each in branch.runs if each in gone - wanted)


def idle_acceptances(acceptances: Iterable[Acceptance], runs: Collection[str]) -> tuple[str, ...]:
    """Return the ids of the acceptances that touch none of the runs that stay."""
    return tuple(
        each.id
        for each in acceptances
        if not any(identity in runs for marked in each.series.values() for identity in marked)
    )


def idle_pairs(store: Store, project: str, wish: Wish) -> tuple[tuple[str, ...], int]:
    """Return the names of the runs kept for reruns that may go, and how many stay.

    Raises:
        StoreError: the store cannot be read.
    """
    by_id: dict[str, list[str]] = {}
    for name in store.list(f"v1/{project_key(project)}/pairs/"):
        found = re.fullmatch(RUN_ID.pattern + r"\.json\.gz", name.rpartition("/")[2])
        if found:
            by_id.setdefault(found[0].removesuffix(".json.gz"), []).append(name)
    ids = sorted(by_id)
    gone = wish.surplus(ids)
    return tuple(name for each in gone for name in by_id[each]), len(ids) - len(gone)


def delete_runs(place: Place, runs: Iterable[str], acceptances: Iterable[str]) -> None:
    """Delete objects of a branch; its index is the caller's to refresh.

    Raises:
        StoreError: one cannot be deleted; the rest stays.
    """
    place.store.delete(*map(place.run, runs), *map(place.acceptance, acceptances))


def delete_branch(place: Place, branch: Listed) -> None:
    """Delete a whole branch, the index last.

    Raises:
        StoreError: one object cannot be deleted; the rest stays.
    """
    place.store.delete(*(each for each in branch.objects if each != place.index), place.index)
