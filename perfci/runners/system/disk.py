"""The disk that perfci writes to: its room, and how long a small durable write takes."""

import os
from contextlib import suppress
from pathlib import Path

import numpy as np

from perfci.ports import Clock
from perfci.runners.system.facts import DiskFacts

_WRITES = 5
_BLOCK = b"perfci".ljust(4096, b"\n")
_NAME = "disk-trial"


def try_disk(folder: Path, clock: Clock) -> DiskFacts:
    """Write a few kilobytes to a new file, wait until they are durable, and remove it."""
    import psutil

    try:
        space = psutil.disk_usage(str(folder))
        size, free = space.used + space.free, space.free
    except OSError:
        size, free = 0, 0
    try:
        seconds, trouble = _write(folder / _NAME, clock), ""
    except OSError as error:
        seconds, trouble = None, f"nothing can be written: {error.strerror}"
    return DiskFacts(size=size, free=free, sync=seconds, trouble=trouble)


def _write(path: Path, clock: Clock) -> float:
    """Return the median seconds of a few durable writes."""
    seconds = []
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    try:
        for at in range(_WRITES):
            begun = clock.ticks()
            os.pwrite(file, _BLOCK, at * len(_BLOCK))
            os.fsync(file)
            seconds.append(clock.ticks() - begun)
    finally:
        os.close(file)
        with suppress(OSError):
            path.unlink()
    return float(np.median(seconds))
