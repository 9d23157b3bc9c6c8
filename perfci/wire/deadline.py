"""An end to waiting: a server that sends a byte a second is never silent, and never done."""

import threading
from collections.abc import Callable
from typing import TypeVar

_Result = TypeVar("_Result")


def within(seconds: float, work: Callable[[], _Result]) -> _Result:
    """Return what some work returns, if it does so in time.

    It runs in a thread of its own; what is late is left to itself, and ends with the process.

    Args:
        seconds: that it gets.
        work: asks a server; nothing else of this process waits for it.

    Raises:
        TimeoutError: the time is up.
        BaseException: whatever the work raises.
    """
    results: list[_Result] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001 - raised below, in the thread that waits
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not results:
        raise TimeoutError
    return results[0]
