"""HTTP: asks a server in a closed or an open loop."""

import asyncio
import importlib
import resource
from collections.abc import Callable

from perfci.model.benchmark import Benchmark
from perfci.model.text import printable
from perfci.model.work import Http
from perfci.ports import Clock
from perfci.runners.http.errors import no_good_answer, too_many_connections
from perfci.runners.http.exchange import Exchange, exchanging
from perfci.runners.http.load import Slice, doubts, due, parts, pool, requests
from perfci.runners.http.phases import Grid, closed_loop, open_loop, undisturbed
from perfci.runners.servers.asking import Tally, Target

_IN_FLIGHT = 512
"""Requests of an open loop under way at most, where `concurrency` does not ask for more."""
_OTHER_FILES = 64
"""Files that perfci itself may have open."""
_WARM_UP = 0.1
"""Share of a launch's load that each warm-up is."""


class HttpClient:
    """Asks for one address again and again.

    Args:
        clock: tells durations.
    """

    def __init__(self, clock: Clock) -> None:
        self._ticks = clock.ticks

    def secret_env(self, benchmark: Benchmark) -> str:
        """Return the name of the variable that holds the bearer token."""
        return _work(benchmark).token_env

    def parts(self, benchmark: Benchmark) -> int:
        """Return into how many parts a launch is cut."""
        return parts(_work(benchmark))

    def warm_up(self, target: Target) -> None:
        """Ask for a tenth of a launch's load by each warm-up, one request at least."""
        work = _work(target.benchmark)
        limit = _files()
        if work.rate is None and work.concurrency > limit - _OTHER_FILES:
            raise too_many_connections(target, work.concurrency, limit)
        share = _WARM_UP * target.benchmark.warmup
        count = max(1, round(requests(work) * share))
        found, _ = self._slice(target, work.duration * share, enough=count, most=count, cold=True)
        _insist(target, found)

    def ask(self, target: Target, tally: Tally, part: int) -> None:
        """Ask for the seconds, or the requests, of one part."""
        work = _work(target.benchmark)
        enough = due(work, part) - tally.asked
        # an earlier part may have had to send this one's requests, too
        if work.rate is None or enough > 0:
            found, redirects = self._slice(
                target,
                work.duration / parts(work),
                enough=enough,
                most=requests(work) - tally.asked,
            )
            if not tally.durations.get("latency"):
                _insist(target, found)
            pool(tally, found)
            tally.account["redirects"] = tally.account.get("redirects", 0) + redirects
        if part == parts(work) - 1:
            name = printable(str(target.benchmark.id))
            tally.warnings += doubts(name, tally)
            if tally.account["redirects"]:
                tally.warnings.append(_redirected(name))

    def _slice(
        self, target: Target, seconds: float, *, enough: int, most: int, cold: bool = False
    ) -> tuple[Slice, int]:
        """Ask without a break; return what came back, and how many answers were redirects."""

        async def asking() -> tuple[Slice, int]:
            async with exchanging(
                target.url, work, secret=target.secret, connections=connections
            ) as exchange:
                if not cold:
                    await _connect(exchange, work)
                with undisturbed():
                    if work.rate is None:
                        found = await closed_loop(
                            exchange,
                            self._ticks,
                            connections=connections,
                            seconds=seconds,
                            patience=work.timeout,
                        )
                    else:
                        grid = Grid(
                            rate=work.rate,
                            enough=enough,
                            most=most,
                            patience=work.timeout,
                            in_flight=connections,
                        )
                        found = await open_loop(exchange, self._ticks, grid)
                return found, exchange.redirects

        work = _work(target.benchmark)
        connections = work.concurrency
        if work.rate is not None:
            connections = max(connections, min(_IN_FLIGHT, _files() // 2))
        with asyncio.Runner(loop_factory=new_loop()) as runner:
            return runner.run(asking())


async def _connect(exchange: Exchange, work: Http) -> None:
    """Open the connections by a request each that does not count: who comes first waits longer."""
    async with asyncio.TaskGroup() as tasks:
        for _ in range(work.concurrency):
            tasks.create_task(exchange(work.timeout))


def new_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return what makes the faster event loop where it is installed; None for Python's own."""
    try:
        faster = importlib.import_module("uvloop")
    except ImportError:
        return None
    make: Callable[[], asyncio.AbstractEventLoop] = faster.new_event_loop
    return make


def _files() -> int:
    """Return how many files this process may have open."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return 1_000_000 if limit == resource.RLIM_INFINITY else limit


def _insist(target: Target, found: Slice) -> None:
    """Refuse a slice of which nothing was good.

    Raises:
        MeasurementError: with what went wrong, and what to do.
    """
    if not found.good:
        work = _work(target.benchmark)
        raise no_good_answer(target, work.method, work.token_env, found.errors)


def _redirected(name: str) -> str:
    return (
        f"{name}: some answers were redirects, which are not followed: what they point at was not"
        " measured; name the final address, or list their status under `status` if they are meant"
    )


def _work(benchmark: Benchmark) -> Http:
    assert isinstance(benchmark.work, Http)  # noqa: S101 - wiring names the client by the work
    return benchmark.work
