"""The HTTP under the talk with a model: sessions, headers, errors, and what is not streamed."""

import asyncio
import email.utils
import errno
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from perfci.model.mask import mask
from perfci.runners.ai.dialects import parsed
from perfci.runners.ai.refusal import LastingError, NoAnswerError, Status

if TYPE_CHECKING:
    import aiohttp

_SAID = 64 * 1024
"""Bytes of an error's body that are read."""
_LIST = 2**20
"""Bytes of a list of models that are read."""
_LIST_SECONDS = 5.0


def session(sent: Callable[[], None] | None = None) -> "aiohttp.ClientSession":
    """Open a session without cookies, time limits or variables of the environment.

    Args:
        sent: called when a request goes out on its connection.
    """
    import aiohttp

    trace = aiohttp.TraceConfig()

    async def on_sent(*_: object) -> None:
        if sent:
            sent()

    trace.on_request_headers_sent.append(on_sent)
    return aiohttp.ClientSession(
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None),
        trace_configs=[trace],
    )


def headers(secret: str) -> dict[str, str]:
    """Return the headers of every request; the secret, where there is one, as a bearer token."""
    # compressed, the pieces of an answer would wait for each other
    plain = {"Accept-Encoding": "identity", "User-Agent": "perfci"}
    return plain | ({"Authorization": f"Bearer {secret}"} if secret else {})


async def listed(url: str, secret: str) -> object:
    """Return what the server tells of its models; None where it tells nothing."""
    import aiohttp

    try:
        async with (
            asyncio.timeout(_LIST_SECONDS),
            session() as opened,
            opened.get(url, headers=headers(secret), allow_redirects=False) as response,
        ):
            return parsed((await _start_of(response, _LIST)).decode(errors="replace"))
    except (aiohttp.ClientError, OSError, ValueError):
        return None


def broken(error: Exception) -> NoAnswerError | None:
    """Return why no connection could be had; None where one was, and broke."""
    import aiohttp

    match error:
        case aiohttp.ClientSSLError():
            return LastingError(
                "no connection",
                "shows a certificate that does not hold, or does not speak TLS",
                hint="is it https at all? is its certificate's authority known here?",
            )
        case aiohttp.ClientConnectorDNSError():
            return LastingError(
                "no connection", "has a host whose name has no address", hint="look at ai.url"
            )
        case aiohttp.ClientConnectorError() if error.os_error.errno == errno.ECONNREFUSED:
            return NoAnswerError(
                "connection refused",
                "refuses the connection: nothing listens there",
                hint="start it in an earlier step, or let perfci start it: `service:`",
            )
        case aiohttp.ClientConnectorError():
            reason = error.os_error.strerror or "no connection"
            return NoAnswerError("no connection", f"cannot be reached: {reason}")
        case aiohttp.InvalidURL():
            return LastingError("no connection", "is no address", hint="look at ai.url")
        case aiohttp.ClientResponseError():
            return NoAnswerError(
                "bad answer",
                "answers in something that is not HTTP",
                hint="look at the host and the port in ai.url",
            )
        case _:
            return None


async def status(response: "aiohttp.ClientResponse", secret: str) -> Status:
    """Read what came instead of success, at most its first 64 KiB, with the secret masked."""
    body = await _start_of(response, _SAID)
    text = mask(body.decode(errors="replace"), secret)
    if secret and len(body) == _SAID:  # the cut may go through an echo of the secret
        text = text[: -len(secret)]
    return Status(
        code=response.status,
        said=text,
        location=mask(response.headers.get("Location", ""), secret),
        wait=_wait(response.headers),
    )


async def _start_of(response: "aiohttp.ClientResponse", most: int) -> bytes:
    import aiohttp

    body = bytearray()
    try:
        async for data in response.content.iter_any():
            body += data
            if len(body) >= most:
                break
    except aiohttp.ClientError:
        pass  # what came until then says enough
    return bytes(body[:most])


def _wait(headers: Mapping[str, str]) -> float | None:
    """Return the seconds in Retry-After; a date counts from the server's own."""
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        until = email.utils.parsedate_to_datetime(value)
        now = email.utils.parsedate_to_datetime(headers.get("Date", ""))
        return max(0.0, (until - now).total_seconds())
    except (TypeError, ValueError):
        return None
