"""Carries what perfci and a worker say to each other through two named pipes in a container.

Run as `python relay.py ORDERS ANSWERS` by perfci's Python. It makes the pipes, says so by a line,
then copies its standard input to the first and the second to its standard output, until its input
ends.
"""

import os
import select
import sys

_MOST = 65536


def _give(handle: int, data: bytes) -> bool:
    """Write all of it; return False where the input ended while nobody took it."""
    poller = select.poll()
    poller.register(handle, select.POLLOUT)
    poller.register(0, 0)  # its end is told all the same
    while data:
        ready = [each for each, _ in poller.poll()]
        if handle in ready:
            data = data[os.write(handle, data) :]
        elif 0 in ready:
            return False
    return True


def _carry(orders: int, answers: int) -> None:
    poller = select.poll()
    poller.register(0, select.POLLIN)
    poller.register(answers, select.POLLIN)
    while True:
        for handle, _ in poller.poll():
            part = os.read(handle, _MOST)
            if not part or not _give(orders if handle == 0 else 1, part):
                return


def main() -> None:
    """Make the pipes, and carry."""
    names = sys.argv[1:]
    for name in names:
        os.mkfifo(name, 0o600)
    try:
        # Each handle both reads and writes: opening never waits, and a worker whose work has
        # closed all files can open its ends again.
        orders, answers = (os.open(name, os.O_RDWR | os.O_NONBLOCK) for name in names)
        os.write(1, b"\n")
        _carry(orders, answers)
    finally:
        for name in names:
            os.unlink(name)  # noqa: PTH108 - as in the spawner


if __name__ == "__main__":
    main()
