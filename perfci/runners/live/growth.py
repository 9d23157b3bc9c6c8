"""By how much the memory of this process grows at most while something is called."""

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from perfci.model.metric import Metric
from perfci.runners.live.driving import Taking
from perfci.runners.live.returned import Refused, in_base_units, number
from perfci.runners.live.taken import Taken, plain

FLOOR = float(2**20)
"""Bytes: less than that is what the interpreter takes and gives back by itself."""
_PROCESS = Path("/proc/self")
_LASTING = "only what takes more memory than all before it shows"
_TRIM, _MMAP = -1, -3
"""glibc's M_TRIM_THRESHOLD and M_MMAP_THRESHOLD."""
_USUAL = 128 * 1024
"""Bytes of both where a program begins."""
_GROWN = {_MMAP: 32 * 2**20, _TRIM: 64 * 2**20}
"""To where they have grown in a program that has freed large blocks: the most that there is."""
_TOP = 100_000
"""Bytes of a block that is freed so that what lies free beside it is given back."""


def grown(metric: Metric) -> Taking[Taken]:
    """Return the growth of the peak of the resident set during one call, in bytes.

    The mark is reset before; where the kernel does not let that be, it is that of the whole life,
    and only what is larger than all before shows.
    """
    told = ""
    with _nothing_hidden():
        try:
            (_PROCESS / "clear_refs").write_text("5", encoding="ascii")
        except OSError as error:
            told = f"{_PROCESS}/clear_refs cannot be written ({error.strerror}): {_LASTING}"
        before = _status("VmRSS")
        found = yield
        returned = number(found)
        size = _status("VmHWM") - before if returned is None else in_base_units(returned, metric)
    taken = plain(max(size, FLOOR), whole=size > FLOOR)
    return replace(taken, warnings=(told,)) if told and returned is None else taken


@contextmanager
def _nothing_hidden() -> Iterator[None]:
    """Let go of what earlier calls have freed: it would hide what the next one takes.

    glibc keeps up to 64 MB of it once large blocks were freed, and in other threads than the first
    `malloc_trim` alone does not get at that. Afterwards it may keep as much as before.
    """
    gc.collect()
    libc = ctypes.CDLL(None)
    if not (hasattr(libc, "malloc_trim") and hasattr(libc, "mallopt")):  # another libc
        yield
        return
    libc.malloc.restype = ctypes.c_void_p
    libc.free.argtypes = [ctypes.c_void_p]
    libc.mallopt(_MMAP, _USUAL)
    libc.mallopt(_TRIM, _USUAL)
    libc.free(libc.malloc(_TOP))
    libc.malloc_trim(0)
    try:
        yield
    finally:
        for parameter, value in _GROWN.items():
            libc.mallopt(parameter, value)


def _status(name: str) -> float:
    """Return a figure of the kernel's in bytes.

    Raises:
        Refused: this system does not tell it.
    """
    with suppress(OSError):
        for line in (_PROCESS / "status").read_text(errors="replace").splitlines():
            if line.startswith(f"{name}:"):
                return float(line.split()[1]) * 1024
    raise Refused(
        f"cannot be measured: {_PROCESS}/status tells no {name}",
        "let the callable return the MB that it takes",
    )
