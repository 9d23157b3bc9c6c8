"""Files that something happened to: mutations of real ones, repeatable by their chance."""

import json
from random import Random
from typing import Any

_TOKENS = (
    *("NaN", "-Infinity", "1e999", "-1", "0", "1,234,567.8", "9" * 400, "null", "true", "0x1f"),
    *(
        "\x1b[31m",
        "\ufeff",
        "\0",
        "\r\n",
        "\u2028",
        "::error::",
        "[",
        "]",
        "{",
        "}",
        '"',
        "<",
        "&x;",
    ),
    *(",", "\t", ";", "%", "ns", "±", "#2", "[a=b]", "/", ":", "\N{SNOWMAN}", "\ud800"),
)
_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, -0.0, 1e308, 5e-324, 10**400, float("nan"), float("inf")),
    *(
        "",
        " ",
        "x",
        "NaN",
        "1e999",
        "a\0b\x1b[1m\n",
        "\ud800",
        "[x",
        "x" * 5000,
        "2026-13-45T99:00",
    ),
    *([], {}, [None], [[]], [""], [float("nan")], [1, "x"], {"a": 1}, {"": None}, [{}], [0.0, 0.0]),
)


def mutated(data: bytes, others: bytes, chance: Random) -> bytes:
    """Return a file after one to four accidents.

    Args:
        data: a file.
        others: of another file; pieces of it come in.
        chance: decides all.
    """
    for _ in range(chance.randint(1, 4)):
        data = chance.choice(_ACCIDENTS)(data, others, chance)
    return data


def _cut(data: bytes, others: bytes, chance: Random) -> bytes:
    return data[: chance.randint(0, len(data))]


def _hole(data: bytes, others: bytes, chance: Random) -> bytes:
    start = chance.randint(0, len(data))
    return data[:start] + data[start + chance.randint(0, 200) :]


def _splice(data: bytes, others: bytes, chance: Random) -> bytes:
    at, start = chance.randint(0, len(data)), chance.randint(0, len(others))
    return data[:at] + others[start : start + chance.randint(0, 300)] + data[at:]


def _flip(data: bytes, others: bytes, chance: Random) -> bytes:
    changed = bytearray(data or b" ")
    for _ in range(chance.randint(1, 8)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _token(data: bytes, others: bytes, chance: Random) -> bytes:
    at = chance.randint(0, len(data))
    token = chance.choice(_TOKENS).encode("utf-8", "surrogatepass")
    return data[:at] + token + data[at + chance.choice((0, len(token), 5)) :]


def _lines(data: bytes, others: bytes, chance: Random) -> bytes:
    lines = data.splitlines(keepends=True) or [b""]
    at = chance.randrange(len(lines))
    match chance.randrange(4):
        case 0:
            lines[at:at] = lines[at : at + 3] * chance.randint(1, 3)
        case 1:
            del lines[at : at + chance.randint(1, 4)]
        case 2:
            chance.shuffle(lines)
        case _:
            words = lines[at].split(b" ")
            del words[chance.randrange(len(words))]
            lines[at] = b" ".join(words)
    return b"".join(lines)


def _swap(data: bytes, others: bytes, chance: Random) -> bytes:
    """Put another value somewhere in a JSON document, or in one line of many."""
    try:
        return _dumped(_swapped(json.loads(data), chance))
    except (ValueError, RecursionError):
        pass
    lines = data.splitlines(keepends=True)
    found = [at for at, line in enumerate(lines) if line.lstrip()[:1] in {b"{", b"["}]
    if not found:
        return _token(data, others, chance)
    at = chance.choice(found)
    try:
        lines[at] = _dumped(_swapped(json.loads(lines[at]), chance)) + b"\n"
    except (ValueError, RecursionError):
        return _flip(data, others, chance)
    return b"".join(lines)


def _dumped(document: Any) -> bytes:
    return json.dumps(document, indent=1, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _swapped(document: Any, chance: Random) -> Any:
    inside = list(document.items()) if isinstance(document, dict) else []
    if isinstance(document, list):
        inside = list(enumerate(document))
    if not inside or chance.random() < 0.08:
        return chance.choice(_VALUES)
    place, value = chance.choice(inside)
    changed = document.copy()
    if chance.random() < 0.1:
        del changed[place]
    elif chance.random() < 0.1 and isinstance(changed, list):
        changed.append(value)
    else:
        changed[place] = _swapped(value, chance)
    return changed


_ACCIDENTS = (_cut, _hole, _splice, _flip, _token, _lines, _swap, _swap, _swap)
