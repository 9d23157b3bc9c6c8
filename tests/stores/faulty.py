"""A line to a real or a fake server that spoils what comes over it, as a test says."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from threading import Event

from tests.stores.s3.scripted import Answer, Request, Scripted, error, forwarded, scripted

Onward = Callable[[], Answer]
"""Asks the server behind the line."""
Fault = Callable[[Request, Onward], Answer]


@dataclass(slots=True)
class Line:
    """Lets everything through until it is given a fault."""

    url: str
    fault: Fault
    requests: list[Request]
    over: Event
    """Set when the test has ended: whoever still waits here may go."""


@contextmanager
def line_to(server: str) -> Iterator[Line]:
    """Stand before a server until the block ends."""

    def script(request: Request) -> Answer:
        return found.fault(request, lambda: forwarded(server, request))

    stage: Scripted
    with scripted(script) as stage:
        found = Line(stage.url, sound, stage.requests, Event())
        try:
            yield found
        finally:
            found.over.set()


def sound(_: Request, onward: Onward) -> Answer:
    """Spoil nothing."""
    return onward()


def always(answer: Answer) -> Fault:
    """Answer in the place of the server."""
    return lambda _request, _onward: answer


def writes(fault: Fault) -> Fault:
    """Spoil what changes something: for S3, git and the forges alike."""

    def run(request: Request, onward: Onward) -> Answer:
        reads = request.method in {"GET", "HEAD"} or "git-upload-pack" in request.path
        spoilt = not reads or "git-receive-pack" in request.path
        return fault(request, onward) if spoilt else onward()

    return run


def now_and_then(fault: Fault, every: int) -> Fault:
    """Spoil every second, third, ... request."""
    numbers = count(1)
    return lambda request, onward: onward() if next(numbers) % every else fault(request, onward)


def until(over: Event) -> Fault:
    """Say nothing until it is over."""

    def run(_: Request, _onward: Onward) -> Answer:
        over.wait(120)
        return Answer(lost=True)

    return run


def cut(_: Request, onward: Onward) -> Answer:
    """Break the connection off in the middle of what is sent."""
    answer = onward()
    return replace(answer, cut=len(answer.body) // 2)


def late(seconds: float) -> Fault:
    """Let every answer wait."""

    def run(_: Request, onward: Onward) -> Answer:
        time.sleep(seconds)
        return onward()

    return run


def dated(date: str) -> Fault:
    """Let the server's clock say something else."""

    def run(_: Request, onward: Onward) -> Answer:
        answer = onward()
        return replace(answer, headers={**answer.headers, "Date": date})

    return run


TROUBLE = always(error(500, "InternalError", "We encountered an internal error."))
BUSY = always(error(503, "SlowDown", "Please reduce your request rate."))
