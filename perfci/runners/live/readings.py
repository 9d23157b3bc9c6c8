"""What the kernel counts of one thread and of the process around it."""

import os
import resource
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

_ESCAPED = 5e-4
"""Seconds of processor time of other threads that a call may not notice: perfci's own wait for it
takes some."""
_STEP = 1e-9
"""Seconds in one step of the kernel's count of waiting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What has been counted so far, in seconds."""

    process: float
    """Processor time of this process and its ended children."""
    thread: float
    """Processor time of this thread."""
    delay: float | None
    """Time that this thread has waited for a processor; None where the kernel does not count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What passed between two readings, in seconds."""

    cpu: float
    delay: float | None
    """At least a nanosecond, where the kernel counts: on a quiet machine a call may wait for
    nothing at all, and nothing but zeros would be taken for a counter that never moves."""
    whole: bool
    """Whether `delay` is that of all that ran: nothing but this thread did anything."""


class Counters:
    """The counters of the thread that makes it.

    Args:
        handle: its `schedstat`, open; None where the kernel has none.
    """

    def __init__(self, handle: int | None) -> None:
        self._handle = handle

    def read(self) -> Reading:
        """Read all counters."""
        return Reading(process=processor_time(), thread=time.thread_time(), delay=self._delay())

    def between(self, first: Reading, last: Reading, wall: float) -> Spent:
        """Return what passed.

        Args:
            first: on the way in.
            last: on the way out.
            wall: seconds between the two.
        """
        process, thread = last.process - first.process, last.thread - first.thread
        alone = process - thread <= max(0.02 * wall, _ESCAPED)
        told = first.delay is not None and last.delay is not None
        return Spent(
            # one thread takes no more than there is: the readings themselves take some
            cpu=min(max(process, 0.0), wall) if alone else process,
            delay=max((last.delay or 0.0) - (first.delay or 0.0), _STEP) if told else None,
            whole=told and alone,
        )

    def _delay(self) -> float | None:
        if self._handle is None:
            return None
        try:
            return int(os.pread(self._handle, 64, 0).split()[1]) / 1e9
        except (OSError, IndexError, ValueError):
            return None


@contextmanager
def counters() -> Iterator[Counters]:
    """Lend the counters of this thread."""
    path = f"/proc/self/task/{threading.get_native_id()}/schedstat"
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC) if _counts() else None
    except OSError:
        handle = None
    try:
        yield Counters(handle)
    finally:
        if handle is not None:
            os.close(handle)


def _counts() -> bool:
    """Tell whether the kernel counts waiting: this process has had to wait in its life."""
    with suppress(OSError, IndexError):
        return int(Path("/proc/self/schedstat").read_bytes().split()[1]) > 0
    return False


def processor_time() -> float:
    """Return the seconds of processor time of this process and its ended children."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime
