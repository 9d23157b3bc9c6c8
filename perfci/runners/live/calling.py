"""Calls of the user's own functions, each on the thread where it belongs, and none for ever."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from perfci.runners.live.driving import (
    Call,
    Raised,
    Taking,
    awaited,
    consumed,
    drive,
    drive_in_loop,
    is_async,
    needs_loop,
)
from perfci.runners.live.stop import Stop

_GRACE = 1.0
"""Seconds in which what is cancelled in an event loop should have ended."""


class Hung(Exception):  # noqa: N818 - told in other words by whoever knows the benchmark
    """A call did not end in time."""

    def __init__(self, *, left: bool) -> None:
        """Say whether it still runs: what runs in a thread cannot be ended."""
        super().__init__("hung")
        self.left = left


@dataclass(slots=True)
class Job:
    """A taking under way."""

    answers: SimpleQueue[Callable[[], Any]] = field(default_factory=SimpleQueue)
    """One function: returns the value, or raises what went wrong."""
    task: asyncio.Task[Any] | None = None
    """In the event loop."""
    pending: Future[object] | None = None
    """What the thread waits for that the event loop has to bring."""

    def answer(self, found: Callable[[], Any]) -> None:
        """End it."""
        self.answers.put(found)


class Caller:
    """Has functions called: what is awaited in the event loop, all else in a thread of its own.

    Args:
        loop: where the user's async functions are at home; None where there is none.
        stop: ends whatever waits.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop | None, stop: Stop) -> None:
        self._loop = loop
        self._stop = stop
        self._in_loop: dict[int, bool] = {}
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread: Thread | None = None
        self._lost = False

    def take(self, taking: Taking[Any], call: Call, limit: float) -> Any:
        """Take a value.

        Args:
            taking: how.
            call: what is called.
            limit: seconds that it may take.

        Raises:
            Raised: the callable raised.
            Hung: it did not end in time.
            KeyboardInterrupt: it is to stop.
        """
        return self.finish(self.start(taking, call), limit)

    def start(self, taking: Taking[Any], call: Call) -> Job:
        """Begin to take a value; `finish` has to follow."""
        job = Job()
        if self._loop is not None and self._in_loop.setdefault(id(call), is_async(call)):
            self._start_in_loop(self._loop, job, taking, call)
        else:
            self._start_in_thread(job, taking, call)
        return job

    def finish(self, job: Job, limit: float) -> Any:
        """Return what was taken; see `take`."""
        with self._stop.waking(lambda: job.answer(_interrupted)):
            try:
                return job.answers.get(timeout=max(limit, 0.0))()
            except Empty:
                raise Hung(left=not self._cancelled(job)) from None
            except KeyboardInterrupt:
                self._cancelled(job)
                raise

    def close(self) -> None:
        """Let the thread end as soon as nothing runs in it; safe to call twice."""
        if self._thread is not None:
            self._jobs.put(None)
            if not self._lost:
                self._thread.join(_GRACE)
            self._thread = None

    def _cancelled(self, job: Job) -> bool:
        """End what can be ended; tell whether nothing of it is left."""
        try:
            if job.pending is not None:
                job.pending.cancel()
            elif job.task is not None and self._loop is not None:
                self._loop.call_soon_threadsafe(job.task.cancel)
            else:
                self._lost = True
                return False
            job.answers.get(timeout=_GRACE)
        except (Empty, RuntimeError):  # it clings to life, or its loop is gone
            self._lost = True
            return False
        return True

    def _start_in_loop(
        self, loop: asyncio.AbstractEventLoop, job: Job, taking: Taking[Any], call: Call
    ) -> None:
        def start() -> None:
            job.task = loop.create_task(drive_in_loop(taking, call))
            job.task.add_done_callback(lambda task: job.answer(_result_of(task)))

        try:
            loop.call_soon_threadsafe(start)
        except RuntimeError:  # it was closed
            taking.close()
            job.answer(_interrupted)

    def _start_in_thread(self, job: Job, taking: Taking[Any], call: Call) -> None:
        if self._thread is None:
            target = copy_context().run
            self._thread = Thread(target=target, args=(self._serve,), name="perfci", daemon=True)
            self._thread.start()

        def work() -> None:
            try:
                value = drive(taking, call, lambda found: self._finished(job, call, found))
            except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
                job.answer(_raising(error))
            else:
                job.answer(lambda: value)

        self._jobs.put(work)

    def _serve(self) -> None:
        while (work := self._jobs.get()) is not None:
            work()

    def _finished(self, job: Job, call: Call, found: object) -> object:
        """Return what a call came to; what has to be awaited is, where async functions live."""
        if not needs_loop(found):
            return consumed(found)
        if self._loop is None:
            return asyncio.run(awaited(found))
        # from now on, call and wait at once in the loop: no hand-over is timed
        self._in_loop[id(call)] = True
        job.pending = asyncio.run_coroutine_threadsafe(awaited(found), self._loop)
        try:
            return job.pending.result()
        finally:
            job.pending = None


def _interrupted() -> Any:
    raise KeyboardInterrupt


def _raising(error: BaseException) -> Callable[[], Any]:
    def found() -> Any:
        raise error

    return found


def _result_of(task: "asyncio.Task[Any]") -> Callable[[], Any]:
    if task.cancelled():
        return _raising(Raised(asyncio.CancelledError()))
    error = task.exception()
    return task.result if error is None else _raising(error)
