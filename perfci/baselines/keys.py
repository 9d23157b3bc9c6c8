"""Names in a store for branches, projects and runs: safe anywhere, and reversible."""

import re
from datetime import UTC, datetime
from urllib.parse import quote_from_bytes, unquote_to_bytes

from perfci.errors import ConfigurationError

RUN_ID = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-z]{1,32}")
"""What `run_id` gives; anything else is no name of a stored run."""

_PART = 200  # bytes of one part of a key; file systems allow 255, and names get endings
_PROJECT = 200  # with these two, an object's whole name has at most S3's 1,024 bytes
_BRANCH = 772
_NAMELESS = "~"


def branch_key(branch: str) -> str:
    """Return a branch's name in the store; `branch_of` turns it back.

    Kept are `a-z 0-9 . _ -`; every other byte of the UTF-8 is %XX, and so is a leading dot.
    Capitals are encoded too, so that `Main` and `main` stay two on file systems that ignore
    case. Every 200 bytes a key is cut into parts, ended by `~` but for the last, and joined by
    slashes: no shorter form could be turned back. No branch is `~`.

    Raises:
        ConfigurationError: the key would be longer than 772 bytes; git hosts allow 255 for a name.
    """
    return _key(branch, "branch", _BRANCH)


def branch_of(key: str) -> str:
    """Return the branch's name from its key."""
    if key == _NAMELESS:
        return ""
    return unquote_to_bytes(key.replace("~/", "")).decode("utf-8", "surrogatepass")


def project_key(project: str) -> str:
    """Return a project's name in the store, encoded like a branch's, in one part.

    Raises:
        ConfigurationError: the key would be longer than 200 bytes.
    """
    return _key(project, "project", _PROJECT)


def _key(name: str, what: str, limit: int) -> str:
    quoted = quote_from_bytes(name.encode("utf-8", "surrogatepass"), safe="")
    quoted = quoted.replace("~", "%7E")  # Python's quote keeps it; here it has a meaning
    # capitals outside of %XX, whose own digits are always capital
    quoted = re.sub(r"%..|[A-Z]", lambda at: at[0] if at[0][1:] else f"%{ord(at[0]):X}", quoted)
    if quoted.startswith("."):
        quoted = "%2E" + quoted[1:]
    if len(quoted) > _PART:  # no part may begin with a dot, wherever the cuts fall
        quoted = quoted.replace(".", "%2E")
    parts = [quoted[start : start + _PART] for start in range(0, len(quoted), _PART)]
    key = "~/".join(parts) or _NAMELESS
    if len(key) > limit:
        message = f"the {what} {name[:60]!r}... is too long for a store: {len(key)} bytes encoded"
        raise ConfigurationError(message, hint=f"At most {limit} are possible: shorten its name.")
    return key


def run_id(started_at: datetime, token: str) -> str:
    """Return `20261123T065000Z-1a2b3c4d`: sorted by time, unique by the token.

    Args:
        started_at: aware.
        token: chance, digits and small letters.
    """
    return f"{started_at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{token}"
