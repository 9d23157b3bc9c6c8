"""A look at the machine for some time: counters before and after, short sleeps between."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import sleep

import numpy as np

from perfci.ports import Clock
from perfci.runners.system.counters import Counters, Memory, ProcessorTimes, RunQueue
from perfci.runners.system.disk import try_disk
from perfci.runners.system.facts import (
    MemoryFacts,
    ProcessorFacts,
    SchedulerFacts,
    SystemFacts,
)
from perfci.runners.system.groups import ControlGroups, MemoryGroup, ProcessorGroup

_NAP = 1e-3
"""Seconds of the sleeps whose delay is measured."""
_REST = 9e-3
"""Seconds between them at least: watching must not be what keeps the machine busy."""
_NAPS = 1000
"""Sleeps at most, however long it lasts."""
_UNSEEN = {
    "processors": "the processors' time cannot be read from /proc/stat",
    "memory": "the memory cannot be read from /proc/meminfo",
    "disks": "the disks' activity cannot be read from /proc/diskstats",
    "queue": "the wait for a processor cannot be read from /proc/self/schedstat",
}
_HIDDEN = (
    "the control group's limits cannot be read: processors and memory are judged by the whole "
    "machine, of which a container may use less"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Snapshot:
    """All counters at one instant; None for what cannot be read."""

    at: float
    processors: ProcessorTimes | None
    memory: Memory | None
    disks: Mapping[str, float] | None
    queue: RunQueue | None
    allowed: tuple[ProcessorGroup, ...] | None
    limits: tuple[MemoryGroup, ...] | None


class Watch:
    """Watches the machine that perfci runs on.

    Args:
        clock: times sleeps and writes.
        scratch: folder on the disk to be tried.
        system: the root of /proc and /sys.
    """

    def __init__(self, clock: Clock, scratch: Path, system: Path = Path("/")) -> None:
        self._clock = clock
        self._scratch = scratch
        self._counters = Counters(system)
        self._groups = ControlGroups(system)

    def look(self, duration: float) -> SystemFacts:
        """Watch for some seconds, try the disk, and return what was seen."""
        before = self._snapshot()
        late = list(self._naps(before.at + duration, max(_REST, duration / _NAPS - _NAP)))
        after = self._snapshot()
        disk = try_disk(self._scratch, self._clock)
        warnings = [
            f"{text}: it is left out of the machine's health"
            for name, text in _UNSEEN.items()
            if getattr(after, name) is None
        ]
        if after.allowed is None or after.limits is None:
            warnings.append(_HIDDEN)
        if disk.trouble:
            warnings.append(f"in the folder for scratch files {disk.trouble}")
        return SystemFacts(
            scheduler=_scheduler(before, after, late),
            processors=_processors(before, after),
            memory=_memory(before, after),
            disk=disk,
            disk_busy=_busiest(before, after),
            warnings=tuple(warnings),
        )

    def _snapshot(self) -> _Snapshot:
        return _Snapshot(
            at=self._clock.ticks(),
            processors=self._counters.processors(),
            memory=self._counters.memory(),
            disks=self._counters.disks(),
            queue=self._counters.run_queue(),
            allowed=self._groups.processors(),
            limits=self._groups.memory(),
        )

    def _naps(self, until: float, rest: float) -> Iterator[float]:
        """Sleep again and again; yield the seconds by which each sleep was too long."""
        left = 1.0
        while left > 0:
            begun = self._clock.ticks()
            sleep(_NAP)
            yield max(0.0, self._clock.ticks() - begun - _NAP)
            left = until - self._clock.ticks()
            sleep(max(0.0, min(rest, left)))


def _processors(before: _Snapshot, after: _Snapshot) -> ProcessorFacts | None:
    if before.processors is None or after.processors is None:
        return None
    whole = after.processors.whole - before.processors.whole
    # less than one tick of the kernel's has passed: nothing is known, nothing was busy
    idle = _portion(after.processors.idle - before.processors.idle, whole) if whole > 0 else 1.0
    number: float = after.processors.number
    throttled, limited = 0.0, False
    for then, now in zip(before.allowed or (), after.allowed or (), strict=False):
        used = (now.used - then.used) / ((after.at - before.at) * now.allowed)
        idle = min(idle, _portion(1 - used, 1))
        throttled = max(
            throttled, _portion(now.throttled - then.throttled, now.periods - then.periods)
        )
        if now.allowed < number:
            number, limited = now.allowed, True
    return ProcessorFacts(
        number=number,
        idle=idle,
        stolen=_portion(after.processors.stolen - before.processors.stolen, whole),
        throttled=throttled,
        limited=limited,
    )


def _memory(before: _Snapshot, after: _Snapshot) -> MemoryFacts | None:
    machine = after.memory
    if before.memory is None or machine is None or machine.total <= 0:
        return None
    total, available = machine.total, machine.available
    own = [group for group in after.limits or () if group.limit < machine.total]
    if own:
        tightest = min(own, key=lambda group: group.limit - group.used)
        total = max(1, tightest.limit)
        available = min(available, max(0, tightest.limit - tightest.used))
    return MemoryFacts(
        total=total,
        available=available,
        limited=bool(own),
        swap=machine.swap,
        swap_used=machine.swap_used,
        paged=max(0, machine.paged - before.memory.paged),
    )


def _busiest(before: _Snapshot, after: _Snapshot) -> float | None:
    if before.disks is None or after.disks is None:
        return None
    seconds = after.at - before.at
    busy = (now - before.disks.get(name, now) for name, now in after.disks.items())
    return _portion(max(busy, default=0.0), seconds)


def _scheduler(before: _Snapshot, after: _Snapshot, late: list[float]) -> SchedulerFacts:
    wait = None
    if before.queue and after.queue:
        runs = max(1, after.queue.runs - before.queue.runs)
        wait = max(0.0, after.queue.waited - before.queue.waited) / runs
    return SchedulerFacts(late=float(np.percentile(late, 95)), wait=wait)


def _portion(part: float, whole: float) -> float:
    return min(1.0, max(0.0, part / whole)) if whole > 0 else 0.0
