"""A machine that records runs in a store: a process of its own, to compete and to be killed.

    python -m tests.stores.writer URL

It says `ready`, and for each line `FIRST LAST` that it reads lets a fresh process record these
runs. That one says `pid PID`, then `begun N` and `done N` of each; `ended` comes when it is gone.
"""

import os
import sys
from pathlib import Path

from perfci.baselines import record
from perfci.stores.open import Means, open_store
from perfci.wiring import process
from tests.stores.branch import PASSED, POINT, job, points

_MORE = {f"codec/case-{number}:latency": POINT for number in range(30)}
"""Series that make the index long, so that a kill hits it in the middle."""


def main(url: str) -> None:
    """Serve the lines."""
    _say("ready")
    for line in sys.stdin:
        first, last = map(int, line.split())
        child = os.fork()
        if child == 0:
            _write(url, first, last)
            os._exit(0)
        os.waitpid(child, 0)
        _say("ended")


def _write(url: str, first: int, last: int) -> None:
    _say(f"pid {os.getpid()}")
    means = Means(environ=process.environ(), pause=process.pause, wait=process.wait)
    store = open_store(url, Path.cwd(), means)
    for number in range(first, last):
        _say(f"begun {number}")
        record(store, job(number), PASSED, points(number) | _MORE, pause=process.pause)
        _say(f"done {number}")
    store.close()


def _say(line: str) -> None:
    os.write(1, f"{line}\n".encode())  # at once and whole: nothing is buffered that a kill loses


if __name__ == "__main__":
    main(sys.argv[1])
