"""A way of taking a value, driven through its calls: on a plain thread, or in an event loop.

A taking is a generator. Whenever it yields, the callable is called once; what came back is sent to
it, and what the callable raised is raised in it. What it returns is the value.
"""

import inspect
from asyncio import CancelledError
from collections import deque
from collections.abc import Callable, Generator
from typing import Any, TypeVar

T = TypeVar("T")
Taking = Generator[None, object, T]
Call = Callable[[], Any]


class Raised(Exception):  # noqa: N818 - it only carries what the callable raised
    """The callable raised something, and the taking did not count that as data."""

    def __init__(self, error: BaseException) -> None:
        """Keep what was raised."""
        super().__init__(str(type(error)))
        self.error = error


def needs_loop(found: object) -> bool:
    """Tell whether what a call returned has to be awaited, or consumed by awaiting."""
    return inspect.isawaitable(found) or inspect.isasyncgen(found)


def is_async(call: Call) -> bool:
    """Tell beforehand, as far as that can be told, whether calls have to be awaited."""
    inner = getattr(call, "__call__", None)  # noqa: B004 - an object may have an async one
    return any(
        inspect.iscoroutinefunction(each) or inspect.isasyncgenfunction(each)
        for each in (call, inner)
    )


async def awaited(found: Any) -> object:
    """Return what a call comes to in the end; of a stream nothing is left."""
    if inspect.isawaitable(found):
        found = await found
    if inspect.isasyncgen(found):
        async for _ in found:
            pass
        return None
    return consumed(found)


def consumed(found: Any) -> object:
    """Return what a call came to; a generator is consumed to its end."""
    if inspect.isgenerator(found):
        deque(found, maxlen=0)
        return None
    return found


def drive(taking: Taking[T], call: Call, finish: Callable[[Any], object]) -> T:
    """Take a value on this thread.

    Args:
        taking: how.
        call: the callable.
        finish: makes of what it returned what it comes to.

    Raises:
        Raised: the callable raised, and the taking let that pass.
    """
    try:
        next(taking)
        while True:
            try:
                found = finish(call())
            except BaseException as error:  # noqa: BLE001 - a callable may raise anything
                _throw(taking, error)
            else:
                taking.send(found)
    except StopIteration as end:
        value: T = end.value
        return value


async def drive_in_loop(taking: Taking[T], call: Call) -> T:
    """Take a value in the running event loop; see `drive`."""
    try:
        next(taking)
        while True:
            try:
                found = await awaited(call())
            except (CancelledError, KeyboardInterrupt):
                taking.close()
                raise
            except BaseException as error:  # noqa: BLE001 - a callable may raise anything
                _throw(taking, error)
            else:
                taking.send(found)
    except StopIteration as end:
        value: T = end.value
        return value


def _throw(taking: Taking[T], error: BaseException) -> None:
    # a generator must not let StopIteration out; and what it lets out must not be taken for one
    raised = Raised(error)
    taking.throw(raised)
