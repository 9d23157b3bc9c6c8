"""A question to a model until it is answered: asked again where the server tells how, or when."""

import asyncio
from dataclasses import dataclass, field

from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Side
from perfci.model.work import Ai
from perfci.runners.ai.address import Endpoint
from perfci.runners.ai.answer import Answer
from perfci.runners.ai.dialects import DIALECTS, Habits
from perfci.runners.ai.exchange import Question, exchange
from perfci.runners.ai.refusal import LastingError, NoAnswerError, Status, no_model
from perfci.runners.ai.wire import listed
from perfci.runners.servers.asking import Target

_PATIENCE = 30.0
"""Longest wait in seconds that a server may ask for before it is asked again."""
_WAITS = 3
"""How often it may ask for one within one answer."""
_BYTES = 2**20
"""What an answer may have beside its tokens, in bytes; and for each token: """
_BYTES_A_TOKEN = 8192


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A question, asked again where the server tells how or when it wants to be asked."""

    target: Target
    work: Ai
    at: Endpoint
    prompt: str
    limit: int
    habits: dict[tuple[BenchmarkId, Side], Habits]
    """By benchmark and side: one server each; learned from what they refuse."""
    remarks: list[str] = field(default_factory=list)
    """What the reader has to know of the answer."""

    async def answer(self) -> Answer:
        """Return the answer.

        Raises:
            NoAnswerError: there is none that is good.
        """
        if self.at.guessed:
            self._say(
                "the address does not tell how its server is spoken to: it was taken for an "
                "OpenAI-compatible one; `dialect: openai` says so"
            )
        waits = 0
        while True:
            got = await exchange(self._question())
            if isinstance(got, Answer):
                return got
            if self._learned(got):
                continue
            if got.code not in {429, 503} or got.wait is None or got.wait > _PATIENCE:
                raise await self._refusal(got)
            waits += 1
            if waits > _WAITS:
                raise await self._refusal(got)
            self._say("the server had perfci wait between answers: it limits how often it is asked")
            await asyncio.sleep(got.wait)

    def remark(self, answer: Answer) -> None:
        """Note how the figures of an answer came about."""
        if answer.counted:
            self._say(
                "the server tells no number of tokens: the pieces of its answers were counted"
            )

        if "temperature" in self._habit.without:
            self._say("the server takes no temperature: its answers may differ from each other")

    def _question(self) -> Question:
        dialect = DIALECTS[self.at.dialect]
        return Question(
            url=self.at.chat,
            body=dialect.body(self.work, self.prompt, self.limit, self._habit),
            dialect=dialect,
            secret=_key(self.target, self.work),
            timeout=self.work.timeout,
            most=_BYTES + _BYTES_A_TOKEN * self.limit,
        )

    @property
    def _place(self) -> tuple[BenchmarkId, Side]:
        return self.target.benchmark.id, self.target.subject.side

    @property
    def _habit(self) -> Habits:
        return self.habits.get(self._place, Habits())

    def _learned(self, status: Status) -> bool:
        """Learn from a refusal which fields the server takes; return whether there was a lesson."""
        if status.code not in {400, 422}:
            return False
        habit = self._habit.after(status.said)
        if habit is None:
            return False
        self.habits[self._place] = habit
        return True

    async def _refusal(self, status: Status) -> NoAnswerError:
        if not status.names_no_model:
            return status.refusal(self.work, self.at)
        names = DIALECTS[self.at.dialect].models(
            await listed(self.at.models, _key(self.target, self.work)),
        )
        return no_model(self.work, self.at.dialect, names, status.said)

    def _say(self, text: str) -> None:
        subject = self.target.subject
        where = f" on {subject.side}" if subject.paired else ""
        self.remarks.append(f"{subject.benchmark.id}{where}: {text}")


def _key(target: Target, work: Ai) -> str:
    """Return the API key as a header may carry it.

    Raises:
        NoAnswerError: it cannot.
    """
    key = target.secret.strip()
    if not (key.isascii() and key.isprintable()):
        name = work.api_key_env
        raise LastingError(
            "bad key",
            f"cannot be sent the key in {name}: it holds characters that no header can carry",
            hint=f"set {name} to the key alone, without line breaks",
        )
    return key
