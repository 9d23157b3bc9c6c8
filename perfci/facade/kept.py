"""What every test came to, kept as a file: `results/ID.json` in the framework's folder."""

from collections.abc import Iterator
from datetime import datetime

from perfci.baselines.keys import RUN_ID
from perfci.baselines.retention import began
from perfci.errors import FormatError
from perfci.model.evaluation import Evaluation
from perfci.ports import Store
from perfci.schema import result

_FOLDER = "results/"
_ENDING = ".json"


def keep(store: Store, evaluation: Evaluation) -> None:
    """Write a result whole or not at all, durably.

    Raises:
        StoreError: it cannot be written.
    """
    name = f"{_FOLDER}{evaluation.recording.run.id}{_ENDING}"
    store.put_new({name: result.dump(evaluation)})


def kept_since(store: Store, since: datetime) -> Iterator[Evaluation | str]:
    """Yield of each damaged result what is to be told of it, then the others, the oldest first.

    Args:
        store: of the framework's folder.
        since: aware; older ones are left out.

    Raises:
        StoreError: they cannot be read.
    """
    whole: list[Evaluation] = []
    for name in _names(store):
        if began(_id_of(name)) < since.replace(microsecond=0):
            continue
        blob = store.get(name)
        if blob is None:  # it was deleted meanwhile
            continue
        try:
            found = result.load(blob.data, f"{store.url}/{name}")
        except FormatError as error:
            yield f"a result is left out: {error.message}"
            continue
        if found.recording.run.started_at >= since:
            whole.append(found)
    # an id tells the second, and of one second chance decides
    yield from sorted(whole, key=lambda it: it.recording.run.started_at)


def delete_before(store: Store, moment: datetime) -> int:
    """Delete older results, and return how many there were.

    Raises:
        StoreError: one cannot be deleted.
    """
    old = [name for name in _names(store) if began(_id_of(name)) < moment]
    store.delete(*old)
    return len(old)


def _names(store: Store) -> tuple[str, ...]:
    found = store.list(_FOLDER)
    return tuple(
        each for each in found if each.endswith(_ENDING) and RUN_ID.fullmatch(_id_of(each))
    )


def _id_of(name: str) -> str:
    return name.removeprefix(_FOLDER).removesuffix(_ENDING)
