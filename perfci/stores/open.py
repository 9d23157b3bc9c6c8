"""From `store:` in the configuration to a store."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from perfci.errors import ConfigurationError
from perfci.ports import Store
from perfci.stores.local import FileStore

_LOGIN = re.compile(r"//[^/?#\s]*:[^/?#\s]*@")
"""What is never repeated, not even in an error: `//user:password@`."""
_KNOWN = ("file", "git", "s3", "artifact", "gitlab")


def _at_once(_attempt: int) -> None:
    pass


def _not(_seconds: float) -> None:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What stores beyond this machine need of the process."""

    environ: Mapping[str, str] = field(default_factory=dict)
    """Holds credentials, or says where they are."""
    pause: Callable[[int], None] = _at_once
    """Waits before another try; is given the number of the try, from 1."""
    wait: Callable[[float], None] = _not
    """Waits for about so many seconds."""
    output: Path = Path()
    """Folder for what could not be brought away."""


def open_store(url: str, root: Path, means: Means | None = None) -> Store:
    """Return the store that a URL names; nothing is touched yet.

    Args:
        url: `file:DIR`, `git:BRANCH`, `s3://BUCKET/PREFIX`, `artifact:NAME`, `gitlab:PACKAGE`.
        root: what a relative DIR is relative to: the configuration's folder.
        means: of the process.

    Raises:
        ConfigurationError: not a store that this perfci knows.
    """
    given = means or Means()
    if _LOGIN.search(url):
        raise ConfigurationError(
            "store: the address holds a user's name and password",
            hint="take them out: credentials come from the environment, see docs/stores.md",
        )
    scheme, colon, rest = url.partition(":")
    if not colon:
        hint = f"Did you mean file:{url}?" if url else "Write it like file:.perfci."
        raise ConfigurationError(f"store: {url!r} names no kind of store", hint=hint)
    match scheme:
        case "file":
            folder = rest.removeprefix("//")
            if not folder or "\0" in folder:
                message = f"store: {url!r} names no folder"
                raise ConfigurationError(message, hint="Write it like file:.perfci.")
            return FileStore(url, root / folder)
        case "artifact":
            from perfci.stores.artifact.open import artifact_store

            return artifact_store(url, rest, given.environ, output=given.output, wait=given.wait)
        case "gitlab":
            from perfci.stores.gitlab.open import gitlab_store

            return gitlab_store(url, rest, given.environ, output=given.output, wait=given.wait)
        case "git":
            from perfci.stores.git.store import git_store

            return git_store(url, checkout=root, environ=given.environ, pause=given.pause)
        case "s3":
            from perfci.stores.s3 import s3_store

            return s3_store(rest, given.environ, pause=given.pause)
        case _:
            close = get_close_matches(scheme.lower(), _KNOWN, n=1)
            meant = f" Did you mean {close[0]}:{rest}?" if close else ""
            known = ", ".join(f"{each}:" for each in _KNOWN)
            message = f"store: {url!r} is of a kind that this perfci does not know"
            raise ConfigurationError(message, hint=f"Known: {known}.{meant}")
