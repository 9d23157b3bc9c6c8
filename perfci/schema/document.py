"""What all of perfci's JSON documents share: a schema with a version, strict JSON, a bound."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, TypeVar

from pydantic_core import PydanticSerializationError, from_json, to_json

from perfci.errors import FormatError
from perfci.schema.doubled import doubled
from perfci.schema.fields import Fields
from perfci.schema.packed import unpack
from perfci.schema.pieces import opened

_Loaded = TypeVar("_Loaded")

NEWEST: Mapping[str, int] = {
    "perfci.run": 1,
    "perfci.result": 1,
    "perfci.history": 1,
    "perfci.stored": 1,
    "perfci.acceptance": 1,
}
"""The documents that this perfci knows, with the newest version that it reads and writes."""

_ABSENT = {
    "perfci.result": "A result holds no raw values: give the run.json that lies beside it.",
    "perfci.run": "It is measured and not judged: `perfci gate RUN.json` judges it and writes the "
    "report; or give the result.json beside it, if there is one.",
}


class NewerVersionError(FormatError):
    """A document of a later perfci: sound, but not for this one; leave it as it is."""


def schema_of(kind: str) -> str:
    """Return the schema that this perfci writes: `perfci.run/1`."""
    return f"{kind}/{NEWEST[kind]}"


def encode(document: Mapping[str, Any], *, indent: int | None = None) -> bytes:
    """Return strict JSON in UTF-8: NaN and infinities become null, half surrogates U+FFFD."""
    try:
        text = to_json(document, inf_nan_mode="null", indent=indent)
    except PydanticSerializationError:
        # output of measured programs and names of files may hold what is no Unicode text
        text = to_json(_clean(document), inf_nan_mode="null", indent=indent)
    return text + b"\n"


def _clean(value: Any) -> Any:
    match value:
        case str():
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case Mapping():
            return {_clean(key): _clean(inside) for key, inside in value.items()}
        case list() | tuple():
            return [_clean(inside) for inside in value]
        case _:
            return value


def decode(data: bytes, source: str, kind: str) -> Fields:
    """Return the document's root, its schema checked.

    Args:
        data: JSON, plain or gzip.
        source: the file's name, for messages.
        kind: the document that is wanted, without its version: `perfci.run`.

    Raises:
        NewerVersionError: a later perfci wrote it.
        FormatError: too large, damaged, foreign, another of perfci's documents, or one in which a
            name stands twice in one object.
    """
    return _decoded(unpack(data, source), source, kind)


def load_in_pieces(
    data: bytes, source: str, kind: str, load: Callable[[Fields], _Loaded]
) -> _Loaded:
    """Return what is made of a document whose measurements are decoded one at a time.

    A document that is not as perfci writes it, or that holds anything wrong, is decoded as a whole:
    so one reader alone says what is wrong.

    Args:
        data: JSON, plain or gzip.
        source: the file's name, for messages.
        kind: as for `decode`.
        load: makes it; must go through the measurements by `Fields.groups`.

    Raises:
        FormatError: as `decode`, and what `load` raises.
    """
    data = unpack(data, source)
    with suppress(FormatError, ValueError):
        root = opened(data)
        if root is not None:
            fields = Fields(root, source)
            check_schema(fields, kind)
            return load(fields)
    return load(_decoded(data, source, kind))


def _decoded(data: bytes, source: str, kind: str) -> Fields:
    if not data.strip():
        raise FormatError(f"{source} is empty", hint="Make it again.")
    try:
        # its nesting is bounded, its numbers and its UTF-8 are checked
        root = from_json(data, allow_inf_nan=False)
    except ValueError as error:
        what, _, place = str(error).rpartition(" at line ")
        line, _, column = place.partition(" column ")
        message = f"{source} is not valid JSON at line {line}, column {column}: {what}"
        hint = "The file is cut off, damaged or of another format; make it again."
        raise FormatError(message, hint=hint) from None
    if type(root) is not dict:
        raise FormatError(f"{source} is JSON, but not a document of perfci", hint=_known())
    fields = Fields(root, source)
    check_schema(fields, kind)
    if twice := doubled(data, root):
        raise fields.wrong(twice, "stands there twice")
    return fields


def check_schema(fields: Fields, kind: str) -> None:
    """Make sure that an object is the document that is wanted, in a version that is known.

    Raises:
        NewerVersionError: a later perfci wrote it.
        FormatError: it is something else.
    """
    source = fields.source
    schema = fields.raw.get("schema")
    found = re.fullmatch(r"([a-z.]{1,40})/([0-9]{1,9})", schema) if type(schema) is str else None
    if found is None or found[1] not in NEWEST or int(found[2]) < 1:
        said = f"its schema is {schema[:60]!r}" if type(schema) is str else "it names no schema"
        raise FormatError(f"{source} is not a document of perfci: {said}", hint=_known())
    if found[1] != kind:
        message = f"{source} holds a {schema}, where a {schema_of(kind)} is needed"
        raise FormatError(message, hint=_ABSENT.get(found[1], ""))
    if int(found[2]) > NEWEST[kind]:
        raise NewerVersionError(
            f"{source} was written by a newer perfci "
            f"({schema}; this one reads up to {schema_of(kind)})",
            hint="Upgrade perfci here, or use the same version everywhere.",
        )


def _known() -> str:
    return "perfci writes and reads " + ", ".join(map(schema_of, NEWEST)) + "."
