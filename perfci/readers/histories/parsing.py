"""Reading hostile JSON of other tools: bounded, and with the file's name in every message."""

import math
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from typing import Any

from pydantic_core import from_json

from perfci.errors import FormatError
from perfci.model.text import printable
from perfci.readers.json_tree import number_in
from perfci.schema.packed import unpack

_LONGEST = 300


def parse(data: bytes, source: str) -> dict[str, Any]:
    """Return the object at the root of a file; `NaN` and `Infinity` are let pass.

    Args:
        data: JSON, plain or gzip.
        source: the file's name, for messages.

    Raises:
        FormatError: no JSON, or no object.
    """
    root = parse_any(data, source)
    if type(root) is not dict:
        raise FormatError(f"{source} is JSON, but not an object", hint="Is it the right file?")
    return root


def parse_any(data: bytes, source: str) -> Any:
    """Return whatever is at the root of a file; see `parse`."""
    try:
        return from_json(unpack(data, source))
    except ValueError as error:
        raise FormatError(
            f"{source} is not valid JSON: {str(error)[:120]}",
            hint="The file is cut off or damaged; write or download it again.",
        ) from None


def table(fields: dict[str, Any], name: str, source: str) -> dict[str, Any]:
    """Return an object inside of one.

    Raises:
        FormatError: it is missing, or something else.
    """
    found = fields.get(name)
    if type(found) is not dict:
        what = "is missing" if found is None else "is not an object"
        raise FormatError(f"{source}: {name} {what}", hint="Is it the right file?")
    return found


def finite_number(value: Any) -> float | None:
    """Return a finite number, also from text; None for everything else."""
    number = number_in(value)
    return number if number is not None and math.isfinite(number) else None


def text_of(fields: Any, *names: str) -> str:
    """Return a text by its path through objects; empty where there is none."""
    for name in names:
        fields = fields.get(name) if type(fields) is dict else None
    return fields if type(fields) is str else ""


def time_of(text: str) -> datetime | None:
    """Return an aware time from ISO 8601; None where it is none of the years 2 to 9998."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return tellable(found if found.tzinfo else found.replace(tzinfo=UTC))


def tellable(time: datetime) -> datetime | None:
    """Return an aware time; None where some time zones could not tell it."""
    return time if MINYEAR < time.year < MAXYEAR else None


def named(text: str, *, part: bool = False) -> str:
    """Return a name that is safe in a key: harmless, bounded, never empty.

    Args:
        text: as the tool has it.
        part: True for what comes before the first slash of a key.
    """
    name = printable(text, limit=_LONGEST).strip() or "unnamed"
    return name.replace("/", "-") if part else name
