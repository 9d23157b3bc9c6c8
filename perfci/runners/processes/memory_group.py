"""Has the kernel itself note the most memory that a program and its descendants held together.

Part of the spawner, whose size is the floor of every peak of memory: nothing big is imported.
Looks at a tree miss what comes and goes between them; a cgroup of its own misses nothing. It needs
a memory controller and a folder of it that may be written, which containers seldom have: anywhere
else it is left out without a word.
"""
# ruff: noqa: PTH102, PTH106, PTH110, PTH123 - pathlib would make the spawner large

import os

_PEAKS = (
    ("memory.peak", "memory.current"),  # version 2, Linux 5.19
    ("memory.max_usage_in_bytes", "memory.usage_in_bytes"),  # version 1
)


def _fields(path: str) -> list[list[str]]:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return [line.rstrip("\n").split(" ") for line in file]
    except OSError:
        return []


def _homes() -> list[str]:
    """Return the folders of the groups that this process is in and that count memory."""
    own = {}
    for (line,) in (fields for fields in _fields("/proc/self/cgroup") if len(fields) == 1):
        number, _, rest = line.partition(":")
        kinds, _, path = rest.partition(":")
        if number == "0" or "memory" in kinds.split(","):
            own["cgroup2" if number == "0" else "cgroup"] = path
    return [
        mount[1] + own[mount[2]].rstrip("/")
        for mount in _fields("/proc/self/mounts")
        if mount[2] in own and (mount[2] == "cgroup2" or "memory" in mount[3].split(","))
    ]


class MemoryGroup:
    """A group that this process is in with all that it starts, until `leave`."""

    def __init__(self, home: str, folder: str, names: tuple[str, str]) -> None:
        self._home = home
        self._folder = folder
        self._names = names

    @classmethod
    def enter(cls) -> "MemoryGroup | None":
        """Make a group and move into it; return None where that cannot be."""
        for home in _homes():
            # a group that holds processes may hold no accounting ones: then a neighbour is made
            for parent in (home, home.rpartition("/")[0]):
                entered = cls._entered(home, f"{parent}/perfci-{os.getpid()}")
                if entered:
                    return entered
        return None

    @classmethod
    def _entered(cls, home: str, folder: str) -> "MemoryGroup | None":
        try:
            os.mkdir(folder)
        except OSError:
            return None
        try:
            for names in _PEAKS:
                if os.path.exists(f"{folder}/{names[0]}"):
                    _move_to(folder)
                    return cls(home, folder, names)
        except OSError:
            pass
        os.rmdir(folder)
        return None

    def most(self) -> int:
        """Return the most bytes that its processes held at a time, once they have ended.

        What is left then is the cache of files, which is no program's own.
        """
        try:
            peak, current = (int(_fields(f"{self._folder}/{name}")[0][0]) for name in self._names)
        except (IndexError, ValueError):
            return 0
        return max(0, peak - current)

    def leave(self) -> None:
        """Move back and remove the group."""
        try:
            _move_to(self._home)
            os.rmdir(self._folder)
        except OSError:
            pass  # something that cannot be ended is still in it


def _move_to(folder: str) -> None:
    with open(f"{folder}/cgroup.procs", "w", encoding="ascii") as file:
        file.write(str(os.getpid()))
