"""Processes that outlive those who started them."""

from collections.abc import Sequence
from contextlib import suppress

import psutil


def left_behind(processes: Sequence[psutil.Process]) -> list[psutil.Process]:
    """Return those that do not end soon; one that has ended may not be buried yet."""
    _, there = psutil.wait_procs(processes, timeout=20)
    found = []
    for process in there:
        with suppress(psutil.NoSuchProcess):
            found += [process] if process.status() != psutil.STATUS_ZOMBIE else []
    return found
