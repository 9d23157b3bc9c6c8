"""A model's server of known truth, in both dialects, that can misbehave in every way."""

import asyncio
import json
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

_TLS = b"\x16"
"""First byte of who wants to speak TLS."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any
    at: float
    """When it had come, on a clock that never jumps."""

    @property
    def prompt(self) -> str:
        return str(self.body["messages"][0]["content"])


class Out:
    """What the server's connection takes."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    async def begin(
        self, status: int = 200, kind: str = "text/event-stream", **headers: str
    ) -> None:
        """Send a head; the body goes on until the connection is closed."""
        lines = [f"HTTP/1.1 {status} X", f"Content-Type: {kind}", "Connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        await self.raw("\r\n".join((*lines, "", "")).encode())

    async def raw(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def event(self, told: object) -> None:
        text = told if isinstance(told, str) else json.dumps(told)
        await self.raw(f"data: {text}\n\n".encode())

    async def line(self, told: object) -> None:
        await self.raw(json.dumps(told).encode() + b"\n")

    async def json(self, told: object, status: int = 200, **headers: str) -> None:
        await self.begin(status, "application/json", **headers)
        await self.raw(json.dumps(told).encode())

    def reset(self) -> None:
        self._writer.transport.abort()


Script = Callable[[Asked, Out], Awaitable[None]]


@dataclass
class FakeModel:
    """The running server; what it does next can be changed while it runs."""

    script: Script
    port: int = 0
    seen: list[Asked] = field(default_factory=list)

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            first = await reader.readexactly(1)
            if first == _TLS:
                writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                return
            asked = await _asked(reader, first)
            self.seen.append(asked)
            await self.script(asked, Out(writer))
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # who asked has gone
        finally:
            writer.close()


async def _asked(reader: asyncio.StreamReader, first: bytes) -> Asked:
    head = (first + await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    method, path, _ = head[0].split(" ")
    pairs = (line.split(": ", 1) for line in head[1:] if line)
    headers = {name.lower(): value for name, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Asked(
        method=method,
        path=path,
        headers=headers,
        body=json.loads(body or b"null"),
        at=time.monotonic(),
    )


@contextmanager
def serving(script: Script) -> Iterator[FakeModel]:
    """Serve on a free port of this machine in a thread of its own."""
    model = FakeModel(script)
    loop = asyncio.new_event_loop()
    ready = threading.Event()
    stop = asyncio.Event()

    async def serve() -> None:
        server = await asyncio.start_server(model.connected, "127.0.0.1", 0)
        model.port = server.sockets[0].getsockname()[1]
        ready.set()
        async with server:
            await stop.wait()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    ready.wait()
    try:
        yield model
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


def openai(
    *,
    tokens: int = 5,
    first: float = 0.0,
    gap: float = 0.0,
    told: int | None = None,
    field: str = "content",
) -> Script:
    """Answer as OpenAI's documentation shows it.

    Args:
        tokens: pieces with a word each.
        first: seconds before the first of them.
        gap: seconds before each other one.
        told: tokens in `usage`; None for no usage.
        field: in which the words come.
    """

    async def script(asked: Asked, out: Out) -> None:
        await out.begin()
        await out.event(_chunk({"role": "assistant", "content": ""}))
        await asyncio.sleep(first)
        for number in range(tokens):
            if number:
                await asyncio.sleep(gap)
            await out.event(_chunk({field: f" word{number}"}))
        await out.event(_chunk({}, finish="stop"))
        if told is not None:
            await out.event({"choices": [], "usage": {"completion_tokens": told}})
        await out.event("[DONE]")

    return script


def ollama(*, tokens: int = 5, first: float = 0.0, gap: float = 0.0) -> Script:
    """Answer as Ollama's documentation shows it; for the arguments see `openai`."""

    async def script(asked: Asked, out: Out) -> None:
        await out.begin(kind="application/x-ndjson")
        await asyncio.sleep(first)
        for number in range(tokens):
            if number:
                await asyncio.sleep(gap)
            await out.line(_message(f" word{number}", done=False))
        await out.line(
            {
                **_message("", done=True),
                "done_reason": "stop",
                "total_duration": 4883583458,
                "eval_count": tokens,
                "eval_duration": 4535599000,
            }
        )

    return script


def answering(told: object, status: int = 200, **headers: str) -> Script:
    """Answer with one JSON value."""

    async def script(asked: Asked, out: Out) -> None:
        await out.json(told, status, **headers)

    return script


def _chunk(delta: object, finish: str | None = None) -> dict[str, object]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }


def _message(content: str, *, done: bool) -> dict[str, object]:
    return {
        "model": "tiny",
        "created_at": "2023-08-04T08:52:19.385406455-07:00",
        "message": {"role": "assistant", "content": content},
        "done": done,
    }
