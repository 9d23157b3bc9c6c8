"""Objects that are written once and never changed: runs and acceptances."""

from collections.abc import Iterable, Iterator

from perfci.errors import StoreError
from perfci.ports import Store

_OBJECTS = 500
_BYTES = 32_000_000


def write_once(store: Store, objects: Iterable[tuple[str, bytes]]) -> tuple[str, ...]:
    """Write objects, and return the names of those that are new.

    The same again is no harm: a job that was killed half-way is repeated.

    Args:
        store: where.
        objects: names and data; taken as they come, a portion at a time.

    Raises:
        StoreError: the store cannot be written, or holds something else under one of the names;
            what was written by then stays, and is not new the next time.
    """
    new: list[str] = []
    for portion in portions(objects):
        taken = store.put_new(portion)
        for name in taken:
            there = store.get(name)
            if there is None or there.data != portion[name]:
                where = f"{store.url.rstrip('/')}/{name}"
                message = f"{where} is there already and holds something else"
                raise StoreError(message, hint="Stored runs are never replaced; measure again.")
        new += [name for name in portion if name not in taken]
    return tuple(new)


def portions(objects: Iterable[tuple[str, bytes]]) -> Iterator[dict[str, bytes]]:
    """Yield objects by their names, as many at once as fit in memory and in one request."""
    portion: dict[str, bytes] = {}
    size = 0
    for name, data in objects:
        if portion and (len(portion) == _OBJECTS or size + len(data) > _BYTES):
            yield portion
            portion, size = {}, 0
        portion[name] = data
        size += len(data)
    if portion:
        yield portion
