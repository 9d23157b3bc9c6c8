"""What the kernel counts for the whole machine, at one instant; unknown where it does not say."""

import os
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

_T = TypeVar("_T")
_UNREADABLE = (
    OSError,
    KeyError,
    IndexError,
    ValueError,
    TypeError,
    RuntimeError,
)
"""What psutil raises where a file of the kernel is missing, or written otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessorTimes:
    """Seconds of all processors that this process may use, since the machine's start."""

    number: int
    """Processors."""
    whole: float
    idle: float
    stolen: float
    """Spent by the hypervisor on other machines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Bytes of the machine's memory."""

    total: int
    available: int
    swap: int
    swap_used: int
    paged: int
    """Moved to and from swap since the machine's start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunQueue:
    """How this process was treated by the scheduler, since its start."""

    waited: float
    """Seconds that it could have run and did not."""
    runs: int
    """Times that it was given a processor."""


class Counters:
    """Reads the counters.

    Args:
        system: the root of /proc and /sys.
    """

    def __init__(self, system: Path) -> None:
        self._system = system

    def processors(self) -> ProcessorTimes | None:
        """Return how the processors have spent their time."""
        return self._told(self._processors)

    def memory(self) -> Memory | None:
        """Return what there is of memory and swap."""
        return self._told(self._memory)

    def disks(self) -> Mapping[str, float] | None:
        """Return the seconds in which each disk had something to do."""
        return self._told(self._disks)

    def run_queue(self) -> RunQueue | None:
        """Return how long this process has waited for a processor."""
        try:
            text = (self._system / "proc/self/schedstat").read_text()
            _, waited, runs = map(int, text.split())
        except (OSError, ValueError):
            return None
        return RunQueue(waited=waited / 1e9, runs=runs)

    def _told(self, ask: Callable[[Any], _T]) -> _T | None:
        with self._psutil() as psutil:
            try:
                return ask(psutil)
            except _UNREADABLE:
                return None

    @contextmanager
    def _psutil(self) -> Iterator[Any]:
        """Lend psutil, with the root that it reads from."""
        import psutil

        before = psutil.PROCFS_PATH
        psutil.PROCFS_PATH = str(self._system / "proc")
        try:
            # it warns where it cannot count paging, and says 0
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                yield psutil
        finally:
            psutil.PROCFS_PATH = before

    def _processors(self, psutil: Any) -> ProcessorTimes:
        usable = os.sched_getaffinity(0)
        rows = psutil.cpu_times(percpu=True)
        if not rows:
            raise ValueError("no processor in /proc/stat")
        # where processors are switched off, the rows no longer are the processors' numbers
        mine = [rows[it] for it in usable] if len(rows) > max(usable) else rows
        # a guest's time is in `user` already
        own = ("user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal")
        return ProcessorTimes(
            number=len(mine),
            whole=sum(getattr(row, name, 0.0) for row in mine for name in own),
            idle=sum(row.idle + row.iowait for row in mine),
            stolen=sum(getattr(row, "steal", 0.0) for row in mine),
        )

    def _memory(self, psutil: Any) -> Memory:
        memory, swap = psutil.virtual_memory(), psutil.swap_memory()
        return Memory(
            total=memory.total,
            available=memory.available,
            swap=swap.total,
            swap_used=swap.used,
            paged=swap.sin + swap.sout,
        )

    def _disks(self, psutil: Any) -> Mapping[str, float]:
        disks = psutil.disk_io_counters(perdisk=True)
        return {name: disk.busy_time / 1000 for name, disk in disks.items()}
