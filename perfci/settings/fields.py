"""The settings' leaves: names, texts, numbers and commands, each with its own check."""

import difflib
import math
import re
from collections.abc import Sequence
from datetime import date
from pathlib import PurePosixPath
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    PlainValidator,
    Strict,
    WithJsonSchema,
)

from perfci.model.measured import MEASURED
from perfci.model.metric import stem
from perfci.model.text import printable
from perfci.settings.parameters import Scalar
from perfci.settings.spelling import shown

_T = TypeVar("_T")


def speakable(text: str) -> str:
    """Return one line of text that can be shown.

    Raises:
        ValueError: it is empty, or holds what cannot be shown.
    """
    if not text or printable(text) != text:
        message = f"{shown(text)} is empty, or has characters or spaces that cannot be shown"
        raise ValueError(message)
    return text


def nameable(text: str) -> str:
    """Return what may be part of a series key.

    Raises:
        ValueError: it holds characters that keys are made of, or cannot be shown.
    """
    bad = sorted(set("/:[],=") & set(text))
    if bad:
        raise ValueError(f"{shown(text)} must not contain {' '.join(bad)}: keys are made of them")
    return speakable(text)


def _git_name(text: str) -> str:
    if text.startswith("-") or any(char.isspace() for char in text):
        raise ValueError(f"{shown(text)} is not the name of a branch or commit")
    return speakable(text)


def _without_nul(text: str) -> str:
    if not text.strip() or "\0" in text:
        raise ValueError(f"{shown(text)} is empty, or has a NUL character in it")
    return text


def _variable(text: str) -> str:
    if not re.fullmatch(r"\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*\})", text, re.ASCII):
        # what stands there instead may be the secret itself
        raise ValueError("an address is a secret: put it into a variable, and write `$NAME` here")
    return text


def told_metrics(names: Sequence[str]) -> str:
    """List metrics for a person: percentiles are told by one example."""
    plain = [name for name in names if stem(name) == name]
    more = [name for name in names if name.endswith("_p99")]
    return ", ".join([*plain, *(f"percentiles like {name}" for name in more[:1])])


def insist_on_measured(text: str) -> str:
    """Return the name of a metric that perfci itself measures.

    Raises:
        ValueError: it is none; names the nearest.
    """
    if text not in MEASURED:
        close = difflib.get_close_matches(text, MEASURED, n=1)
        hint = f"did you mean {close[0]}?" if close else f"there are {told_metrics(MEASURED)}"
        raise ValueError(f"{shown(text)} is not a metric; {hint}")
    return text


def _not_empty(items: tuple[_T, ...]) -> tuple[_T, ...]:
    if not items:
        raise ValueError("the list is empty")
    return items


Text = Annotated[str, Strict()]
Label = Annotated[Text, AfterValidator(speakable)]
"""One line of printable text."""
Variable = Annotated[
    Text,
    AfterValidator(_variable),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^\$([A-Za-z_][A-Za-z0-9_]*|\{[A-Za-z_][A-Za-z0-9_]*\})$",
            "examples": ["$SLACK_WEBHOOK_URL"],
        }
    ),
]
"""A variable of the environment, as `$NAME`."""
Name = Annotated[
    Text,
    AfterValidator(nameable),
    WithJsonSchema({"type": "string", "pattern": r"^[^/:\[\],=\u0000-\u001f\u007f]+$"}),
]
"""Part of a series key."""
GitName = Annotated[Text, AfterValidator(_git_name)]
PlainText = Annotated[Text, AfterValidator(_without_nul)]
MetricName = Annotated[
    Text,
    AfterValidator(nameable),
    WithJsonSchema({"type": "string", "examples": list(MEASURED)}),
]
Metrics = Annotated[
    tuple[MetricName, ...],
    AfterValidator(_not_empty),
    Field(json_schema_extra={"minItems": 1, "uniqueItems": True}),
]
FormatName = Annotated[
    Text,
    AfterValidator(nameable),
    WithJsonSchema({"type": "string", "examples": ["auto", "pytest-benchmark"]}),
]
"""As `perfci formats` lists it."""
Flag = Annotated[bool, Strict()]
Count = Annotated[int, Strict(), Field(ge=0, le=1_000_000)]


