"""Round trips to a Home Assistant: cycles of REST and WebSocket, each answer timed."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from perfci.model.benchmark import Benchmark
from perfci.model.text import printable
from perfci.model.work import HomeAssistant
from perfci.ports import Clock
from perfci.runners.home_assistant.failures import Unanswered, no_token, work_of
from perfci.runners.home_assistant.rest import Rest, open_rest
from perfci.runners.home_assistant.socket import Socket
from perfci.runners.home_assistant.state import kept
from perfci.runners.http.phases import undisturbed
from perfci.runners.servers.asking import Tally, Target

_PARTS = 5
"""Turns that the sides take at most in one launch."""
_NOT_CALLED = {"status 400", "status 404", "status 500", "not done"}
"""How a call fails that the list of actions may explain."""


@dataclass(slots=True, kw_only=True)
class _Cycle:
    """What one cycle's round trips gave, in the order in which they were made."""

    seconds: dict[str, float] = field(default_factory=dict)
    failures: dict[str, Unanswered] = field(default_factory=dict)

    async def attempt(self, metric: str, trip: Callable[[], Awaitable[float]]) -> bool:
        """Make one round trip; return whether it gave a good answer."""
        try:
            self.seconds[metric] = await trip()
        except Unanswered as failure:
            self.failures[metric] = failure
        return metric in self.seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    work: HomeAssistant
    rest: Rest
    socket: Socket

    async def cycle(self) -> _Cycle:
        """Make every round trip once; one that fails does not keep the next from being made."""
        work, done = self.work, _Cycle()
        await done.attempt("ha_api", self.rest.api)
        await done.attempt("ha_states", self.rest.states)
        await done.attempt("ha_ping", self.socket.ping)
        if work.call:
            listening = self.socket.listens
            called = await done.attempt("ha_call", self.rest.call)
            if work.entity:
                settle = called and listening
                await done.attempt("ha_event", lambda: self.socket.event(settle=settle))
        return done


class HomeAssistantClient:
    """Asks a Home Assistant over REST and WebSocket, as its own interfaces are documented.

    Args:
        clock: times the round trips.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def secret_env(self, benchmark: Benchmark) -> str:
        """Return the name of the variable that holds the access token."""
        return work_of(benchmark).token_env

    def parts(self, benchmark: Benchmark) -> int:
        """Return into how many parts a launch's cycles are cut; see `Client.parts`."""
        return min(_PARTS, work_of(benchmark).requests)

    def warm_up(self, target: Target) -> None:
        """Make every round trip once; see `Client.warm_up`."""
        _run(target, self._warm_up(target))

    def ask(self, target: Target, tally: Tally, part: int) -> None:
        """Make one part of a launch's cycles; see `Client.ask`."""
        with undisturbed():
            _run(target, self._ask(target, tally, part))
        if part == self.parts(target.benchmark) - 1:
            _insist_on_answers(target, tally)

    async def _warm_up(self, target: Target) -> None:
        async with self._line(target, Tally()) as line:
            failures = (await line.cycle()).failures
            for metric, failure in failures.items():
                if metric in {"ha_call", "ha_event"} and failure.kind in _NOT_CALLED:
                    raise await line.rest.explain_call(failure)
                raise failure

    async def _ask(self, target: Target, tally: Tally, part: int) -> None:
        cycles = _share(work_of(target.benchmark).requests, self.parts(target.benchmark), part)
        async with self._line(target, tally) as line:
            for _ in range(cycles):
                done = await line.cycle()
                _enter(done, tally)
                if not done.seconds:
                    raise next(iter(done.failures.values()))

    @asynccontextmanager
    async def _line(self, target: Target, tally: Tally) -> AsyncIterator[_Line]:
        """Open both connections; in the end the entity is put back, and both are closed."""
        async with open_rest(target, self._clock) as rest:
            socket = Socket(target, self._clock, rest.session)
            try:
                async with kept(rest, work_of(target.benchmark), tally):
                    yield _Line(work=work_of(target.benchmark), rest=rest, socket=socket)
            finally:
                await socket.close()


def _run(target: Target, doing: Coroutine[None, None, None]) -> None:
    """Run one conversation to its end.

    Raises:
        MeasurementError: nobody is there, or nobody answers as Home Assistant does.
    """
    try:
        asyncio.run(_bounded(target, doing))
    except Unanswered as failure:
        raise target.subject.error(
            failure.what, after=failure.after, hint=failure.hint, output=failure.output
        ) from failure


async def _bounded(target: Target, doing: Coroutine[None, None, None]) -> None:
    limit = target.benchmark.timeout
    if not re.fullmatch(r"[!-~]+", target.secret):
        doing.close()
        raise no_token(target)
    try:
        async with asyncio.timeout(limit):
            await doing
    except TimeoutError as error:
        raise Unanswered(
            "timeout",
            f"did not end its round trips to {printable(target.url)}",
            after=f" within {limit:g} s",
            hint="raise the benchmark's `timeout`, or ask for fewer `requests`",
        ) from error


def _share(requests: int, parts: int, part: int) -> int:
    """Return how many of all cycles are one part's."""
    return requests // parts + (part < requests % parts)


def _enter(done: _Cycle, tally: Tally) -> None:
    for metric, seconds in done.seconds.items():
        tally.took(metric, seconds)
    if not done.failures:
        tally.took("ha_integration", sum(done.seconds.values()))
    tally.asked += len(done.seconds) + len(done.failures)
    tally.errors.update(f"{metric}: {it.kind}" for metric, it in done.failures.items())


def _insist_on_answers(target: Target, tally: Tally) -> None:
    """A metric without a single good answer is no measurement, and its reader is told why."""
    if tally.durations.get("ha_integration"):
        return
    counted = ", ".join(f"{kind} ({number})" for kind, number in tally.errors.most_common())
    raise target.subject.error(
        "had no cycle in which every round trip was answered",
        after=f": {counted}",
        hint="Home Assistant's own log says more; `home_assistant.requests` sets how many are made",
    )
