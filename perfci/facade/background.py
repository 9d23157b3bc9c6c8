"""The line is synchronous: it runs in a thread, while the caller's event loop goes on."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from threading import Thread
from typing import TypeVar

from perfci.runners.live.stop import Stop

_T = TypeVar("_T")
_GRACE = 5.0
"""Seconds in which the line ends once it is to stop."""


async def in_background(work: Callable[[asyncio.AbstractEventLoop, Stop], _T]) -> _T:
    """Return what some work comes to, done in a thread that ends with the process.

    Where the caller is cancelled, the work is to stop, and is waited for a moment.

    Args:
        work: is given the running loop, and hears there whether it is to stop.

    Raises:
        Exception: what the work raised.
    """
    loop, stop = asyncio.get_running_loop(), Stop()
    done: asyncio.Future[Callable[[], _T]] = loop.create_future()

    def post(found: Callable[[], _T]) -> None:
        if not done.done():
            done.set_result(found)

    def run() -> None:
        found = _attempted(lambda: work(loop, stop))
        with suppress(RuntimeError):  # the loop is gone, and nobody waits
            loop.call_soon_threadsafe(post, found)

    Thread(target=copy_context().run, args=(run,), name="perfci-line", daemon=True).start()
    try:
        found = await asyncio.shield(done)
    except GeneratorExit:  # its loop was left: nothing can be waited for any more
        stop.set()
        raise
    except BaseException:
        stop.set()
        await asyncio.wait({done}, timeout=_GRACE)
        raise
    return found()


def _attempted(work: Callable[[], _T]) -> Callable[[], _T]:
    """Do some work; return what gives its value, or raises what it raised."""
    try:
        value = work()
    except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
        raised = error
    else:
        return lambda: value

    def again() -> _T:
        raise raised

    return again
