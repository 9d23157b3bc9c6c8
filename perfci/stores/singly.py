"""Many blobs into a store that takes one at a time."""

from collections.abc import Mapping

from perfci.ports import Store


def put_singly(store: Store, blobs: Mapping[str, bytes]) -> tuple[str, ...]:
    """Write each blob where nothing may be yet; return the names that were taken.

    Raises:
        StoreError: the store cannot be written; those before were written by then.
    """
    return tuple(name for name, data in blobs.items() if not store.put(name, data, replaces=None))
