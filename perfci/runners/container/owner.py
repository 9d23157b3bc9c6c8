"""Whose containers are whose: those of a perfci that was killed are removed by the next."""

import json
import os
from contextlib import suppress
from pathlib import Path

from perfci.runners.container.engine import Engine
from perfci.runners.container.refusal import ContainerError

LABEL = "io.perfci.owner"
_FORGOTTEN = "1h"
"""Age from which a container that does not run belongs to nobody: its perfci may be unknown here,
in another container."""


def owner(pid: int | None = None) -> str:
    """Return the words that name a process: the machine's start, the space of pids, it, its start.

    Another process may get its number, but not its start.

    Args:
        pid: its number; None for this process.
    """
    pid = pid or os.getpid()
    return f"{_place()} {pid} {_begun(pid)}"


def clear(engine: Engine) -> None:
    """Remove what killed runs have left; best effort, for nothing depends on it."""
    with suppress(ContainerError):
        found = engine.ask(
            "GET",
            "/containers/json",
            doing="list containers",
            query={"all": "1", "filters": json.dumps({"label": [LABEL]})},
        )
        for each in found:
            if _is_ours_and_gone(str(each["Labels"].get(LABEL))):
                remove(engine, str(each["Id"]))
        filters = {"label": [LABEL], "until": [_FORGOTTEN]}
        engine.ask(
            "POST",
            "/containers/prune",
            doing="remove stopped containers",
            query={"filters": json.dumps(filters)},
        )


def remove(engine: Engine, name: str) -> None:
    """Remove a container with all that runs in it; nothing happens where there is none."""
    place, doing = f"/containers/{name}", "remove a container"
    with suppress(ContainerError):
        engine.ask("DELETE", place, doing=doing, query={"force": "1", "v": "1"})
    with suppress(ContainerError):
        # the engine may have begun by itself, since the first process has ended
        engine.ask("POST", f"{place}/wait", doing=doing, query={"condition": "removed"})


def _is_ours_and_gone(label: str) -> bool:
    place, _, process = label.rpartition(" ")
    place, _, pid = place.rpartition(" ")
    if place != _place() or not pid.isdigit():
        return False
    return _begun(int(pid)) != process


def _place() -> str:
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return "unknown"


def _begun(pid: int) -> str:
    """Return when a process began, in ticks since the machine's start; empty where it is gone."""
    try:
        # the name in parentheses may hold anything
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return ""
    return fields[19] if len(fields) > 19 and fields[0] != "Z" else ""
