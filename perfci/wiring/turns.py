"""Tests of the Python API take turns with other processes that measure on this machine."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Lock

from perfci.errors import BusyError
from perfci.runners.live.stop import Stop
from perfci.wiring.process import SystemClock
from perfci.worktrees.lock import measuring_lock

_PAUSE = 0.05
"""Seconds between two looks whether the machine is free."""


class _Held:
    """The machine's lock, as far as this process holds it."""

    def __init__(self) -> None:
        self.gate = Lock()
        self.users = 0
        self.stack = ExitStack()
        # what a callable forks may outlive the test, and would keep the lock as long
        os.register_at_fork(after_in_child=self._let_go)

    def _let_go(self) -> None:
        self.gate, self.users = Lock(), 0
        self.stack.close()


_HELD = _Held()


@contextmanager
def turn(folder: Path, stop: Stop, patience: float) -> Iterator[None]:
    """Hold the machine's lock, once no other process does.

    Tests that this process runs at the same time share it: whoever starts them so wants that.

    Args:
        folder: the machine's folder for temporary files.
        stop: ends the waiting.
        patience: seconds to wait.

    Raises:
        BusyError: it took longer, or the lock cannot be used here.
        KeyboardInterrupt: it is to stop.
    """
    clock = SystemClock()
    until = clock.ticks() + patience
    while not _entered(folder, last=clock.ticks() >= until):
        stop.rest(_PAUSE)
    try:
        yield
    finally:
        with _HELD.gate:
            _HELD.users -= 1
            if not _HELD.users:
                _HELD.stack.close()


def _entered(folder: Path, *, last: bool) -> bool:
    with _HELD.gate:
        try:
            if not _HELD.users:
                _HELD.stack.enter_context(measuring_lock(folder))
        except BusyError as error:
            if last or not isinstance(error.__cause__, BlockingIOError):
                raise
            return False
        _HELD.users += 1
        return True
