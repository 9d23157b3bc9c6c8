"""The wish to stop: set on one thread, heard at once on another that waits for something else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Lock


class Stop:
    """Set once, and never taken back."""

    def __init__(self) -> None:
        self._event = Event()
        self._lock = Lock()
        self._wakers: list[Callable[[], object]] = []

    def set(self) -> None:
        """Stop, and wake whoever waits."""
        with self._lock:
            self._event.set()
            wakers = tuple(self._wakers)
        for wake in wakers:
            wake()

    def is_set(self) -> bool:
        """Return whether to stop."""
        return self._event.is_set()

    def rest(self, seconds: float) -> None:
        """Wait for so long.

        Raises:
            KeyboardInterrupt: it is to stop.
        """
        if self._event.wait(seconds):
            raise KeyboardInterrupt

    @contextmanager
    def waking(self, wake: Callable[[], object]) -> Iterator[None]:
        """Call something as soon as it is to stop, if that is now or within the block."""
        with self._lock:
            self._wakers.append(wake)
            late = self._event.is_set()
        try:
            if late:
                wake()
            yield
        finally:
            with self._lock:
                self._wakers.remove(wake)
