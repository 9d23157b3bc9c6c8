"""Takes requests to execute programs, one at a time: what the spawner does all its life.

Requests are marshalled dictionaries on standard input, each after its length in eight bytes;
replies are marshalled dictionaries on standard output. Both ends are the same interpreter.
Anything that arrives while a program runs ends it, and so does the end of the input, which is how
perfci's own death is noticed.
"""

import _signal  # type: ignore[import-not-found]  # `signal` would load `enum`: 1 MiB more
import marshal
import os

from perfci.runners.processes.execution import execute


def _terminated(number: int, frame: object) -> None:  # noqa: ARG001 - what a handler is given
    raise SystemExit(1)


def _received(size: int) -> bytes:
    """Read exactly so many bytes, and none ahead: a poll must see what comes later.

    Raises:
        EOFError: the input has ended.
    """
    parts = []
    while size:
        part = os.read(0, size)
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _request() -> object:
    size = int.from_bytes(_received(8), "little")
    return marshal.loads(_received(size))  # noqa: S302 - perfci itself wrote it


def _reply(told: object) -> bool:
    """Send a reply, with nothing left in a buffer; return whether anyone is there to read it."""
    data = marshal.dumps(told)  # type: ignore[arg-type]  # texts and numbers
    try:
        while data:
            data = data[os.write(1, data) :]
    except BrokenPipeError:
        return False
    return True


def serve() -> None:
    """Serve requests until the input ends, or nobody waits for the answers any more."""
    _signal.signal(_signal.SIGTERM, _terminated)
    # whoever ignores it gets no exit statuses, and ignoring is inherited
    _signal.signal(_signal.SIGCHLD, _signal.SIG_DFL)
    while True:
        try:
            request = _request()
        except EOFError:
            return
        # a wish to stop that crossed with the program's own end is a text
        if isinstance(request, dict) and not _reply(execute(request)):
            return
