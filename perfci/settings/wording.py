"""Validation errors as sentences of the settings' own language."""

import re
from collections.abc import Callable

from pydantic_core import ErrorDetails

from perfci.settings.keys import nearest
from perfci.settings.layers import Where
from perfci.settings.spelling import KeyPath, shown, spell

_NOUNS = {
    "string_type": "a text",
    "string_unicode": "a text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "tuple_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
}


def sentence(error: ErrorDetails, where: Where) -> str:
    """Say what is wrong, where it was written, and what was probably meant.

    Args:
        error: as the validation reports it.
        where: finds the place of a path.
    """
    path: KeyPath = tuple(part for part in error["loc"] if part != "[key]")
    place = where(path)
    if error["type"] == "extra_forbidden":
        meant = nearest(path)
        hint = f"; did you mean {meant}?" if meant else ""
        return f"{spell(path)} is not known ({place}){hint}"
    return f"{_STATEMENTS.get(error['type'], _noun)(error, path)} ({place})"


def _missing(_error: ErrorDetails, path: KeyPath) -> str:
    return f"{spell(path[:-1])} has no {path[-1]}"


def _shape(error: ErrorDetails, path: KeyPath) -> str:
    return f"{spell(path)} {error['msg']}"


def _value(error: ErrorDetails, path: KeyPath) -> str:
    return f"{spell(path)}: {error['ctx']['error']}"


def _choice(error: ErrorDetails, path: KeyPath) -> str:
    choices = ", ".join(re.findall(r"'([^']*)'", error["ctx"]["expected"]))
    return f"{spell(path)}: {shown(error['input'])} is not one of {choices}"


def _noun(error: ErrorDetails, path: KeyPath) -> str:
    noun = _NOUNS.get(error["type"]) or _bound(error) or "what belongs here"
    quotes = noun == "a text" and isinstance(error["input"], int | float)
    hint = "; put it in quotes" if quotes else ""
    return f"{spell(path)}: {shown(error['input'])} is not {noun}{hint}"


def _bound(error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    if "ge" in context:
        return f"{context['ge']} or more"
    return f"{context['le']} or less" if "le" in context else ""


_STATEMENTS: dict[str, Callable[[ErrorDetails, KeyPath], str]] = {
    "missing": _missing,
    "shape": _shape,
    "value_error": _value,
    "literal_error": _choice,
    "enum": _choice,
}
