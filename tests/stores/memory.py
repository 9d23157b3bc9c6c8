"""A store in memory: the smallest thing that keeps the contract."""

from itertools import count
from threading import Lock

from perfci.errors import StoreError
from perfci.ports import Blob
from perfci.stores.singly import Singly


class MemoryStore(Singly):
    """Keeps blobs in a dictionary; versions are numbers."""

    url = "memory:"

    swaps = True
    warnings: tuple[str, ...] = ()

    def __init__(self) -> None:
        self._blobs: dict[str, Blob] = {}
        self._versions = count()
        self._lock = Lock()

    def close(self) -> None:
        """Do nothing: what was put is there."""

    def get(self, name: str) -> Blob | None:
        if "\0" in name or any(not part or part.startswith(".") for part in name.split("/")):
            raise StoreError(f"{name!r} cannot be the name of a stored object")
        return self._blobs.get(name)

    def put(self, name: str, data: bytes, *, replaces: str | None) -> bool:
        with self._lock:
            there = self.get(name)
            if (there.version if there else None) != replaces:
                return False
            self._blobs[name] = Blob(data=data, version=str(next(self._versions)))
            return True

    def list(self, prefix: str) -> tuple[str, ...]:
        return tuple(sorted(name for name in self._blobs if name.startswith(prefix)))

    def delete(self, *names: str) -> None:
        for name in names:
            self._blobs.pop(name, None)

    def set_aside(self, name: str) -> str:
        number = next(n for n in count(1) if f"{name}.damaged-{n}" not in self._blobs)
        self._blobs[f"{name}.damaged-{number}"] = self._blobs.pop(name)
        return f"{name}.damaged-{number}"
