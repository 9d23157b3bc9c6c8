"""What the kernel counts of this process: processor time, and waiting for a processor."""
# ruff: noqa: PTH123, PTH208
# A path object is nothing that the measured process needs.

from __future__ import annotations

import os
import resource
import time
from typing import Any, NamedTuple

_ESCAPED = 100_000
"""Nanoseconds of CPU that may be unaccounted for: what the readings themselves take."""


class Reading(NamedTuple):
    """What the kernel has counted so far, in nanoseconds."""

    cpu: int
    """Of this process and of its ended children."""
    thread: int
    """CPU of this thread."""
    others: int
    """CPU of the other threads that were there at the start."""
    delay: int
    """Waiting for a processor, these threads together; -1 where it cannot be read."""


class Counters:
    """The kernel's counters of this process, and of the threads that it has now."""

    def __init__(self) -> None:
        self.threads = _threads()
        self._handles: list[tuple[File, bool]] = []
        try:
            for thread in self.threads:
                file = File(f"/proc/self/task/{thread}/schedstat", os.O_RDONLY)
                # the first thread, which runs all this, has the number of the process
                self._handles.append((file, thread == str(os.getpid())))
        except OSError:
            pass  # no such counter here, or a thread has ended: the readings will tell

    def close(self) -> None:
        """Let go of the kernel's files."""
        for file, _ in self._handles:
            file.close()

    def before(self) -> Reading:
        """Read on the way in: the delay last, so that no reading counts as work."""
        cpu = _cpu()
        return Reading(*cpu, *self._scheduler())

    def after(self) -> Reading:
        """Read on the way out: the delay first."""
        scheduler = self._scheduler()
        return Reading(*_cpu(), *scheduler)

    def between(self, first: Reading, last: Reading) -> dict[str, Any]:
        """Return `cpu`, `delay` (None where it cannot be read) and `whole` of what ran between."""
        cpu, thread, others = (last[field] - first[field] for field in range(3))
        readable = first.delay >= 0 and last.delay >= 0
        whole = (
            readable
            and self.threads == _threads()
            # what these threads ran is all that ran: no ended thread, no ended child
            and cpu - thread - others <= max(0.02 * cpu, _ESCAPED)
            and not has_children()
        )
        return {
            "cpu": cpu,
            "delay": last.delay - first.delay if readable else None,
            "whole": whole,
        }

    def _scheduler(self) -> tuple[int, int]:
        if len(self._handles) < max(1, len(self.threads)):
            return 0, -1
        ran = waited = 0
        try:
            for file, mine in self._handles:
                fields = os.pread(file.handle, 64, 0).split()
                waited += int(fields[1])
                if not mine:
                    ran += int(fields[0])
        except (OSError, IndexError, ValueError):
            return 0, -1  # a thread has ended, or the function has closed what it did not open
        return ran, waited


class File:
    """An open file whose number the measured code may close, and use again for its own.

    Raises:
        OSError: it cannot be opened.
    """

    def __init__(self, path: str, flags: int) -> None:
        self.handle = os.open(path, flags)
        self._mark = _mark(self.handle)

    def is_ours(self) -> bool:
        """Return whether the number still stands for what was opened."""
        try:
            return _mark(self.handle) == self._mark
        except OSError:
            return False

    def close(self) -> None:
        """Close it where it is still ours."""
        if self.is_ours():
            os.close(self.handle)


def _mark(handle: int) -> tuple[int, int]:
    found = os.fstat(handle)
    return found.st_dev, found.st_ino


def _cpu() -> tuple[int, int]:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    children = int((ended.ru_utime + ended.ru_stime) * 1e9)
    return time.process_time_ns() + children, time.thread_time_ns()


def _threads(pid: str = "self") -> list[str]:
    try:
        return sorted(os.listdir(f"/proc/{pid}/task"))
    except OSError:
        return []


def children_of(pid: str) -> list[str]:
    """Return the numbers of a process's children; none where the kernel does not list them."""
    found: list[str] = []
    for thread in _threads(pid):
        try:
            with open(f"/proc/{pid}/task/{thread}/children", encoding="ascii") as file:
                found += file.read().split()
        except OSError:  # not shown here, or the thread has ended
            continue
    return found


def has_children() -> bool:
    """Return whether this process has children, ended ones that nobody awaited among them."""
    return bool(children_of("self"))
