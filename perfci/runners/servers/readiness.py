"""Waits until a service takes requests, or has ended, or its time is up."""

import asyncio
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from perfci.runners.http.errors import kind

_STEP = 0.02
"""Seconds between two tries."""
_ONE_TRY = 5.0
"""Seconds that one try may take: a server may forget those who came too early."""


@dataclass(slots=True, kw_only=True)
class Waiting:
    """One wait for a service."""

    ready: str
    """Address that has to answer with a status below 500; empty for `url`'s port."""
    url: str
    """What will be asked; its port has to take connections."""
    ended: int
    """File handle that becomes readable when the service has ended."""
    last: str = field(default="nothing was tried", init=False)
    """How the last try went wrong."""

    def wait(self, seconds: float) -> bool:
        """Return True as soon as the service is ready, False when it ends or the time is up."""
        return asyncio.run(self._wait(seconds))

    async def _wait(self, seconds: float) -> bool:
        loop = asyncio.get_running_loop()
        ended = asyncio.Event()
        loop.add_reader(self.ended, ended.set)
        gone = asyncio.create_task(ended.wait())
        asking = asyncio.create_task(self._ask_until_ready())
        try:
            done, _ = await asyncio.wait(
                (gone, asking), timeout=seconds, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            loop.remove_reader(self.ended)
            gone.cancel()
            asking.cancel()
            await asyncio.gather(gone, asking, return_exceptions=True)
        if asking in done:
            asking.result()
        return asking in done and not ended.is_set()

    async def _ask_until_ready(self) -> None:
        attempt = self._answers if self.ready else self._accepts
        while True:
            if await attempt():
                return
            await asyncio.sleep(_STEP)

    async def _answers(self) -> bool:
        import aiohttp

        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_ONE_TRY)) as session,
                session.get(self.ready, allow_redirects=False) as answer,
            ):
                self.last = f"status {answer.status}"
                return answer.status < 500
        except (aiohttp.ClientError, OSError, ValueError) as error:
            self.last = kind(error)
            return False

    async def _accepts(self) -> bool:
        parts = urlsplit(self.url)
        try:
            async with asyncio.timeout(_ONE_TRY):
                _, writer = await asyncio.open_connection(parts.hostname, port_of(self.url))
        except OSError as error:
            self.last = kind(error)
            return False
        # who connects where nobody listens may be given that very port, and so meet himself
        itself = writer.get_extra_info("sockname") == writer.get_extra_info("peername")
        writer.close()
        return not itself


def port_of(url: str) -> int:
    """Return the port that an address means."""
    parts = urlsplit(url)
    return parts.port or (443 if parts.scheme == "https" else 80)
