"""Text that no chat takes for a mention, a link, a command or a formula, whoever wrote it."""

import re

from perfci.reports.text import clean

_BREAK = "\N{ZERO WIDTH SPACE}"
_ELLIPSIS = "…"


def harmless(text: str, limit: int) -> str:
    """Return one line that shows as it is written and does nothing.

    Args:
        text: hostile, of any length.
        limit: characters, at most; the middle is cut out beyond it.
    """
    found = _broken(clean(text, limit))
    # no rule puts in more than one character for each that is there
    return found if len(found) <= limit else _broken(clean(text, limit // 2))


def _broken(text: str) -> str:
    """Put a character that nobody sees into whatever some chat would act upon.

    Mentions (`@everyone`, `<!channel>`, `<@U1>`, `<at>`), links and bare domains that begin with
    www, dates and formulas of cards (`{{DATE(...)}}`, `${...}`).
    """
    text = re.sub(r"[<@]|[{$](?=\{)", lambda found: f"{found[0]}{_BREAK}", text)
    text = re.sub(r"(?<=\w)(?=://)", _BREAK, text)
    return re.sub(r"(?i)\bwww(?=\.)", lambda found: f"{found[0]}{_BREAK}", text)


def units(text: str) -> int:
    """Return a text's length as JavaScript counts it, which is how chats count."""
    return len(text.encode("utf-16-le", "replace")) // 2


def within(text: str, limit: int) -> str:
    """Return what fits into a number of such units, with an ellipsis where something is cut."""
    if units(text) <= limit:
        return text
    kept = text[: limit - 1]
    while units(kept) > limit - 1:
        kept = kept[:-1]
    return kept + _ELLIPSIS
