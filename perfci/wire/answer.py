"""What a server answered: every byte of it is a stranger's."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import SplitResult, urljoin, urlsplit

from perfci.model.text import printable

PATIENCE = 90
"""Seconds that a server may ask us to wait, in all, before other tries of one request."""
_SAID = 240
_LINK = re.compile(r"<([^>]*)>([^<]*)")
_PASSING = frozenset({429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server answered; every byte of it is a stranger's."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def document(self) -> object:
        """Return the JSON; None where it is none."""
        try:
            found: object = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return found

    @property
    def said(self) -> str:
        """Return what it says of itself, in one bounded line."""
        found = self.document()
        if isinstance(found, Mapping):
            told = (found.get(key) for key in ("message", "msg", "error_description", "error"))
            text = next((str(each) for each in told if each), "")
        else:
            markup = self.body.lstrip()[:1] == b"<"
            text = "" if markup else self.body[: 4 * _SAID].decode("utf-8", "replace")
        phrase = HTTPStatus(self.status).phrase if self.status in set(HTTPStatus) else ""
        return printable(f"{self.status} {phrase}{': ' if text else ''}{text}", limit=_SAID).strip()

    @property
    def limited(self) -> bool:
        """Return whether this is a limit on how often one may ask, rather than a refusal."""
        spent = self.headers.get("x-ratelimit-remaining") == "0"
        return self.status == 429 or (
            self.status == 403 and (spent or "retry-after" in self.headers)
        )

    @property
    def ends_limit(self) -> str:
        """Return when a limit ends, in words; empty where the server does not say."""
        reset = self.headers.get("x-ratelimit-reset", "")
        if not (reset.isascii() and reset.isdigit() and len(reset) < 12):
            return ""
        return f"{datetime.fromtimestamp(int(reset), UTC):%Y-%m-%d %H:%M} UTC"

    def delay(self, attempt: int) -> float | None:
        """Return the seconds after which another try makes sense; None where none does."""
        asked = self.headers.get("retry-after", "")
        if asked.isascii() and asked.isdigit() and (self.limited or self.status in _PASSING):
            return float(asked[:9])
        if self.status in _PASSING:
            return 2.0 ** (attempt - 1)
        return PATIENCE + 1 if self.limited else None


def parts_of(url: str) -> SplitResult:
    """Split an address that a stranger may have written; all is empty where it is none."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")


def joined(url: str, target: str) -> str:
    """Return where a relative address leads; empty where it is none."""
    try:
        return urljoin(url, target)
    except ValueError:
        return ""


def origin(url: str) -> tuple[str, str]:
    """Return scheme and host: to whom a credential may go."""
    parts = parts_of(url)
    return parts.scheme.lower(), parts.netloc.lower()


def shown(url: str) -> str:
    """Return an address without what may be secret in it: user, query and fragment."""
    parts = parts_of(url)
    host = parts.netloc.rpartition("@")[2]
    known = f"{parts.scheme}://{host}{parts.path}" if parts.scheme else "no address"
    return printable(known, limit=200)


def linked(link: str, url: str, relation: str) -> str | None:
    """Return where a `Link` header says that another page is; None where it names none.

    Args:
        link: the header.
        url: of the page that had it.
        relation: `next`, `prev`, `first` or `last`.
    """
    wanted = re.compile(rf'\brel="?{re.escape(relation)}\b')
    for part in _LINK.finditer(link):
        if wanted.search(part[2]):
            return joined(url, str(part[1]))
    return None


def amount(size: int) -> str:
    """Return a number of bytes in the unit that fits, of 1,024 each: `64 KB`, `16 MB`."""
    for shift, unit in ((30, "GB"), (20, "MB"), (10, "KB")):
        if size >= 1 << shift:
            return f"{size / (1 << shift):.4g} {unit}"
    return f"{size} bytes"
