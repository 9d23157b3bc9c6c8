"""TOML to plain values, with the line of every key as far as a scan can tell."""

import re
import tomllib
from datetime import date, time
from typing import Any

from perfci.settings.spelling import KeyPath

_KEY = re.compile(r"""\s*(?:"([^"\\]*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*""")


def read_toml(data: bytes) -> dict[str, Any]:
    """Read a document; dates become texts, as they are in YAML.

    Raises:
        ValueError: it is none; the message names the line.
    """
    try:
        tree = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ValueError(f"it is not UTF-8: {error.reason}") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    return {key: _plain(value) for key, value in tree.items()}


def _plain(value: object) -> Any:
    match value:
        case dict():
            return {key: _plain(inner) for key, inner in value.items()}
        case list():
            return [_plain(inner) for inner in value]
        case date() | time():
            return str(value)
        case _:
            return value


def lines_of(data: bytes, prefix: KeyPath = ()) -> dict[KeyPath, int]:
    """Find the line of each key below a table, best effort: a scan, not a parser.

    Args:
        data: the document.
        prefix: the table that holds the settings, `("tool", "perfci")`; it is left out of paths.

    Returns:
        Lines from 1. Keys of inline tables are missing: take the nearest path above.
    """
    lines: dict[KeyPath, int] = {}
    counts: dict[KeyPath, int] = {}
    table: KeyPath = ()
    for number, line in enumerate(data.decode("utf-8-sig").splitlines(), start=1):
        text = line.strip()
        if text.startswith("[["):
            path = _with_index(_keys(text[2:], "]"), counts)
            counts[path] = counts.get(path, -1) + 1
            table = (*path, counts[path])
            _note(lines, table, prefix, number)
            _note(lines, path, prefix, number)
        elif text.startswith("[") and _keys(text[1:], "]"):
            table = _with_index(_keys(text[1:], "]"), counts)
            _note(lines, table, prefix, number)
        elif keys := _keys(text, "="):
            _note(lines, (*table, *keys), prefix, number)
    return lines


def _keys(text: str, end: str) -> KeyPath:
    """Return the dotted keys at the start of a text; none where `end` does not follow them."""
    keys: list[str] = []
    at = 0
    while found := _KEY.match(text, at):
        keys.append(next(group for group in found.groups() if group is not None))
        at = found.end()
        if text[at : at + 1] != ".":
            break
        at += 1
    return tuple(keys) if text[at : at + 1] == end else ()


def _with_index(path: KeyPath, counts: dict[KeyPath, int]) -> KeyPath:
    """Put in the index of the array of tables that a header speaks of."""
    full: KeyPath = ()
    for depth, part in enumerate(path, start=1):
        full = (*full, part)
        if full in counts and depth < len(path):
            full = (*full, counts[full])
    return full


def _note(lines: dict[KeyPath, int], path: KeyPath, prefix: KeyPath, number: int) -> None:
    if path[: len(prefix)] == prefix:
        lines.setdefault(path[len(prefix) :], number)
