"""Which names a branch and its files may have: they come from settings and from other stores."""

import re

from perfci.errors import ConfigurationError, StoreError

MARKER = ".perfci"
"""The file by which a branch is known to be a store; no stored object can have its name."""

_BRANCH = re.compile(r"(?!-)[^\0-\x20\x7f~^:?*\[\\]+")
_NO_BRANCH = re.compile(r"^@$|@\{|\.\.|//|^/|/$|\.$|(?:^|/)\.|\.lock(?:/|$)")
_NO_FILE = re.compile(r"[\0-\x1f\x7f\ud800-\udfff]")
_LONGEST = 255  # bytes of one part: more cannot be checked out on most file systems


def checked_branch(url: str, branch: str) -> str:
    """Return the name of a branch, if git lets a branch have it.

    Args:
        url: the store, as the user wrote it.
        branch: without `refs/heads/`.

    Raises:
        ConfigurationError: it does not.
    """
    whole = _BRANCH.fullmatch(branch) and not _NO_BRANCH.search(branch)
    if not whole or branch.startswith("refs/") or branch == "HEAD" or len(branch.encode()) > 200:
        message = f"store: {url!r} names no branch"
        raise ConfigurationError(message, hint="Write it like git:perfci-data.")
    return branch


def check_name(url: str, name: str) -> None:
    """Make sure that a stored object may have a name.

    Raises:
        StoreError: it leads elsewhere, or git or a file system could not hold it.
    """
    parts = name.split("/")
    if _NO_FILE.search(name) or not all(map(_is_part, parts)):
        message = f"{url}: {name!r} cannot be the name of a stored object"
        raise StoreError(message, hint="Names are relative and no part begins with a dot.")


def is_name(name: str) -> bool:
    """Tell whether a file of the branch is a stored object, going by its name."""
    return not _NO_FILE.search(name) and all(map(_is_part, name.split("/")))


def quoted(name: str) -> str:
    """Return a checked name as `git fast-import` reads it."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _is_part(part: str) -> bool:
    # git~1 is .git on a disk with short names: hosts refuse a push that holds it
    return (
        bool(part)
        and not part.startswith(".")
        and part.lower() != "git~1"
        and len(part.encode()) <= _LONGEST
    )
