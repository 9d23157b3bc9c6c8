"""A kernel's files below another root, and a clock that changes them while they are watched."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

GIB = 2**30

MEMORY = """\
MemTotal:       {total} kB
MemFree:        {free} kB
MemAvailable:   {free} kB
Buffers:        0 kB
Cached:         0 kB
Active:         0 kB
Inactive:       0 kB
Shmem:          0 kB
SwapTotal:      {swap} kB
SwapFree:       {swap_free} kB
"""


class Kernel:
    """Writes /proc and /sys as a kernel would."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.processors(idle=(100, 100))
        self.memory()
        self.write("proc/vmstat", "pswpin 0\npswpout 0\n")
        self.disk(0)
        self.write("proc/self/schedstat", "1000000 0 1\n")
        self.write("proc/self/cgroup", "0::/\n")
        self.write("sys/fs/cgroup/cgroup.controllers", "cpu memory\n")

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def files(self, files: Mapping[str, str]) -> None:
        for path, text in files.items():
            self.write(path, text)

    def processors(
        self, *, idle: tuple[int, ...], user: tuple[int, ...] = (), steal: int = 0
    ) -> None:
        """Write ticks of each processor; a row for every one that this process may use."""
        rows = 64
        told = [
            f"cpu{at} {(user or (0,))[at % len(user or (0,))]} 0 0 {idle[at % len(idle)]} 0 0 0 "
            f"{steal} 0 0"
            for at in range(rows)
        ]
        self.write("proc/stat", "\n".join(["cpu 0 0 0 0 0 0 0 0 0 0", *told, "btime 1"]) + "\n")

    def memory(self, total: int = 64 * GIB, free: int = 60 * GIB, **swap: int) -> None:
        text = MEMORY.format(
            total=total // 1024,
            free=free // 1024,
            swap=swap.get("swap", 0) // 1024,
            swap_free=swap.get("swap_free", 0) // 1024,
        )
        self.write("proc/meminfo", text)

    def disk(self, busy: int) -> None:
        """Write the milliseconds for which a disk was busy."""
        self.write("proc/diskstats", f" 254 0 vda 1 0 8 1 1 0 8 1 0 {busy} 1 0 0 0 0 0 0\n")


class StepClock:
    """Every look at it is 0.1 s later; between the two snapshots the kernel's files change."""

    def __init__(self, change: Callable[[], None] = lambda: None) -> None:
        self._calls = 0
        self._change = change

    def now(self) -> datetime:
        return datetime.now(UTC)

    def ticks(self) -> float:
        self._calls += 1
        if self._calls == 2:  # the first is that of the first snapshot
            self._change()
        return self._calls / 10


ELAPSED = 1.3
"""Seconds between the two snapshots of a look that lasts 1 s of a StepClock."""
