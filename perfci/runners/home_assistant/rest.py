"""Home Assistant over REST, one round trip at a time."""

import asyncio
import difflib
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from perfci.model.text import printable
from perfci.ports import Clock
from perfci.runners.home_assistant.failures import (
    Unanswered,
    bad_status,
    no_json,
    timeout,
    too_long,
    unreachable,
    work_of,
)
from perfci.runners.servers.asking import Target

if TYPE_CHECKING:
    from aiohttp import ClientResponse, ClientSession

_LONGEST = 32 * 2**20
"""Bytes of an answer that are read; thousands of entities have a tenth of it."""


class Rest:
    """One connection for requests; what only its first request costs is not measured.

    Args:
        target: who is asked.
        clock: times the round trips.
        session: with the token in its headers.
    """

    def __init__(self, target: Target, clock: Clock, session: "ClientSession") -> None:
        self.target = target
        self.session = session
        self._clock = clock
        self._work = work_of(target.benchmark)
        self._root = target.url.rstrip("/")
        self._open = False

    async def api(self) -> float:
        """Ask whether the interface is there; return the seconds of the round trip.

        Raises:
            Unanswered: there was no good answer.
        """
        return (await self._timed("GET", "/api/"))[0]

    async def states(self) -> float:
        """Ask for the states of all entities; return the seconds of the round trip.

        Raises:
            Unanswered: there was no good answer.
        """
        return (await self._timed("GET", "/api/states"))[0]

    async def call(self) -> float:
        """Call the work's action on its entity; return the seconds of the round trip.

        Raises:
            Unanswered: there was no good answer.
        """
        return (await self._timed("POST", _path(self._work.call), self._data()))[0]

    async def switch(self, state: str) -> None:
        """Switch the work's entity `on` or `off`.

        Raises:
            Unanswered: there was no good answer.
        """
        await self._round_trip("POST", _path(f"homeassistant.turn_{state}"), self._data())

    async def state(self) -> str:
        """Return the state of the work's entity.

        Raises:
            Unanswered: there was no good answer, or there is no such entity.
        """
        entity = self._work.entity
        try:
            found = await self._ask("GET", f"/api/states/{quote(entity, safe='')}")
        except Unanswered as failure:
            if failure.kind == "status 404":
                raise await self._no_entity(failure) from failure
            raise
        return str(found.get("state")) if isinstance(found, dict) else ""

    async def explain_call(self, failure: Unanswered) -> Unanswered:
        """Return why calling the action failed, as far as the list of actions tells."""
        call = printable(self._work.call)
        try:
            known = set(_actions(await self._ask("GET", "/api/services")))
        except Unanswered:
            return failure
        if self._work.call in known:
            return Unanswered(
                failure.kind,
                f"could not call {call}",
                after=f": {failure}",
                hint=f"does it take {printable(self._work.entity) or 'no entity'}? "
                "Home Assistant's own log says more",
                output=failure.output,
            )
        return Unanswered(
            failure.kind,
            f"asks for the action {call}, which Home Assistant does not have",
            hint=_nearest(self._work.call, known)
            or "Developer tools, Actions, lists those that it has",
        )

    async def _no_entity(self, failure: Unanswered) -> Unanswered:
        # where the whole interface is missing, this says so instead
        known = set(_entities(await self._ask("GET", "/api/states")))
        return Unanswered(
            failure.kind,
            f"asks for {printable(self._work.entity)}, which Home Assistant does not have",
            hint=_nearest(self._work.entity, known)
            or "Developer tools, States, lists the entities that it has",
        )

    def _data(self) -> dict[str, str]:
        return {"entity_id": self._work.entity} if self._work.entity else {}

    async def _timed(self, method: str, path: str, body: Any = None) -> tuple[float, Any]:
        if not self._open:
            # a failure here is met again at once, in the round trip that counts
            with suppress(Unanswered):
                await self._round_trip("GET", "/api/")
        self._open = False
        answer = await self._round_trip(method, path, body)
        self._open = True
        return answer

    async def _ask(self, method: str, path: str) -> Any:
        return (await self._round_trip(method, path))[1]

    async def _round_trip(self, method: str, path: str, body: Any = None) -> tuple[float, Any]:
        import aiohttp

        trip = f"{method} {path}"
        try:
            async with asyncio.timeout(self._work.timeout):
                begun = self._clock.ticks()
                async with self.session.request(
                    method, self._root + path, json=body, allow_redirects=False
                ) as response:
                    said = await self._whole(response, trip)
                    seconds = self._clock.ticks() - begun
        except TimeoutError as error:
            raise timeout(self.target, trip, self._work.timeout) from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise unreachable(self.target, error) from error
        if response.status not in {200, 201}:
            to = response.headers.get("Location", "")
            raise bad_status(self.target, trip, response.status, said, to)
        try:
            return seconds, json.loads(said)
        except (ValueError, RecursionError) as error:
            raise no_json(self.target, trip, said) from error

    async def _whole(self, response: "ClientResponse", trip: str) -> bytes:
        parts = bytearray()
        async for part in response.content.iter_any():
            parts += part
            if len(parts) > _LONGEST:
                raise too_long(self.target, trip, _LONGEST)
        return bytes(parts)


@asynccontextmanager
async def open_rest(target: Target, clock: Clock) -> AsyncIterator[Rest]:
    """Open a session that is let in by the target's token."""
    import aiohttp

    headers = {"Authorization": f"Bearer {target.secret}"}
    # every round trip has its own limit
    unlimited = aiohttp.ClientTimeout(total=None, connect=None, sock_connect=None, sock_read=None)
    async with aiohttp.ClientSession(headers=headers, timeout=unlimited) as session:
        yield Rest(target, clock, session)


def _path(action: str) -> str:
    return f"/api/services/{action.replace('.', '/', 1)}"


def _actions(services: Any) -> Iterator[str]:
    for each in services if isinstance(services, list) else ():
        if isinstance(each, dict) and isinstance(each.get("services"), dict):
            yield from (f"{each.get('domain')}.{name}" for name in each["services"])


def _entities(states: Any) -> Iterator[str]:
    for each in states if isinstance(states, list) else ():
        if isinstance(each, dict):
            yield str(each.get("entity_id"))


def _nearest(name: str, known: set[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), n=1)
    return f"did you mean {printable(near[0], limit=100)}?" if near else ""
