"""Single values out of variables and event payloads: foreign text, taken only where it fits."""

import re
from collections.abc import Mapping


def commit(value: object) -> str:
    """Return a full hash; empty for anything else, the 40 zeros of "no commit" included."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9a-f]{40}(?:[0-9a-f]{24})?", value):
        return ""
    return value if value.strip("0") else ""


def branch(value: object) -> str:
    """Return a branch without `refs/heads/`; empty for a reference of another kind."""
    name = text(value).removeprefix("refs/heads/")
    return "" if name.startswith("refs/") else name


def number(value: object) -> int | None:
    """Return a pull request's number, from 1; None for anything else."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,18}", value):
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def text(value: object) -> str:
    """Return a text; empty for anything else."""
    return value if isinstance(value, str) else ""


def at(document: object, *path: str) -> object:
    """Return what stands at a path of keys; None where something is missing on the way."""
    for key in path:
        if not isinstance(document, Mapping):
            return None
        document = document.get(key)
    return document


def first(environ: Mapping[str, str], *names: str) -> str:
    """Return the first variable that is there and not empty."""
    return next((environ[name] for name in names if environ.get(name)), "")
