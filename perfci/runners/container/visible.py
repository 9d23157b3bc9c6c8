"""Which of the folders that perfci sees the engine can see, too, and by which path."""

import re
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from perfci.runners.container.engine import Engine
from perfci.runners.container.refusal import ContainerError

_ID = re.compile(r"[0-9a-f]{64}")
_OWN_FILES = ("/etc/hostname", "/etc/hosts", "/etc/resolv.conf")
"""What an engine puts into each container from the container's own folder."""
_LIMITS = (
    "CpuPeriod",
    "CpuQuota",
    "CpusetCpus",
    "CpusetMems",
    "Memory",
    "MemorySwap",
    "NanoCpus",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """A folder as the engine knows it."""

    path: Path
    read_only: bool = False
    """Whether perfci itself was given it only to read; then a container gets it no better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Where perfci itself runs, as the engine knows it."""

    container: str = ""
    """Its id; empty where perfci runs in none, or in another engine's."""
    mounts: tuple[tuple[Path, Outside], ...] = ()
    """Folders of that container, and what they are for the engine."""
    limits: Mapping[str, object]
    """Of processors and memory; they hold for the containers beside it, too."""

    def seen_by_engine(self, path: Path) -> Outside | None:
        """Return a folder as the engine knows it; None where perfci's container alone has it."""
        if not self.container:
            return Outside(path=path)
        for inside, outside in sorted(self.mounts, key=lambda it: len(it[0].parts), reverse=True):
            if path.is_relative_to(inside):
                return replace(outside, path=outside.path / path.relative_to(inside))
        return None


def surroundings(engine: Engine, system: Path = Path("/")) -> Surroundings:
    """Find perfci's own container.

    Args:
        engine: is asked for it.
        system: the root of /proc.
    """
    for name in dict.fromkeys(_candidates(system)):
        try:
            told = engine.ask("GET", f"/containers/{name}/json", doing="describe a container")
        except ContainerError as error:
            if error.status != 404:
                raise
            continue
        limits = told.get("HostConfig") or {}
        return Surroundings(
            container=name,
            mounts=tuple(_mounts(told)),
            limits={key: limits[key] for key in _LIMITS if limits.get(key)},
        )
    return Surroundings(limits={})


def _candidates(system: Path) -> Iterator[str]:
    for line in _read(system / "proc/self/mountinfo").splitlines():
        # 36 35 98:0 ROOT MOUNTPOINT ...; the host's own list names containers elsewhere
        fields = line.split(" ")
        if len(fields) > 4 and fields[4] in _OWN_FILES:
            yield from _ID.findall(fields[3])
    for line in _read(system / "proc/self/cgroup").splitlines():
        yield from _ID.findall(line)
    name = socket.gethostname()
    if re.fullmatch(r"[0-9a-f]{12}", name):
        yield name


def _mounts(told: Mapping[str, Any]) -> Iterator[tuple[Path, Outside]]:
    for mount in told.get("Mounts") or ():
        if mount.get("Type") in {"bind", "volume"} and mount.get("Source"):
            read_only = not mount.get("RW", True)
            yield (
                Path(mount["Destination"]),
                Outside(path=Path(mount["Source"]), read_only=read_only),
            )


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""
