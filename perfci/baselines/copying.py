"""All that one store holds of a project, or of a branch, in another: byte for byte."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from perfci.baselines.keys import project_key
from perfci.baselines.place import place_of
from perfci.ports import Store

_INDEX = "/history.json"


class Outcome(StrEnum):
    """What became of one object."""

    COPIED = "copied"
    THERE = "there"
    """The target holds the same bytes already: an earlier copy, or one that was stopped."""
    DIFFERS = "differs"
    """The target holds something else under this name; it is left as it is."""
    GONE = "gone"
    """It was deleted from the source meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """One object."""

    name: str
    outcome: Outcome
    size: int = 0
    """Bytes."""


def names(source: Store, project: str, branch: str | None = None) -> tuple[str, ...]:
    """Return what is to be copied, each branch's index after all that it is made from.

    Args:
        source: where it lies.
        project: the name under which its baselines are kept.
        branch: only this one; None: all, with the runs kept for reruns.

    Raises:
        StoreError: the source cannot be read.
    """
    if branch is None:
        found = source.list(f"v1/{project_key(project)}/")
    else:
        found = source.list(f"{place_of(source, project, branch).folder}/")
    return tuple(sorted(found, key=lambda name: (name.endswith(_INDEX), name)))


def copied(
    source: Store,
    target: Store,
    objects: tuple[str, ...],
    *,
    refresh: Callable[[str], bool] = lambda _: False,
) -> Iterator[Copied]:
    """Copy objects, and say of each what became of it; may be stopped and repeated at will.

    An index is not simply replaced: where the target has another one, what both are made from lies
    in the target by now, and `refresh` brings it in line.

    Args:
        source: where they lie.
        target: where they shall lie.
        objects: from `names`.
        refresh: is given the name of an index in the target that differs; returns whether it is in
            line now.

    Raises:
        StoreError: one of the stores failed; what was copied by then stays.
    """
    for name in objects:
        blob = source.get(name)
        if blob is None:
            yield Copied(name=name, outcome=Outcome.GONE)
            continue
        outcome = _copy(target, name, blob.data)
        if outcome is Outcome.DIFFERS and name.endswith(_INDEX) and refresh(name):
            outcome = Outcome.COPIED
        yield Copied(name=name, outcome=outcome, size=len(blob.data))


def _copy(target: Store, name: str, data: bytes) -> Outcome:
    if target.put(name, data, replaces=None):
        return Outcome.COPIED
    there = target.get(name)
    return Outcome.THERE if there is not None and there.data == data else Outcome.DIFFERS
