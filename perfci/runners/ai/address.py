"""Where a model is asked: from the forms in which people write its address to the two paths."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from perfci.model.text import printable

_OLLAMA_PORT = 11434
_OPENAI_TAIL = re.compile(r"(/chat)?/(completions|models)$")
_OLLAMA_TAIL = re.compile(r"/(v1|api)(/(chat|generate|tags|chat/completions))?$")
_VERSION = re.compile(r"/v\d+[a-z]*\d*(/|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """The addresses of one server."""

    dialect: str
    """`openai` or `ollama`."""
    chat: str
    """Where answers are had."""
    models: str
    """Where the server names its models."""
    guessed: bool = False
    """True where neither the settings nor the address tell the dialect."""


def endpoint(url: str, dialect: str) -> Endpoint:
    """Return where to ask.

    Args:
        url: the root of the interface, with or without `/v1`, `/api`, a slash at its end, or
            the whole path of a chat.
        dialect: `openai`, `ollama`, or `auto` to tell by the address.
    """
    spoken, guessed = (dialect, False) if dialect != "auto" else _told_by(url)
    if spoken == "ollama":
        return Endpoint(
            dialect=spoken,
            chat=_under(url, _OLLAMA_TAIL, "/api/chat"),
            models=_under(url, _OLLAMA_TAIL, "/api/tags"),
        )
    # every server of this kind has its interface under /v1; who has another root names it
    version = "" if _OPENAI_TAIL.sub("", urlsplit(url).path.rstrip("/")) else "/v1"
    return Endpoint(
        dialect=spoken,
        chat=_under(url, _OPENAI_TAIL, f"{version}/chat/completions"),
        models=_under(url, _OPENAI_TAIL, f"{version}/models"),
        guessed=guessed,
    )


def shown(url: str) -> str:
    """Return an address for a message: harmless, without a query, which may hold a secret."""
    return printable(urlunsplit((*urlsplit(url)[:3], "", "")))


def _told_by(url: str) -> tuple[str, bool]:
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    if _VERSION.search(path) or path.endswith("/chat/completions"):
        return "openai", False
    if path == "/api" or path.startswith("/api/") or (parts.port == _OLLAMA_PORT and not path):
        return "ollama", False
    return "openai", True


def _under(url: str, tail: re.Pattern[str], path: str) -> str:
    scheme, place, old, query, _ = urlsplit(url)
    return urlunsplit((scheme, place, tail.sub("", old.rstrip("/")) + path, query, ""))
