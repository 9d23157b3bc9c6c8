"""The settings' leaves that have to do with servers: addresses, headers, names of secrets."""

import re
from collections.abc import Mapping
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, Strict, WithJsonSchema

from perfci.settings.fields import PlainText, Text
from perfci.settings.spelling import shown

PORT = "port"
"""`{port}` stands for a port that perfci chooses, on each side another."""
_PLACE = re.compile(r"(?<!\$)\{[A-Za-z_][A-Za-z0-9_]*\}")


def _url(text: str) -> str:
    wrong = ValueError(f"{shown(text)} is not like http://127.0.0.1:8000/path")
    try:
        parts = urlsplit(_PLACE.sub("1", text))
        valid = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        raise wrong from None
    if "@" in parts.netloc:
        # the value is not shown: it may hold a password
        raise ValueError("the address holds a user or a password; name a variable: token_env")
    if not valid or any(char.isspace() or not char.isprintable() for char in text):
        raise wrong
    return text


def _variable(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", text):
        # not shown: it may be the secret itself
        raise ValueError("it is not the name of a variable; a secret belongs into one")
    return text


def _headers(headers: Mapping[str, str]) -> Mapping[str, str]:
    for name in headers:
        if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name):
            raise ValueError(f"{shown(name)} is not the name of a header")
        if name.lower() in {"authorization", "proxy-authorization", "cookie", "x-api-key"}:
            raise ValueError(f"{name} is a secret; name the variable that holds it: token_env")
        if any(char in headers[name] for char in "\r\n\0"):
            raise ValueError(f"the header {name} has a line break in it")
    return headers


Url = Annotated[
    Text,
    AfterValidator(_url),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^https?://\S+$",
            "examples": ["http://127.0.0.1:{port}/health"],
        }
    ),
]
EnvName = Annotated[Text, AfterValidator(_variable)]
"""Name of a variable of the environment."""
Headers = Annotated[dict[Text, PlainText], AfterValidator(_headers)]
Variables = dict[EnvName, Text]
Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
StatusCodes = tuple[Annotated[int, Strict(), Field(ge=100, le=599)], ...]
Some = Annotated[int, Strict(), Field(ge=1, le=1_000_000)]
"""How many, at least one."""
