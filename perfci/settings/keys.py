"""The catalogue of keys: what exists, what takes plain text, what was probably meant."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic_core import PydanticUndefined

from perfci.settings.model import Settings
from perfci.settings.spelling import KeyPath, spell
from perfci.settings.table import Table

_CLOSE = 0.75
_SIBLING = 0.15
_INSIDE = 0.01  # among equals, a key of a section rather than one of a list


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key of the settings."""

    name: str
    """Dotted; `[]` after a list of tables: `gate.rules[].match`."""
    description: str
    default: object
    """As the model declares it; None where it is computed or there is none."""
    text: bool
    """True where any text is a value, so that none is read as YAML."""
    table: bool
    """True for a section or a list of tables."""


def _walk(model: type[Table], prefix: str) -> Iterator[Key]:
    for name, field in model.model_fields.items():
        inner, many = _inner(field.annotation)
        yield Key(
            name=f"{prefix}{name}",
            description=field.description or "",
            default=None if field.default is PydanticUndefined else field.default,
            text=_takes_text(field.annotation),
            table=inner is not None,
        )
        if inner is not None:
            yield from _walk(inner, f"{prefix}{name}{'[]' if many else ''}.")


def _takes_text(annotation: Any) -> bool:
    """Tell whether a plain text is among an annotation's types, outside lists."""
    if annotation is str:
        return True
    origin = get_origin(annotation)
    if origin is Annotated:
        return _takes_text(annotation.__origin__)
    if origin in {Union, UnionType}:
        return any(_takes_text(argument) for argument in get_args(annotation))
    return False


def _inner(annotation: Any) -> tuple[type[Table] | None, bool]:
    """Return the table inside an annotation, and whether it is a list of them."""
    arguments = get_args(annotation)
    candidate = arguments[0] if arguments else annotation
    if isinstance(candidate, type) and issubclass(candidate, Table):
        return candidate, get_origin(annotation) is tuple
    return None, False


KEYS = {key.name: key for key in _walk(Settings, "")}


def is_addressable(name: str) -> bool:
    """Tell whether a variable or flag can set a key: all but those inside lists."""
    return name in KEYS and "[]" not in name


def nearest(path: KeyPath, *, addressable: bool = False) -> str | None:
    """Return the known key that an unknown one is probably meant to be.

    Keys of the same table come first; a key of the same name in another table is found, too.

    Args:
        path: the unknown key.
        addressable: look only among keys that a variable or flag can set.
    """
    *above, last = path
    table = "".join("[]" if isinstance(part, int) else f".{part}" for part in above).lstrip(".")
    wanted = str(last).lower().replace("-", "_")
    best, best_score = None, _CLOSE
    for key in KEYS:
        if addressable and not is_addressable(key):
            continue
        parent, _, leaf = key.rpartition(".")
        score = difflib.SequenceMatcher(None, wanted, leaf).ratio()
        score += _SIBLING if parent == table else -_INSIDE * key.count("[]")
        if score >= best_score and (best is None or score > best_score):
            best = spell((*above, leaf)) if parent == table else key
            best_score = score
    return best
