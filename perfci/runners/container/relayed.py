"""Perfci's ends of two named pipes in a container."""

import os
from pathlib import PurePosixPath

from perfci.runners.container.box import Box
from perfci.runners.container.refusal import ContainerError
from perfci.runners.container.runtime import RELAY

_START = 60.0
"""Seconds that the relay gets to make the pipes."""
_MOST = 65536


class RelayedPipes:
    """Named pipes in a container, carried by a program there.

    Args:
        box: the container.
        stem: beginning of the pipes' names there.

    Raises:
        ContainerError: the relay does not start.
    """

    def __init__(self, box: Box, stem: PurePosixPath) -> None:
        self.orders_name, self.answers_name = (f"{stem}-{way}" for way in ("orders", "answers"))
        self._attached = box.open(RELAY, self.orders_name, self.answers_name)
        try:
            self._await()
        except BaseException:
            self.close()
            raise

    def _await(self) -> None:
        if not self._attached.speaks_within(_START):
            raise ContainerError(
                f"the way to a worker in a container was not open within {_START:g} s",
                hint="is the machine overloaded?",
            )
        # one byte and no more: nothing may be read ahead of `read`
        if os.read(self.fileno(), 1) != b"\n":
            self._attached.stdout.read(1)  # says why

    def send(self, data: bytes) -> None:
        """Write orders; see `Pipes.send`."""
        self._attached.stdin.write(data)
        self._attached.stdin.flush()

    def read(self) -> bytes:
        """Return what has come; see `Pipes.read`."""
        return os.read(self.fileno(), _MOST)

    def fileno(self) -> int:
        """Return what becomes readable when there is something to read."""
        return self._attached.stdout.fileno()

    def close(self) -> None:
        """Let go of both ends; safe to call twice."""
        self._attached.close()
