"""Stores that take one blob at a time."""

from collections.abc import Mapping
from typing import Protocol


class _Puts(Protocol):
    def put(self, name: str, data: bytes, *, replaces: str | None) -> bool: ...


class Singly:
    """Gives such a store the call for many."""

    def put_new(self: _Puts, blobs: Mapping[str, bytes]) -> tuple[str, ...]:
        """Write blobs where nothing may be yet; return the names that were taken.

        Raises:
            StoreError: the store cannot be written; those before were written by then.
        """
        return tuple(
            name for name, data in blobs.items() if not self.put(name, data, replaces=None)
        )