def _command(value: object) -> str | tuple[str, ...]:
    parts = list(value) if isinstance(value, list | tuple) else [value]
    if not parts:
        raise ValueError("the list is empty; write it like [./app, --fast]")
    texts = [part for part in parts if isinstance(part, str) and "\0" not in part]
    if len(texts) < len(parts):
        odd = next(part for part in parts if part not in texts)
        raise ValueError(f"{shown(odd)} is not text; a command is a text or a list of texts")
    if not texts[0].strip():
        raise ValueError("the command is empty")
    return tuple(texts) if isinstance(value, list | tuple) else texts[0]


CommandLine = Annotated[
    str | tuple[str, ...],
    PlainValidator(_command),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": r"\S"},
                {"type": "array", "items": {"type": "string"}, "minItems": 1},
            ]
        }
    ),
]
"""A text for the shell, or a list of arguments."""


def _rounds(value: object) -> int | None:
    if value == "auto":
        return None
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 10_000:
        return value
    raise ValueError(f"{shown(value)} is neither auto nor a whole number from 1 to 10000")


Rounds = Annotated[
    int | None,
    PlainValidator(_rounds),
    PlainSerializer(lambda value: value or "auto", when_used="json"),
    WithJsonSchema(
        {"anyOf": [{"const": "auto"}, {"type": "integer", "minimum": 1, "maximum": 10_000}]}
    ),
]
"""None stands for `auto`."""


def _target(text: str) -> str:
    source, _, name = text.rpartition(":")
    if not all(part.isidentifier() for part in name.split(".")):
        raise ValueError(f"{shown(text)} is not like file.py:function or package.module:function")
    if source.endswith(".py"):
        path = PurePosixPath(source)
        if path.is_absolute() or ".." in path.parts or not source.isprintable():
            raise ValueError(f"{shown(text)} must be a path inside the project")
    elif not all(part.isidentifier() for part in source.split(".")):
        raise ValueError(f"{shown(text)} is not like file.py:function or package.module:function")
    return text


Target = Annotated[
    Text,
    AfterValidator(_target),
    WithJsonSchema(
        {"type": "string", "pattern": r"^.+:[^:]+$", "examples": ["benchmarks/codec.py:encode"]}
    ),
]


def _day(value: object) -> date:
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise ValueError(f"{shown(value)} is not a day; write it like 2026-12-31") from None


Day = Annotated[
    date,
    PlainValidator(_day),
    PlainSerializer(date.isoformat, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-12-31"]}),
]


def _inside(text: str) -> str:
    path = PurePosixPath(text)
    if path.is_absolute() or ".." in path.parts:
        raise ValueError(f"{shown(text)} must be a path inside the project")
    return speakable(text)


InsidePath = Annotated[Text, AfterValidator(_inside)]
"""Relative to the root of each side."""
Paths = Annotated[
    tuple[InsidePath, ...],
    BeforeValidator(lambda value: [value] if isinstance(value, str) else value),
    AfterValidator(_not_empty),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "minLength": 1},
                {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1},
            ]
        }
    ),
]
"""One path or several, relative to the project's root."""
ExitCodes = Annotated[
    tuple[Annotated[int, Strict(), Field(ge=0, le=255)], ...], AfterValidator(_not_empty)
]


def _scalar(value: object) -> Scalar:
    match value:
        case str():
            if "," in value or printable(value) != value:
                message = f"{shown(value)} has a comma, or characters that a key cannot show"
                raise ValueError(message)
            return value
        case bool():
            return value
        case int() if abs(value) < 2**63:
            return value
        case float() if math.isfinite(value):
            return value
        case int() | float():
            raise ValueError(f"{shown(value)} is out of range")
        case _:
            raise ValueError(f"{shown(value)} is not a text, a number, true or false")


def _parameter(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", text):
        raise ValueError(f"{shown(text)} is not a name of letters, digits and underscores")
    return text


ParameterName = Annotated[Text, AfterValidator(_parameter)]
ParameterValue = Annotated[
    Any,
    PlainValidator(_scalar),
    WithJsonSchema({"type": ["string", "number", "boolean"]}),
]
ParameterValues = Annotated[
    tuple[ParameterValue, ...],
    AfterValidator(_not_empty),
    Field(json_schema_extra={"minItems": 1}),
]
