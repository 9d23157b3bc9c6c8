"""Work made of equal units, of which head does some per cent more: run by the measured process.

The standard library only. The collector puts a copy into each side's tree and sets `GROWS` in
head's, so that what differs between the sides is known exactly.
"""

import hashlib
import json
import re
import time
from collections.abc import Callable
from itertools import cycle, islice

GROWS = False

UNITS = 100
"""Units of work in one call on base."""

EXTRA: dict[str, int] = {}
"""Per cent more units that this very side does of a workload; the live gates write their own."""

_RECORD = json.dumps({"id": 7, "name": "a name", "tags": ["x", "y"], "size": 1.5, "on": True})
_TEXT = "the 4 quick brown foxes jump over 13 lazy dogs, 7 times a day, since 1999"
_NUMBER = re.compile(r"\b\d+\b")
_BLOCK = bytes(range(256)) * 4
_SCRAMBLED = [(37 * at) % 41 for at in range(41)]
_LARGE = 1 << 16
_TABLE = {at * 2654435761 % (1 << 32): at for at in range(_LARGE)}
"""About 8 MB: more than what a core keeps near itself."""
_KEYS = cycle([at * 48271 % _LARGE * 2654435761 % (1 << 32) for at in range(_LARGE)])
"""Goes on from call to call, so that none finds near what the last has asked for.

Keys share lines and pages of memory: until all has been asked for once, later units cost less.
"""


def loop(units: int) -> int:
    """Count in the interpreter's own loop."""
    total = 0
    for number in range(units * 25):
        total += number * number % 7
    return total


def decode(units: int) -> None:
    """Take JSON apart and put it together again."""
    for _ in range(units):
        json.dumps(json.loads(_RECORD))


def allocate(units: int) -> None:
    """Make many small objects that live until the end of the call."""
    kept = [{"number": number, "list": [number]} for number in range(units * 4)]
    del kept


def match(units: int) -> None:
    """Search a text by a regular expression."""
    for _ in range(units):
        _NUMBER.findall(_TEXT)


def sort(units: int) -> None:
    """Sort short lists."""
    for _ in range(units):
        sorted(_SCRAMBLED)


def look_up(units: int) -> None:
    """Ask a table that is larger than the caches, in no order: bound by memory."""
    for key in islice(_KEYS, units * 3):
        _TABLE[key]


def digest(units: int) -> None:
    """Sum up blocks of bytes, all in C."""
    for _ in range(units):
        hashlib.sha256(_BLOCK).digest()


def wait(units: int) -> None:
    """Compute for some milliseconds, then wait for about as many."""
    loop(units * 15)
    time.sleep(units * 40e-6)


WORK: dict[str, Callable[[int], object]] = {
    "loop": loop,
    "json": decode,
    "allocate": allocate,
    "regex": match,
    "sort": sort,
    "digest": digest,
    "lookup": look_up,
    "wait": wait,
}


def work(name: str, percent: int) -> None:
    """Do one call of a workload: its units, and on head some per cent more."""
    WORK[name](UNITS + UNITS * percent // 100 if GROWS else UNITS)


def extended(workload: str, units: int) -> None:
    """Do one call of a workload with what this side adds: the benchmark is the same on both."""
    WORK[workload](units + units * EXTRA.get(workload, 0) // 100)
