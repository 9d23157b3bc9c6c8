"""What of a benchmark's output has to be the same on both sides, as the user writes it."""

from typing import Annotated

from pydantic import PlainValidator, WithJsonSchema

from perfci.settings.spelling import shown


def _checksum(value: object) -> bool | str:
    match value:
        case bool():
            return value
        case str() if value.strip() and value.isprintable():
            return value
        case str():
            raise ValueError(f"{shown(value)} is empty, or has characters that cannot be shown")
        case _:
            raise ValueError(
                f"{shown(value)} is neither true nor false nor the beginning of a line"
            )


Checksum = Annotated[
    bool | str,
    PlainValidator(_checksum),
    WithJsonSchema(
        {"anyOf": [{"type": "boolean"}, {"type": "string", "pattern": r"^[^\r\n]*\S[^\r\n]*$"}]}
    ),
]
"""True for all of it, a text for the lines that begin with it, false for nothing."""
