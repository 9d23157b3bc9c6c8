"""Notes what a service's Python programs import when they are told to end.

Copied as `sitecustomize.py`, with `seen.py` beside it, which notes at a program's orderly
end. Most servers have none: SIGTERM ends them on the spot. The measured project's interpreter runs
this, whatever its version: standard library only, the oldest syntax.
"""

import os
import signal

import seen  # type: ignore[import-not-found]  # lies beside the copy


def _end(number, frame):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, ARG001
    """Note, and end as the program would have ended without this."""
    seen._note()  # noqa: SLF001 - the other half of this file
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


if signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
    signal.signal(signal.SIGTERM, _end)
