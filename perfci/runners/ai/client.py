"""The client that asks language models; one for a run."""

import asyncio
import hashlib
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from perfci.errors import MeasurementError
from perfci.model.benchmark import Benchmark
from perfci.model.work import Ai
from perfci.runners.ai.address import endpoint
from perfci.runners.ai.answer import Answer
from perfci.runners.ai.conversation import Conversation
from perfci.runners.ai.refusal import LastingError, NoAnswerError
from perfci.runners.servers.asking import Tally, Target
from perfci.uncollected import uncollected

if TYPE_CHECKING:
    from perfci.model.identity import BenchmarkId
    from perfci.model.measurement import Side
    from perfci.runners.ai.dialects import Habits

_WARM_UP_TOKENS = 16
_WARM_UP_TRIES = 3


class AiClient:
    """Asks language models one question at a time; see `Client`."""

    def __init__(self) -> None:
        self._habits: dict[tuple[BenchmarkId, Side], Habits] = {}

    def secret_env(self, benchmark: Benchmark) -> str:
        """Return the name of the variable that holds the API key; empty where none is needed."""
        return _work(benchmark).api_key_env

    def parts(self, benchmark: Benchmark) -> int:
        """Return the number of answers: the sides take turns, answer by answer."""
        return _work(benchmark).requests

    def warm_up(self, target: Target) -> None:
        """Have short answers until the model is loaded and one was good; see `Client.warm_up`."""
        limit = min(_WARM_UP_TOKENS, _work(target.benchmark).max_tokens)
        for number in range(max(1, target.benchmark.warmup)):
            self._warm_up(target, place=f"warm-up {number}", limit=limit)

    def ask(self, target: Target, tally: Tally, part: int) -> None:
        """Have one answer, and enter its times; see `Client.ask`."""
        work = _work(target.benchmark)
        last = part + 1 == work.requests
        conversation = self._conversation(target, str(part), work.max_tokens)
        tally.asked += 1
        try:
            answer = _run(conversation.answer())
        except NoAnswerError as no:
            tally.errors[no.kind] += 1
            if isinstance(no, LastingError) or (last and not tally.durations):
                raise _error(no, target, tally) from None
        else:
            _enter(answer, tally)
            conversation.remark(answer)
        tally.warnings += [it for it in conversation.remarks if it not in tally.warnings]
        if last:
            _insist_on_a_rate(target, tally)

    def _warm_up(self, target: Target, *, place: str, limit: int) -> None:
        for tries_left in reversed(range(_WARM_UP_TRIES)):
            try:
                _run(self._conversation(target, place, limit).answer())
            except NoAnswerError as no:
                if isinstance(no, LastingError) or no.kind == "timeout" or not tries_left:
                    raise _error(no, target) from None
            else:
                return

    def _conversation(self, target: Target, place: str, limit: int) -> Conversation:
        work = _work(target.benchmark)
        return Conversation(
            target=target,
            work=work,
            at=endpoint(target.url, work.dialect),
            prompt=_varied(work.prompt, target.seed, place) if work.vary else work.prompt,
            limit=limit,
            habits=self._habits,
        )


def _work(benchmark: Benchmark) -> Ai:
    assert isinstance(benchmark.work, Ai)  # noqa: S101 - wiring names the client by the work
    return benchmark.work


def _run(answer: Coroutine[Any, Any, Answer]) -> Answer:
    """Wait for an answer; Python's collector does not stop the clock meanwhile."""
    with uncollected():
        return asyncio.run(answer)


def _varied(prompt: str, seed: int, place: str) -> str:
    """Return the prompt behind a number that no other request has, and both sides share.

    It comes first, so that a cache of beginnings finds none; digits only, because these make
    the same number of tokens in every request.
    """
    told = int.from_bytes(hashlib.sha256(f"{seed}|{place}".encode()).digest()[:8])
    return f"[{told % 10**12:012}] {prompt}"


def _error(no: NoAnswerError, target: Target, tally: Tally | None = None) -> MeasurementError:
    at = endpoint(target.url, _work(target.benchmark).dialect)
    return no.error(target.subject, at.chat, tally.errors if tally else None)


def _enter(answer: Answer, tally: Tally) -> None:
    tally.took("ai_response_time", answer.response_time)
    tally.took("time_to_first_token", answer.first_token_time)
    if answer.rate is not None:
        tally.gave("tokens_per_second", answer.rate)


def _insist_on_a_rate(target: Target, tally: Tally) -> None:
    if target.benchmark.gates("tokens_per_second") and not tally.values.get("tokens_per_second"):
        raise target.subject.error(
            "has no tokens_per_second",
            after=": every answer came in a single piece",
            hint="raise ai.max_tokens, or let the server stream; else leave the metric out",
        )
