"""One HTTP request and its answer over a kept connection; what the answer says is thrown away."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from perfci import __version__
from perfci.model.work import Http
from perfci.runners.http.errors import kind

if TYPE_CHECKING:
    import aiohttp

_NEVER = float("inf")


class Exchange:
    """Sends the same request again and again.

    Args:
        session: with the headers that every request has.
        url: whom to ask.
        work: how.
    """

    def __init__(self, session: "aiohttp.ClientSession", url: str, work: Http) -> None:
        self._session = session
        self._url = url
        self._work = work
        self.redirects = 0
        """Good answers that pointed elsewhere; nobody went there."""

    async def __call__(self, seconds: float) -> str:
        """Ask once; return what went wrong, empty for a good answer.

        Args:
            seconds: that the whole exchange may take.
        """
        import aiohttp

        try:
            async with self._session.request(
                self._work.method,
                self._url,
                data=self._work.body or None,
                allow_redirects=False,
                # longer ones would be rounded up to whole seconds
                timeout=aiohttp.ClientTimeout(total=seconds, ceil_threshold=_NEVER),
            ) as answer:
                async for _ in answer.content.iter_any():
                    pass
                return self._judge(answer.status)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return kind(error)

    def _judge(self, status: int) -> str:
        wanted = self._work.status
        if status in wanted if wanted else 200 <= status < 400:
            self.redirects += status >= 300 and not wanted
            return ""
        return f"status {status}"


@asynccontextmanager
async def exchanging(
    url: str, work: Http, *, secret: str, connections: int
) -> AsyncIterator[Exchange]:
    """Open what requests are sent over, and close it.

    Args:
        url: with its port filled in.
        work: what every request is like.
        secret: bearer token; empty for none.
        connections: at most.
    """
    import aiohttp

    headers = {"User-Agent": f"perfci/{__version__}"} | dict(work.headers)
    if secret:
        headers["Authorization"] = f"Bearer {secret}"
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            limit=connections, ttl_dns_cache=None, keepalive_timeout=work.duration + work.timeout
        ),
        headers=headers,
        # every request is the same: no cookie of an earlier answer, no packed body but on demand
        cookie_jar=aiohttp.DummyCookieJar(),
        skip_auto_headers=("Accept-Encoding",),
        auto_decompress=False,
    ) as session:
        yield Exchange(session, url, work)
