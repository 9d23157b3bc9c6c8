"""Other work on the machine, in bursts, as neighbours on a shared runner have it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_BURSTS = """\
import os, random, sys, time
parent, chance = os.getppid(), random.Random(int(sys.argv[1]))
while os.getppid() == parent:
    until = time.monotonic() + chance.expovariate(1.0)
    while time.monotonic() < until:
        sum(range(1000))
    time.sleep(chance.expovariate(1.0))
"""


@contextmanager
def background_load(processes: int, seed: int) -> Iterator[None]:
    """Keep some processes computing half of the time, for about a second at once.

    Args:
        processes: how many.
        seed: of the lengths of their bursts.
    """
    started: list[subprocess.Popen[bytes]] = []
    try:
        for number in range(processes):
            argv = [sys.executable, "-I", "-S", "-c", _BURSTS, str(seed * 1000 + number)]
            started.append(subprocess.Popen(argv))
        yield
    finally:
        for process in started:
            process.kill()
            process.wait()
