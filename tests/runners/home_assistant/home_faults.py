"""What a fake Home Assistant does instead of answering."""

import asyncio
from typing import Any

from aiohttp import web

from tests.runners.home_assistant.fake_home import Hook, Line

CALL = "POST /api/services/input_boolean/toggle"


def every(number: int, hook: Hook) -> Hook:
    """Do it at every so many calls, from the first on; go on as usual at the others."""
    calls = iter(range(10**9))

    async def sometimes(asked: Any) -> Any:
        return await hook(asked) if next(calls) % number == 0 else None

    return sometimes


def answer(status: int, text: str = "", **headers: str) -> Hook:
    async def respond(request: web.Request) -> web.Response:
        return web.Response(status=status, text=text, headers=headers)

    return respond


async def hang(asked: object) -> None:
    await asyncio.sleep(60)


async def hang_up(line: Line) -> bool:
    await line.socket.close(code=1001, message=b"going \x1b[31mdown")
    return True


def slow(seconds: float) -> Hook:
    async def wait(asked: object) -> None:
        await asyncio.sleep(seconds)

    return wait
