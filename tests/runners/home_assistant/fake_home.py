"""A Home Assistant that speaks the documented interfaces, and misbehaves where a test says so."""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from aiohttp import WSMsgType, web

TOKEN = "eyJfake.long-lived.token_0123456789"
STATES = {
    "input_boolean.bench": "off",
    "input_boolean.other": "on",
    "input_number.level": "3.0",
    "zone.home": "0",
}
SERVICES = {
    "homeassistant": ("turn_on", "turn_off", "restart"),
    "input_boolean": ("turn_on", "turn_off", "toggle"),
    "input_number": ("increment", "decrement"),
}

Hook = Callable[[Any], Awaitable[Any]]


class FakeHome:
    """What it knows, what happened to it, and what it does instead of answering.

    `instead["GET /api/"]` is given the request and returns a response, or None to go on as usual;
    `instead["ping"]` is given a WebSocket's `Line`, and answers by itself unless it returns None.
    """

    def __init__(self) -> None:
        self.url = ""
        self.token = TOKEN
        self.states = dict(STATES)
        self.diary: list[str] = []
        self.instead: dict[str, Hook] = {}
        self.lag: dict[str, float] = {}
        """Seconds after which the change of a context is told."""
        self.hasty = False
        """Whether a call's result does not wait until its change is told."""
        self.lines: list[Line] = []
        self._contexts = count(1)

    def state(self, entity: str) -> str:
        return self.states[entity]

    def act(self, domain: str, action: str, entity: str) -> str:
        """Change a state as the action does, tell who listens; return the context's id."""
        old = self.states.get(entity)
        context = f"context-{next(self._contexts)}"
        match action:
            case "toggle":
                new = "off" if old == "on" else "on"
            case "turn_on" | "turn_off":
                new = action.removeprefix("turn_")
            case "increment" if domain == entity.partition(".")[0]:
                new = str(float(old or 0) + 1)
            case _:
                new = old or ""
        if old is not None and new != old:
            self.states[entity] = new
            self.tell(entity, context)
        return context

    def tell(self, entity: str, context: str) -> None:
        for line in self.lines:
            line.change(entity, context)

    def shown(self, entity: str) -> dict[str, Any]:
        return {"entity_id": entity, "state": self.states[entity], "attributes": {}}

    def app(self) -> web.Application:
        app = web.Application(middlewares=[self._door])
        app.router.add_get("/api/", self._api)
        app.router.add_get("/api/states", self._states)
        app.router.add_get("/api/states/{entity}", self._state)
        app.router.add_get("/api/services", self._services)
        app.router.add_post("/api/services/{domain}/{action}", self._call)
        app.router.add_get("/api/websocket", self._websocket)
        return app

    @web.middleware
    async def _door(self, request: web.Request, handler: Hook) -> web.StreamResponse:
        trip = f"{request.method} {request.path}"
        self.diary.append(trip)
        socket = request.path.endswith("/websocket")
        if not socket and request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.Response(status=401, text="401: Unauthorized")
        if trip in self.instead:
            response: web.StreamResponse | None = await self.instead[trip](request)
            if response is not None:
                return response
        answer: web.StreamResponse = await handler(request)
        return answer

    async def _api(self, request: web.Request) -> web.Response:
        return web.json_response({"message": "API running."})

    async def _states(self, request: web.Request) -> web.Response:
        return web.json_response([self.shown(entity) for entity in self.states])

    async def _state(self, request: web.Request) -> web.Response:
        entity = request.match_info["entity"]
        if entity not in self.states:
            return web.json_response({"message": "Entity not found."}, status=404)
        return web.json_response(self.shown(entity))

    async def _services(self, request: web.Request) -> web.Response:
        return web.json_response(
            [
                {"domain": domain, "services": {name: {"fields": {}} for name in names}}
                for domain, names in SERVICES.items()
            ]
        )

    async def _call(self, request: web.Request) -> web.Response:
        domain, action = request.match_info["domain"], request.match_info["action"]
        data = await request.json()
        if action not in SERVICES.get(domain, ()):
            return web.Response(status=400, text="400: Bad Request")
        entity = data.get("entity_id", "")
        self.act(domain, action, entity)
        return web.json_response([self.shown(entity)] if entity in self.states else [])

    async def _websocket(self, request: web.Request) -> web.WebSocketResponse:
        line = Line(self)
        await line.socket.prepare(request)
        self.lines.append(line)
        try:
            await line.talk()
        finally:
            self.lines.remove(line)
        return line.socket


class Line:
    """One WebSocket, from the server's end."""

    def __init__(self, home: FakeHome) -> None:
        self.home = home
        self.socket = web.WebSocketResponse()
        self.subscription: int | None = None
        self.message: dict[str, Any] = {}
        self._told: set[asyncio.Task[None]] = set()

    async def say(self, **message: Any) -> None:
        await self.socket.send_str(json.dumps(message))

    async def result(self, **result: Any) -> None:
        await self.say(id=self.message["id"], type="result", success=True, result=result or None)

    def change(self, entity: str, context: str) -> None:
        if self.subscription is not None:
            task = asyncio.ensure_future(self.changed(entity, context))
            self._told.add(task)
            task.add_done_callback(self._told.discard)

    async def changed(self, entity: str, context: str) -> None:
        await asyncio.sleep(self.home.lag.get(context, 0))
        self.home.diary.append(f"told {context}")
        event = {
            "event_type": "state_changed",
            "data": {"entity_id": entity, "new_state": self.home.shown(entity)},
            "context": {"id": context, "parent_id": None, "user_id": "1"},
        }
        await self.say(id=self.subscription, type="event", event=event)

    async def talk(self) -> None:
        await self.say(type="auth_required", ha_version="2024.3.3")
        async for frame in self.socket:
            if frame.type is not WSMsgType.TEXT:
                return
            self.message = json.loads(frame.data)
            kind = self.message["type"]
            self.home.diary.append(kind)
            if kind in self.home.instead and await self.home.instead[kind](self) is not None:
                continue
            await getattr(self, f"_{kind}")()

    async def _auth(self) -> None:
        if self.message["access_token"] == TOKEN:
            await self.say(type="auth_ok", ha_version="2024.3.3")
        else:
            await self.say(type="auth_invalid", message="Invalid access token or password")
            await self.socket.close()

    async def _ping(self) -> None:
        await self.say(id=self.message["id"], type="pong")

    async def _subscribe_events(self) -> None:
        self.subscription = self.message["id"]
        await self.result()

    async def _call_service(self) -> None:
        domain, action = self.message["domain"], self.message["service"]
        if action not in SERVICES.get(domain, ()):
            error = {"code": "not_found", "message": f"Service {domain}.{action} not found."}
            await self.say(id=self.message["id"], type="result", success=False, error=error)
            return
        context = self.home.act(domain, action, self.message["service_data"]["entity_id"])
        if not self.home.hasty:
            await asyncio.gather(*self._told)
        await self.result(context={"id": context})


@contextmanager
def fake_home() -> Iterator[FakeHome]:
    """Serve one on a free port of 127.0.0.1, in a thread of its own."""
    home, ready, stop = FakeHome(), threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        runner = web.AppRunner(home.app(), shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        home.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        ready.set()
        await stop.wait()
        await runner.cleanup()

    def run() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(serve())

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert ready.wait(10)
        yield home
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
