"""Answers perfci's orders, one at a time."""

from __future__ import annotations

import atexit
import gc
import json
import os
import sys
from contextlib import suppress
from typing import Any

from .loading import modules
from .memory import allocations, peak
from .reading import File
from .refusal import Refused, trimmed
from .work import Work


class Gone(Exception):  # noqa: N818 - no error: perfci has no more orders
    """Perfci is not there any more."""


class Channel:
    """The two pipes; opened again by their names where the function has closed them."""

    def __init__(self, orders: str, answers: str) -> None:
        self._names = orders, answers
        self._orders = File(orders, os.O_RDONLY)
        self._answers = File(answers, os.O_WRONLY)
        self._buffer = b""

    def order(self) -> dict[str, Any] | None:
        """Return the next order; None where there will be none."""
        while b"\n" not in self._buffer:
            if not self._orders.is_ours():
                self._orders = File(self._names[0], os.O_RDONLY | os.O_NONBLOCK)
                os.set_blocking(self._orders.handle, True)
            part = os.read(self._orders.handle, 65536)
            if not part:
                return None
            self._buffer += part
        line, _, self._buffer = self._buffer.partition(b"\n")
        order: dict[str, Any] = json.loads(line)
        return order

    def answer(self, answer: dict[str, Any]) -> None:
        """Send an answer.

        Raises:
            Gone: nobody reads it.
        """
        rest = json.dumps(answer).encode() + b"\n"
        try:
            if not self._answers.is_ours():
                self._answers = File(self._names[1], os.O_WRONLY | os.O_NONBLOCK)
                os.set_blocking(self._answers.handle, True)
            while rest:
                rest = rest[os.write(self._answers.handle, rest) :]
        except OSError as error:
            raise Gone from error


class Servant:
    """Does what is ordered."""

    def __init__(self) -> None:
        self.work: Work | None = None

    def answer(self, order: dict[str, Any]) -> dict[str, Any]:
        """Return what is asked for.

        Raises:
            Refused: the user has to be told something.
        """
        if order["do"] == "load":
            self.work = Work(order)
            return {}
        if order["do"] == "files":
            return {"files": modules()}
        assert self.work is not None  # noqa: S101 - loading comes first
        if order["do"] == "setup":
            self.work.set_up()
            return {}
        if order["do"] == "teardown":
            self.work.teardown()
            return {}
        try:
            return _measured(self.work, order)
        except Refused:
            raise
        except BaseException as error:  # the project's code may raise anything, SystemExit too
            raise Refused("call", trimmed(error)) from error

    def leave(self) -> None:
        """Tear down where nobody has asked for it: measuring has failed, or was interrupted."""
        try:
            if self.work is not None:
                self.work.teardown()
        except Refused:
            pass  # what went wrong first is told


def _measured(work: Work, order: dict[str, Any]) -> dict[str, Any]:
    if order["do"] == "first":
        return work.first()
    if order["do"] == "calibrate":
        return work.calibrate()
    if order["do"] == "peak":
        if order["warm"]:
            work.call()
        gc.collect()
        return {"peak": peak(work.call)}
    if order["do"] == "allocations":
        return allocations(work.call)
    if order["do"] == "checksum":
        return {"checksum": work.checksum()}
    return work.sample(order["inner"], order["batches"])


def serve(orders: str, answers: str, version: str) -> None:
    """Serve until the orders end, then end the process."""
    channel, servant, mine = Channel(orders, answers), Servant(), os.getpid()
    try:
        channel.answer({"version": version, "old": False})
        while True:
            order = channel.order()
            if order is None:
                break
            try:
                answer = servant.answer(order)
            except Refused as refused:
                answer = refused.answer
            if os.getpid() != mine:  # the function forked, and its child has come this far
                os._exit(0)
            _flush()
            channel.answer(answer)
    except Gone:
        pass
    servant.leave()
    # no thread is waited for that the function has left running
    atexit._run_exitfuncs()  # noqa: SLF001 - there is no other way to have them run
    _flush()
    os._exit(0)


def _flush() -> None:
    """Write out what the function has printed: perfci reads it where something goes wrong."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):  # the function may have put anything there
            stream.flush()
