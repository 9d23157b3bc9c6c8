"""Quantities of the settings: text with a unit outside, base units inside."""

from collections.abc import Callable
from typing import Annotated, TypeVar

from pydantic import AfterValidator, PlainSerializer, PlainValidator, WithJsonSchema

from perfci.settings.spelling import shown
from perfci.units import (
    limit,
    parse_duration,
    parse_percent,
    parse_quantity,
    parse_rate,
    scale_for,
)

_T = TypeVar("_T")

_NUMBER = r"^\s*\+?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*"
_TIME = r"(ns|us|µs|ms|s|m|min|h)"
_RATE = r"(/s|1/s|k/s|/min)"
_MOST = 1e300
_SIZE = r"(B|kB|KB|MB|GB|TB|KiB|MiB|GiB|TiB)"


def _with_unit(parse: Callable[[str], _T], noun: str, example: str) -> Callable[[object], _T]:
    def read(value: object) -> _T:
        if isinstance(value, int | float) and not isinstance(value, bool):
            message = f"{shown(value)} has no unit; write it like {example}"
            raise ValueError(message)  # noqa: TRY004 - pydantic collects only ValueErrors
        try:
            return parse(value if isinstance(value, str) else "")
        except ValueError:
            message = f"{shown(value)} is not {noun}; write it like {example}"
            raise ValueError(message) from None

    return read


def _quantity(value: object) -> tuple[float, str]:
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _MOST:
        return float(value), "count"
    try:
        return parse_quantity(value if isinstance(value, str) else "")
    except ValueError:
        message = (
            f"{shown(value)} is not a quantity; write it like 2ms, 512MB, 3% or 200/s, and counts "
            "as plain numbers"
        )
        raise ValueError(message) from None


def _text_of_quantity(value: tuple[float, str]) -> str:
    if value[1] == "count":
        return f"{value[0]:.15g}"
    return scale_for(value[1], value[0]).text(value[0])


def _positive(value: float) -> float:
    if value <= 0:
        raise ValueError("it must be more than 0")
    return value


def _matters(value: float) -> float:
    if value <= 0:
        raise ValueError("it must be more than 0; write the smallest change that matters, like 5%")
    return value


def _not_negative(value: float) -> float:
    if value < 0:
        raise ValueError("it must not be less than 0")
    return value


def _at_most_all(value: float) -> float:
    if value > 1:
        raise ValueError("it must be at most 100%")
    return value


def _limit(value: tuple[float, str]) -> tuple[float, str]:
    # none at all is what a count can be held to
    if value[1] == "count":
        _not_negative(value[0])
    else:
        _positive(value[0])
    return value


Seconds = Annotated[
    float,
    PlainValidator(_with_unit(parse_duration, "a duration", "10s or 5m")),
    PlainSerializer(lambda value: f"{value:g}s", when_used="json"),
    WithJsonSchema({"type": "string", "pattern": f"{_NUMBER}{_TIME}\\s*$", "examples": ["10s"]}),
    AfterValidator(_not_negative),
]
Duration = Annotated[Seconds, AfterValidator(_positive)]
_AnyPercent = Annotated[
    float,
    PlainValidator(_with_unit(parse_percent, "a percentage", "5%")),
    PlainSerializer(limit, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": f"{_NUMBER}%\\s*$", "examples": ["5%"]}),
]
Percent = Annotated[_AnyPercent, AfterValidator(_positive)]
Change = Annotated[_AnyPercent, AfterValidator(_matters)]
"""A change that is to be noticed."""
Share = Annotated[Change, AfterValidator(_at_most_all)]
Rate = Annotated[
    float,
    PlainValidator(_with_unit(parse_rate, "a rate", "200/s")),
    PlainSerializer(lambda value: f"{value:g}/s", when_used="json"),
    WithJsonSchema({"type": "string", "pattern": f"{_NUMBER}{_RATE}\\s*$", "examples": ["200/s"]}),
    AfterValidator(_positive),
]
Quantity = Annotated[
    tuple[float, str],
    PlainValidator(_quantity),
    PlainSerializer(_text_of_quantity, when_used="json"),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": f"{_NUMBER}({_TIME}|{_SIZE}|{_RATE}|%)?\\s*$"},
                {"type": "number", "minimum": 0},
            ],
            "examples": ["2ms", "512MB", 100],
        }
    ),
    AfterValidator(_limit),
]
"""A value in its base unit, and that unit; `count` of a plain number."""
