"""How messages spell paths and values: harmless, short, and as the user writes them."""

KeyPath = tuple[str | int, ...]
"""From the root of the settings: `("gate", "rules", 0, "match")`."""

_LONGEST = 60


def spell(path: KeyPath) -> str:
    """Return a path as messages show it: `gate.rules[0].match`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{_cut(part if part.isprintable() else repr(part)[1:-1])}"
    return text.removeprefix(".")


def shown(value: object) -> str:
    """Return a value as messages show it; tables and lists only by their kind."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case dict():
            return "a table"
        case list() | tuple():
            return "a list"
        case int() if abs(value) >= 2**64:
            return "a very large number"
        case _:
            return _cut(repr(value))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 4]} ..."
