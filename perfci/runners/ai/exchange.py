"""One request to a model and its streamed answer, over HTTP.

What waits is the network alone: no answer is kept, and none may be longer or take longer than
the question allows. Every answer comes on a connection of its own, and the clock starts when the
request goes out on it.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from perfci.model.mask import mask
from perfci.runners.ai.answer import Answer
from perfci.runners.ai.dialects import Dialect, Piece
from perfci.runners.ai.refusal import NoAnswerError, Status
from perfci.runners.ai.streams import OverlongError
from perfci.runners.ai.wire import broken, headers, session, status
from perfci.runners.failures import clean

if TYPE_CHECKING:
    import aiohttp

_EVENT = 16 * 2**20
_HEAD = 512
_LENGTHEN = "raise ai.timeout, or lower ai.max_tokens"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, and how much of an answer is awaited."""

    url: str
    body: Mapping[str, Any]
    dialect: Dialect
    secret: str = field(default="", repr=False)
    """Sent as a bearer token; empty for none."""
    timeout: float
    """Seconds for the whole answer, the connection included."""
    most: int
    """Bytes that the answer may have."""


async def exchange(question: Question) -> Answer | Status:
    """Ask, and read the answer to its end; a status that is no success is returned as it came.

    Raises:
        NoAnswerError: there was no good answer.
    """
    import aiohttp

    reading = _Reading(question)
    try:
        async with asyncio.timeout(question.timeout):
            return await reading.run()
    except TimeoutError:
        raise reading.late() from None
    except (aiohttp.ClientError, OSError) as error:
        # nothing of the error is shown or kept: it holds the request's headers
        raise broken(error) or reading.cut() from None


class _Reading:
    """An answer on its way."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._answer = Answer()
        self._received = 0
        self._events = 0
        self._head = b""

    async def run(self) -> Answer | Status:
        question = self._question
        clock = asyncio.get_running_loop().time

        def sent() -> None:
            self._answer.sent = clock()

        async with (
            session(sent) as opened,
            opened.post(
                question.url,
                json=question.body,
                headers=headers(question.secret),
                allow_redirects=False,
            ) as response,
        ):
            if not 200 <= response.status < 300:
                return await status(response, question.secret)
            try:
                await self._read(response, clock)
            except OverlongError:
                raise self._endless() from None
        if not self._answer.pieces:
            raise self._empty()
        return self._answer

    async def _read(self, response: "aiohttp.ClientResponse", clock: Callable[[], float]) -> None:
        splitter = self._question.dialect.splitter(min(self._question.most, _EVENT))
        async for data in response.content.iter_any():
            self._answer.heard = clock()
            self._received += len(data)
            if len(self._head) < _HEAD:
                self._head += data[:_HEAD]
            if self._received > self._question.most:
                raise self._endless()
            if self._take(splitter.feed(data)):
                return
        ended = self._take(splitter.close(), cut=True)
        if self._events and not (ended or self._answer.finished):
            raise self._stopped()

    def _take(self, events: Iterable[str], *, cut: bool = False) -> bool:
        """Enter what came; return whether it was the end."""
        for event in events:
            if not event.strip():
                continue
            self._events += 1
            piece = self._piece(event, cut=cut)
            if piece.error:
                raise NoAnswerError(
                    "server error",
                    "breaks its answer off with an error",
                    hint="the server's own log says why",
                    output=self._quoted(piece.error),
                )
            self._answer.take(piece, self._answer.heard)
            if piece.end:
                return True
        return False

    def _piece(self, event: str, *, cut: bool) -> Piece:
        try:
            return self._question.dialect.piece(event)
        except ValueError:
            if cut and self._answer.pieces:
                raise self._stopped() from None
            raise self._garbled(event) from None

    def _garbled(self, text: str) -> NoAnswerError:
        return NoAnswerError(
            "bad answer",
            "sends something that is no piece of an answer",
            hint="is ai.url the root of the model's interface, and ai.dialect the right one?",
            output=self._quoted(text),
        )

    def _empty(self) -> NoAnswerError:
        if self._received and not self._events and not self._head.lstrip().startswith(b":"):
            return self._garbled(self._head.decode(errors="replace"))
        return NoAnswerError(
            "empty answer",
            "answers without a single token",
            hint="does the prompt leave the model anything to say?",
        )

    def _stopped(self) -> NoAnswerError:
        return NoAnswerError(
            "stream stopped",
            f"stops in the middle of its answer, after {_pieces(self._answer.pieces)}",
            hint="the server's own log says why; a proxy between may cut long answers",
        )

    def _endless(self) -> NoAnswerError:
        return NoAnswerError(
            "endless answer",
            f"sends more than {self._question.most} bytes for one answer",
            hint="the server does not keep to ai.max_tokens",
        )

    def late(self) -> NoAnswerError:
        """Return that the time is up."""
        if self._answer.pieces:
            came = f"{_pieces(self._answer.pieces)} came"
        else:
            came = "no token came, only signs of life" if self._received else "nothing came"
        return NoAnswerError(
            "timeout",
            f"did not end its answer within {self._question.timeout:g} s: {came}",
            hint=_LENGTHEN,
        )

    def cut(self) -> NoAnswerError:
        """Return that the connection was closed."""
        if self._received:
            return self._stopped()
        return NoAnswerError(
            "connection closed",
            "closes the connection without an answer",
            hint="the server's own log says why",
        )

    def _quoted(self, text: str) -> str:
        return clean(mask(text, self._question.secret))


def _pieces(count: int) -> str:
    return f"{count} piece{'' if count == 1 else 's'}"
