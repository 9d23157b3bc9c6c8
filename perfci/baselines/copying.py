"""All that one store holds of a project, or of a branch, in another: byte for byte."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from perfci.baselines.keys import project_key
from perfci.baselines.once import portions
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
    RENEWED = "renewed"
    """The index of a branch of which the target knows runs by itself; it is brought in line."""
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


def copied(source: Store, target: Store, objects: tuple[str, ...]) -> Iterator[Copied]:
    """Copy objects, and say of each what became of it; may be stopped and repeated at will.

    Afterwards the index of each branch is to be brought in line with what lies in the target.

    Args:
        source: where they lie.
        target: where they shall lie.
        objects: from `names`.

    Raises:
        StoreError: one of the stores failed; what was copied by then stays.
    """
    gone: list[str] = []

    def read() -> Iterator[tuple[str, bytes]]:
        for name in objects:
            blob = source.get(name)
            if blob is None:
                gone.append(name)
            else:
                yield name, blob.data

    for portion in portions(read()):
        taken = target.put_new(portion)
        for name, data in portion.items():
            outcome = _of_taken(target, name, data) if name in taken else Outcome.COPIED
            yield Copied(name=name, outcome=outcome, size=len(data))
    for name in gone:
        yield Copied(name=name, outcome=Outcome.GONE)


def _of_taken(target: Store, name: str, data: bytes) -> Outcome:
    there = target.get(name)
    if there is not None and there.data == data:
        return Outcome.THERE
    return Outcome.RENEWED if name.endswith(_INDEX) else Outcome.DIFFERS
