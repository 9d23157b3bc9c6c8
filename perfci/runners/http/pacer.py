"""Waits for an instant to some 10 us: event loops by themselves round to milliseconds."""

import asyncio
import ctypes
import os
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

_MONOTONIC = 1
_NANO = 1_000_000_000


class _TimerSpec(ctypes.Structure):
    _fields_ = (
        ("interval_seconds", ctypes.c_long),
        ("interval_nanoseconds", ctypes.c_long),
        ("seconds", ctypes.c_long),
        ("nanoseconds", ctypes.c_long),
    )


class Pacer:
    """Lets one coroutine at a time wait for an instant; to be entered inside a running loop.

    A timer of the kernel (`timerfd`) wakes the loop; where there is none, the loop's own does,
    about a millisecond late.

    Args:
        ticks: seconds on a clock that never jumps.
        kernel: False to do without the kernel's timer.
    """

    def __init__(self, ticks: Callable[[], float], *, kernel: bool = True) -> None:
        self._ticks = ticks
        self._loop = asyncio.get_running_loop()
        self._waiter: asyncio.Future[None] | None = None
        self._spec = _TimerSpec()
        self._libc = ctypes.CDLL(None)
        self._create = getattr(self._libc, "timerfd_create", None) if kernel else None
        self._handle = -1

    def __enter__(self) -> Self:
        if self._create is not None:
            self._handle = self._create(_MONOTONIC, os.O_NONBLOCK | os.O_CLOEXEC)
        if self._handle >= 0:
            self._loop.add_reader(self._handle, self._rang)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._handle >= 0:
            self._loop.remove_reader(self._handle)
            os.close(self._handle)
            self._handle = -1

    async def until(self, instant: float) -> None:
        """Return as soon as an instant has come, never before; let others run in any case."""
        left = instant - self._ticks()
        if left <= 0.0:
            await asyncio.sleep(0)
        while left > 0.0:
            await self._sleep(left)
            left = instant - self._ticks()

    async def _sleep(self, seconds: float) -> None:
        self._waiter = self._loop.create_future()
        if self._handle < 0:
            bell = self._loop.call_later(seconds, self._wake)
            try:
                await self._waiter
            finally:
                bell.cancel()
            return
        # 0 would switch the timer off
        self._spec.seconds, self._spec.nanoseconds = divmod(max(1, int(seconds * _NANO)), _NANO)
        self._libc.timerfd_settime(self._handle, 0, ctypes.byref(self._spec), None)
        await self._waiter

    def _rang(self) -> None:
        with suppress(BlockingIOError):
            os.read(self._handle, 8)
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
