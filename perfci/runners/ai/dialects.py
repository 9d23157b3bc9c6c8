"""How the two kinds of servers are asked, and how their answers are read."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from perfci.model.work import Ai
from perfci.runners.ai.streams import EventsOrJson, JsonLines, Splitter

_MOST_TOKENS = 10**7
"""No count beyond it is believed."""
_TEXTS = ("content", "reasoning_content", "reasoning", "thinking", "refusal")
"""Fields of a message in which tokens come; thoughts are tokens that one waits for, too."""
_THOUGHTS = _TEXTS[1:4]
_OPTIONAL = ("stream_options", "seed", "temperature")
_SEED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """Which of the fields that servers disagree about one of them takes."""

    limit: str = "max_tokens"
    """Name of the field that bounds an answer's length."""
    without: frozenset[str] = frozenset()
    """Fields that it refuses."""

    def after(self, complaint: str) -> "Habits | None":
        """Return how to ask after a refused request; None where the refusal names no field."""
        if self.limit == "max_tokens" and "max_completion_tokens" in complaint:
            return replace(self, limit="max_completion_tokens")
        for name in _OPTIONAL:
            if name not in self.without and re.search(rf"\b{name}\b", complaint):
                return replace(self, without=self.without | {name})
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What one event of an answer says."""

    text: bool = False
    """It holds a part of the answer or of the thoughts before it."""
    thought: bool = False
    """That part is a thought."""
    tokens: int | None = None
    """Tokens of the whole answer, where the server tells."""
    hidden: int = 0
    """How many of them are thoughts."""
    finished: bool = False
    """The answer is complete; more may be told of it."""
    end: bool = False
    """Nothing follows."""
    error: str = ""
    """What the server says went wrong; hostile text."""


class Dialect(Protocol):
    """One kind of server."""

    def body(self, work: Ai, prompt: str, limit: int, habits: Habits) -> dict[str, Any]:
        """Return the request for an answer of at most `limit` tokens."""
        ...

    def splitter(self, most: int) -> Splitter:
        """Return what cuts its answers into events of at most `most` bytes."""
        ...

    def piece(self, event: str) -> Piece:
        """Read one event.

        Raises:
            ValueError: it is not what this kind of server says.
        """
        ...

    def models(self, listed: object) -> tuple[str, ...]:
        """Return the names in its list of models; hostile text."""
        ...


class OpenAi:
    """Chat completions as OpenAI defined them and many servers speak them."""

    def body(self, work: Ai, prompt: str, limit: int, habits: Habits) -> dict[str, Any]:
        """See `Dialect.body`."""
        whole = {
            "model": work.model,
            "messages": [{"role": "user", "content": prompt}],
            "stream": True,
            "stream_options": {"include_usage": True},
            "temperature": 0,
            "seed": _SEED,
            habits.limit: limit,
        }
        return {name: value for name, value in whole.items() if name not in habits.without}

    def splitter(self, most: int) -> Splitter:
        """See `Dialect.splitter`."""
        return EventsOrJson(most)

    def piece(self, event: str) -> Piece:
        """See `Dialect.piece`."""
        if event.strip() == "[DONE]":
            return Piece(end=True)
        told = _object(event)
        choice = _first(told.get("choices"))
        whole = _mapping(choice.get("message"))
        message = whole or _mapping(choice.get("delta"))
        usage = _mapping(told.get("usage"))
        return Piece(
            text=any(message.get(name) for name in _TEXTS),
            thought=any(message.get(name) for name in _THOUGHTS),
            tokens=_count(usage.get("completion_tokens")),
            hidden=_count(_mapping(usage.get("completion_tokens_details")).get("reasoning_tokens"))
            or 0,
            finished=bool(choice.get("finish_reason") or whole),
            error=complaint_of(told),
        )

    def models(self, listed: object) -> tuple[str, ...]:
        """See `Dialect.models`."""
        return _names(_mapping(listed).get("data"), "id")


class Ollama:
    """Ollama's own chat."""

    def body(self, work: Ai, prompt: str, limit: int, habits: Habits) -> dict[str, Any]:
        """See `Dialect.body`."""
        options = {"temperature": 0, "seed": _SEED, "num_predict": limit}
        return {
            "model": work.model,
            "messages": [{"role": "user", "content": prompt}],
            "stream": True,
            "options": {name: it for name, it in options.items() if name not in habits.without},
        }

    def splitter(self, most: int) -> Splitter:
        """See `Dialect.splitter`."""
        return JsonLines(most)

    def piece(self, event: str) -> Piece:
        """See `Dialect.piece`."""
        told = _object(event)
        message = _mapping(told.get("message"))
        done = told.get("done") is True
        return Piece(
            text=any(message.get(name) for name in _TEXTS),
            thought=any(message.get(name) for name in _THOUGHTS),
            tokens=_count(told.get("eval_count")),
            finished=done,
            end=done,
            error=complaint_of(told),
        )

    def models(self, listed: object) -> tuple[str, ...]:
        """See `Dialect.models`."""
        return _names(_mapping(listed).get("models"), "name")


DIALECTS: Mapping[str, Dialect] = {"openai": OpenAi(), "ollama": Ollama()}


def complaint_of(told: Mapping[str, Any]) -> str:
    """Return what a server says went wrong, in any of the usual forms; empty for nothing."""
    error = told.get("error")
    if not error and told.get("object") == "error":
        error = told.get("message") or "error"
    if not error:
        return ""
    message = error.get("message") if isinstance(error, dict) else error
    return message if isinstance(message, str) and message else json.dumps(error)


def parsed(text: str) -> object:
    """Read JSON that somebody else wrote.

    Raises:
        ValueError: it is none, or too deep.
    """
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _object(text: str) -> dict[str, Any]:
    told = parsed(text)
    if not isinstance(told, dict):
        raise ValueError("no object")  # noqa: TRY004 - of whatever kind it is, it is no answer
    return told


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _first(value: object) -> dict[str, Any]:
    return _mapping(value[0]) if isinstance(value, list) and value else {}


def _count(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _MOST_TOKENS:
        return value
    return None


def _names(value: object, key: str) -> tuple[str, ...]:
    items = value if isinstance(value, list) else []
    names = (_mapping(item).get(key) for item in items)
    return tuple(name for name in names if isinstance(name, str) and name)
