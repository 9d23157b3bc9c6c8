"""The control groups that this process is in: what they allow, and what is used of it.

Versions 1 and 2, at every level that can be seen: in a container its own limits count, not the
host's size.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_MOUNT = "sys/fs/cgroup"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessorGroup:
    """A group whose share of the processors is limited."""

    allowed: float
    """Processors."""
    used: float
    """Processor seconds up to now; 0 where they cannot be read."""
    periods: int
    """Accounting periods up to now."""
    throttled: int
    """Those in which it was stopped because its share was used up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryGroup:
    """A group whose memory is limited."""

    limit: int
    """Bytes; version 1 says no limit by more than any machine has."""
    used: int
    """Bytes, without files that the kernel can drop at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where the groups of one controller are."""

    version: int
    mount: str
    paths: tuple[str, ...]
    """Below the mount; the own group first, then those above it."""


class ControlGroups:
    """Reads limits and use.

    Args:
        system: the root of /proc and /sys.
    """

    def __init__(self, system: Path) -> None:
        self._system = system

    def processors(self) -> tuple[ProcessorGroup, ...] | None:
        """Return the limited groups, the own one first; None where they cannot be seen."""
        place = self._place("cpu", "cpu.max")
        if place is None:
            return None
        accounts = self._place("cpuacct", "") if place.version == 1 else None
        return tuple(self._processors(place, accounts.mount if accounts else place.mount))

    def memory(self) -> tuple[MemoryGroup, ...] | None:
        """Return the groups with a limit, the own one first; None where they cannot be seen."""
        place = self._place("memory", "memory.max")
        return None if place is None else tuple(self._memory(place))

    def _processors(self, place: _Place, accounts: str) -> Iterator[ProcessorGroup]:
        for path in place.paths:
            group = f"{place.mount}/{path}"
            told = self._table(f"{group}/cpu.stat")
            if place.version == 2:
                quota, _, period = self._read(f"{group}/cpu.max").partition(" ")
                used = told.get("usage_usec", 0) / 1e6
            else:
                quota = self._read(f"{group}/cpu.cfs_quota_us")
                period = self._read(f"{group}/cpu.cfs_period_us")
                used = (_number(self._read(f"{accounts}/{path}/cpuacct.usage")) or 0) / 1e9
            # `max` and -1 mean no limit
            part, whole = _number(quota), _number(period)
            if part and whole:
                yield ProcessorGroup(
                    allowed=part / whole,
                    used=used,
                    periods=told.get("nr_periods", 0),
                    throttled=told.get("nr_throttled", 0),
                )

    def _memory(self, place: _Place) -> Iterator[MemoryGroup]:
        limit_file, used_file, cache = (
            ("memory.max", "memory.current", "inactive_file")
            if place.version == 2
            else ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
        )
        for path in place.paths:
            group = f"{place.mount}/{path}"
            limit = _number(self._read(f"{group}/{limit_file}"))
            used = _number(self._read(f"{group}/{used_file}"))
            if limit is not None and used is not None:
                files = self._table(f"{group}/memory.stat").get(cache, 0)
                yield MemoryGroup(limit=limit, used=max(0, used - files))

    def _place(self, controller: str, limit_file: str) -> _Place | None:
        """Find the groups of a controller; None where they are hidden."""
        unified = None
        for line in self._read("proc/self/cgroup").splitlines():
            number, _, rest = line.partition(":")
            kinds, _, path = rest.partition(":")
            if controller in kinds.split(","):
                mount = f"{_MOUNT}/{kinds}"
                return self._groups(1, mount, path) if self._is_folder(mount) else None
            if number == "0" and not kinds:
                unified = path
        if unified is None or not (self._system / _MOUNT / "cgroup.controllers").is_file():
            return None
        own = self._is_folder(f"{_MOUNT}/{unified.strip('/')}")
        # the own group is somewhere else, and what is mounted is not a container's root either
        if not own and not (self._system / _MOUNT / limit_file).is_file():
            return None
        return self._groups(2, _MOUNT, unified)

    def _groups(self, version: int, mount: str, path: str) -> _Place:
        # inside a container the path may be the host's, and only the mount itself is there
        parts = [part for part in path.split("/") if part not in {"", ".."}]
        above = ("/".join(parts[:length]) for length in range(len(parts), -1, -1))
        there = tuple(each for each in above if self._is_folder(f"{mount}/{each}"))
        return _Place(version=version, mount=mount, paths=there)

    def _table(self, path: str) -> dict[str, int]:
        """Return the lines `name number` of a file."""
        found = {}
        for line in self._read(path).splitlines():
            name, _, value = line.partition(" ")
            number = _number(value)
            if number is not None:
                found[name] = number
        return found

    def _is_folder(self, path: str) -> bool:
        return (self._system / path).is_dir()

    def _read(self, path: str) -> str:
        try:
            return (self._system / path).read_text(errors="replace").strip()
        except OSError:
            return ""


def _number(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None
