"""How perfci and a worker speak: two named pipes, one JSON object a line."""

import os
import select
from pathlib import Path
from typing import Protocol

_TAKEN = 10.0
"""Seconds within which a worker that waits for orders takes one."""


class Pipes(Protocol):
    """Perfci's ends of two pipes that a worker opens by their names."""

    @property
    def orders_name(self) -> str:
        """Return the name, as the worker sees it, that orders are read from."""
        ...

    @property
    def answers_name(self) -> str:
        """Return the name, as the worker sees it, that answers are written to."""
        ...

    def send(self, data: bytes) -> None:
        """Write orders.

        Raises:
            OSError: nobody takes them.
        """
        ...

    def read(self) -> bytes:
        """Return what has come, at most 64 KiB; empty where nothing will come any more."""
        ...

    def fileno(self) -> int:
        """Return what becomes readable when there is something to read."""
        ...

    def close(self) -> None:
        """Let go of both ends, so that the worker sees the orders end; safe to call twice."""
        ...


class LocalPipes:
    """Named pipes on this machine.

    Args:
        folder: where they lie; its owner removes them.
        stem: their name's beginning; older pipes of this name are replaced.
    """

    def __init__(self, folder: Path, stem: str) -> None:
        names = [folder / f"{stem}-{way}" for way in ("orders", "answers")]
        self.orders_name, self.answers_name = map(str, names)
        self._handles: list[int] = []
        for name in names:
            name.unlink(missing_ok=True)
            os.mkfifo(name, 0o600)
            # Each handle both reads and writes: opening never waits, writing never fails, and a
            # worker whose work has closed all files can open its ends again.
            self._handles.append(os.open(name, os.O_RDWR | os.O_NONBLOCK))

    def send(self, data: bytes) -> None:
        """Write orders; see `Pipes.send`."""
        rest = memoryview(data)
        poller = select.poll()
        poller.register(self._handles[0], select.POLLOUT)
        while rest:
            if not poller.poll(_TAKEN * 1000):
                raise TimeoutError("the worker takes no orders")
            rest = rest[os.write(self._handles[0], rest) :]

    def read(self) -> bytes:
        """Return what has come; see `Pipes.read`."""
        return os.read(self._handles[1], 65536)

    def fileno(self) -> int:
        """Return the answers' handle."""
        return self._handles[1]

    def close(self) -> None:
        """Let go of both ends; safe to call twice."""
        while self._handles:
            os.close(self._handles.pop())
