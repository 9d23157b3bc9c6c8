"""Becomes the process that starts programs: one of its own, so that perfci's size is not measured.

    python -I -S -E -X utf8 .../perfci/runners/spawner.py

The kernel adds the high-water mark of whoever starts a program to that program's own
(`ru_maxrss`), so the starter has to be small. What this file does takes a mebibyte for ever:
loading `ctypes`, compiling what was not compiled yet. So it does that, and starts the process
anew; what it has asked of the kernel outlasts that.
"""
# ruff: noqa: E402, PTH123 - the path comes first; pathlib is not needed for one file

import ctypes
import os
import signal
import sys

_HOUSE = __file__.rpartition("/perfci/runners/")[0]
sys.path.append(_HOUSE)

from perfci.runners.processes.serve import serve  # compiled here, loaded there

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
_SERVE = f"import sys; sys.path.append({_HOUSE!r}); from {serve.__module__} import serve; serve()"


def main() -> None:
    """End with perfci, adopt orphans, and serve."""
    control = ctypes.CDLL(None).prctl
    control(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    control(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    # as it was started: perhaps by a loader of its own, which no variable of Python's tells
    with open("/proc/self/cmdline", "rb") as file:
        words = file.read().split(b"\0")[:-2]
    os.execv("/proc/self/exe", [*words, b"-c", _SERVE.encode()])  # noqa: S606 - no shell


if __name__ == "__main__":
    main()
