"""What one call holds in memory: at most, and where it was asked for."""
# ruff: noqa: PTH123
# A path object is nothing that the measured process needs.

from __future__ import annotations

import os
import resource
import sys
import threading
from typing import TYPE_CHECKING, Any

from .reading import children_of

if TYPE_CHECKING:
    from collections.abc import Callable

_STEP = 0.01
"""Seconds between two looks at the children's memory."""
_PAGE = os.sysconf("SC_PAGE_SIZE")
_SITES = 5
_GROWN = 1.1
"""By how much memory has grown when it is looked at again."""
_LOW = 4
"""Below this part of the peak nothing is looked at."""


def peak(call: Callable[[], None]) -> int:
    """Return the bytes that this process and its children hold at most while a call runs.

    Where a call has children it is called once more, and watched by a thread: a function that has
    none never sees it.
    """
    try:
        with open("/proc/self/clear_refs", "w", encoding="ascii") as file:
            file.write("5")  # the mark falls to what is resident now
    except OSError:
        pass  # then the mark is that of the whole life
    before = _children()
    call()
    most = _own_peak()
    return most if _children() == before else max(most, _watched(call))


def _children() -> tuple[int, float, list[str]]:
    """Return what changes where a child is started or ends."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_maxrss, ended.ru_utime + ended.ru_stime, children_of("self")


def _watched(call: Callable[[], None]) -> int:
    tree = [0]
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(tree, done), daemon=True)
    watcher.start()
    try:
        call()
    finally:
        done.set()
        watcher.join()
    return tree[0]


def _watch(tree: list[int], done: threading.Event) -> None:
    while not done.wait(_STEP):
        tree[0] = max(tree[0], _resident())


def _resident() -> int:
    """Return the bytes resident in this process and below together; 0 where it has no child."""
    below, waiting = [], ["self"]
    while waiting:
        children = children_of(waiting.pop())
        below += children
        waiting += children
    return sum(map(_resident_of, ["self", *below])) if below else 0


def _resident_of(pid: str) -> int:
    try:
        with open(f"/proc/{pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * _PAGE
    except (OSError, IndexError):  # it has just ended
        return 0


def _own_peak() -> int:
    try:
        with open("/proc/self/status", encoding="ascii", errors="replace") as file:
            for line in file:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def allocations(call: Callable[[], None]) -> dict[str, Any]:
    """Find the lines whose memory is held when a call holds most of it.

    The function is called twice: to learn the peak, and to look at what makes it.

    Returns:
        `peak` and `seen`, the bytes that Python held at most, and when it was looked at, and
        `sites`, at most 5 of file, line and bytes, the largest first. Nothing where this Python
        cannot tell.
    """
    try:
        import tracemalloc
    except ImportError:  # PyPy
        return {"peak": 0, "seen": 0, "sites": []}
    call()
    tracemalloc.start()
    call()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    sites: list[tuple[str, int, int]] = []
    seen = 0

    def look(*_: Any) -> None:
        nonlocal sites, seen
        now = tracemalloc.get_traced_memory()[0]
        if now > max(seen * _GROWN, most / _LOW):
            # nothing of the snapshot may stay: it would count as memory of the function
            sites, seen = _sites(tracemalloc.take_snapshot()), now

    tracemalloc.start()
    # what is held is largest where something is about to return
    threading.setprofile(look)
    sys.setprofile(look)
    try:
        call()
    finally:
        sys.setprofile(None)
        tracemalloc.stop()
    # looking takes a little memory, too
    return {"peak": max(most, seen), "seen": seen, "sites": sites}


def _sites(snapshot: Any) -> list[tuple[str, int, int]]:
    own = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120
    found: list[tuple[str, int, int]] = []
    for each in snapshot.statistics("lineno"):
        frame = each.traceback[0]
        if not frame.filename.startswith((own, "<")) and len(found) < _SITES:
            found.append((frame.filename, frame.lineno, each.size))
    return found
