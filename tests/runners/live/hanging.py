"""Callables that hang until their test is over, and tell when they begin and are cancelled."""

import asyncio
import threading
from collections.abc import Iterator

import pytest


class Hanging:
    def __init__(self) -> None:
        self.begun, self.free, self.cancelled = (threading.Event() for _ in range(3))

    def call(self) -> None:
        self.begun.set()
        self.free.wait(30)

    async def call_async(self) -> None:
        self.begun.set()
        try:
            await asyncio.sleep(30)
        finally:
            self.cancelled.set()


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    found = Hanging()
    yield found
    found.free.set()
