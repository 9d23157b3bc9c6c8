"""Home Assistant over its WebSocket, one round trip at a time."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from perfci.ports import Clock
from perfci.runners.home_assistant.failures import (
    Unanswered,
    bad_status,
    closed,
    no_entry,
    no_json,
    refused,
    timeout,
    unchanged,
    unreachable,
    work_of,
)
from perfci.runners.servers.asking import Target

if TYPE_CHECKING:
    from aiohttp import ClientSession, ClientWebSocketResponse

_GOODBYE = 1.0
"""Seconds that the server gets to close its end."""
_DOOR = "open the WebSocket"
_PONG = "a ping"
_CHANGE = "the change"
_Note = Callable[[float, dict[str, Any]], None]


class Socket:
    """One WebSocket; it is opened when it is first needed, and again after a failure.

    Args:
        target: who is asked.
        clock: times the round trips.
        session: what opens it.
    """

    def __init__(self, target: Target, clock: Clock, session: "ClientSession") -> None:
        self._target = target
        self._clock = clock
        self._session = session
        self._work = work_of(target.benchmark)
        self._socket: ClientWebSocketResponse | None = None
        self._count = 0
        self._waits = ""
        self._others = 0

    @property
    def listens(self) -> bool:
        """Return whether it is open, so that no change is missed."""
        return self._socket is not None

    async def ping(self) -> float:
        """Send a ping; return the seconds until the pong.

        Raises:
            Unanswered: none came.
        """
        return await self._round_trip(self._ping)

    async def event(self, *, settle: bool) -> float:
        """Call the work's action; return the seconds until the entity's change that it caused.

        Args:
            settle: whether the change by an earlier call is awaited before.

        Raises:
            Unanswered: the action failed, or no change came.
        """

        async def settled() -> float:
            if settle:
                await self._settle()
            return await self._event()

        return await self._round_trip(settled)

    async def close(self) -> None:
        """Close it; safe to call twice."""
        socket, self._socket = self._socket, None
        if socket is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(_GOODBYE):
                    await socket.close()

    async def _round_trip(self, ask: Callable[[], Awaitable[float]]) -> float:
        """Ask on an open socket; after a failure there is none."""
        import aiohttp

        try:
            if self._socket is None:
                async with asyncio.timeout(self._work.timeout):
                    await self._open()
            async with asyncio.timeout(self._work.timeout):
                return await ask()
        except BaseException as error:
            await self.close()
            if isinstance(error, TimeoutError):
                raise self._late() from error
            if isinstance(error, aiohttp.WSServerHandshakeError):
                raise bad_status(self._target, _DOOR, error.status, b"", "") from error
            if isinstance(error, ConnectionResetError):
                raise closed(self._target, self._waits, "", "") from error
            if isinstance(error, aiohttp.ClientError | OSError):
                raise unreachable(self._target, error) from error
            raise

    def _late(self) -> Unanswered:
        if self._waits == _CHANGE:
            return unchanged(self._target, self._work.timeout)
        return timeout(self._target, self._waits, self._work.timeout, others=self._others)

    async def _open(self) -> None:
        self._waits = _DOOR
        address = f"{self._target.url.rstrip('/')}/api/websocket"
        self._socket = await self._session.ws_connect(address)
        self._count = 0
        hello = (await self._receive())[1]
        if hello.get("type") == "auth_required":
            await self._send({"type": "auth", "access_token": self._target.secret})
            hello = (await self._receive())[1]
        if hello.get("type") == "auth_invalid":
            raise no_entry(self._target, f"auth_invalid: {hello.get('message', '')}")
        if hello.get("type") != "auth_ok":
            raise no_json(self._target, _DOOR, json.dumps(hello).encode())
        if self._work.call and self._work.entity:
            await self._command(type="subscribe_events", event_type="state_changed")
            await self._result()

    async def _ping(self) -> float:
        self._waits = _PONG
        begun = self._clock.ticks()
        await self._command(type="ping")
        at, message = await self._answer()
        if message.get("type") != "pong":
            raise refused(self._target, _PONG, message.get("error"))
        return at - begun

    async def _settle(self) -> None:
        self._waits = _CHANGE
        while _changed((await self._receive())[1]) != self._work.entity:
            pass

    async def _event(self) -> float:
        """Return the seconds from a call to the change that bears its context."""
        self._waits = self._work.call
        domain, _, name = self._work.call.partition(".")
        begun = self._clock.ticks()
        await self._command(
            type="call_service",
            domain=domain,
            service=name,
            service_data={"entity_id": self._work.entity},
        )
        seen: dict[str, float] = {}

        def note(at: float, message: dict[str, Any]) -> None:
            if _changed(message) == self._work.entity:
                seen.setdefault(str(_inside(message, "event", "context", "id")), at)

        # the change comes before the result, which alone tells whose change is meant
        cause = str(_inside(await self._result(note), "result", "context", "id"))
        self._waits = _CHANGE
        while cause not in seen:
            note(*await self._receive())
        return seen[cause] - begun

    async def _command(self, **command: object) -> None:
        self._count += 1
        self._others = 0
        await self._send({"id": self._count, **command})

    async def _result(self, note: _Note | None = None) -> dict[str, Any]:
        """Return the result of the last command."""
        message = (await self._answer(note))[1]
        if not message.get("success"):
            raise refused(self._target, self._waits, message.get("error"))
        return message

    async def _answer(self, note: _Note | None = None) -> tuple[float, dict[str, Any]]:
        """Return when the answer to the last command came, and what it says.

        Args:
            note: is given what comes before it.
        """
        while True:
            at, message = await self._receive()
            if message.get("id") == self._count and message.get("type") != "event":
                return at, message
            if note:
                note(at, message)

    async def _send(self, message: dict[str, Any]) -> None:
        assert self._socket is not None  # noqa: S101 - a round trip opens it first
        await self._socket.send_str(json.dumps(message))

    async def _receive(self) -> tuple[float, dict[str, Any]]:
        """Return when the next message came, on the clock, and what it says."""
        import aiohttp

        assert self._socket is not None  # noqa: S101 - a round trip opens it first
        frame = await self._socket.receive()
        at = self._clock.ticks()
        if frame.type not in {aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY}:
            reason = frame.extra or (frame.data if frame.type is aiohttp.WSMsgType.ERROR else "")
            raise closed(self._target, self._waits, self._socket.close_code, reason)
        try:
            message = json.loads(frame.data)
        except (ValueError, RecursionError):
            message = None
        if not isinstance(message, dict):
            said = frame.data if isinstance(frame.data, bytes) else frame.data.encode()
            raise no_json(self._target, self._waits, said)
        self._others += 1
        return at, message


def _changed(message: dict[str, Any]) -> object:
    """Return the entity whose change a message tells; None where it tells none."""
    if _inside(message, "event", "event_type") != "state_changed":
        return None
    return _inside(message, "event", "data", "entity_id")


def _inside(message: object, *path: str) -> object:
    """Return what stands deep inside a message; None where it does not."""
    for name in path:
        message = message.get(name) if isinstance(message, dict) else None
    return message
