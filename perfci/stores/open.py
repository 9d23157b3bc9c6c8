"""From `store:` in the configuration to a store."""

from difflib import get_close_matches
from pathlib import Path

from perfci.errors import ConfigurationError
from perfci.ports import Store
from perfci.stores.local import FileStore

_KNOWN = ("file",)


def open_store(url: str, root: Path) -> Store:
    """Return the store that a URL names; nothing is touched yet.

    Args:
        url: `file:DIR`.
        root: what a relative DIR is relative to: the configuration's folder.

    Raises:
        ConfigurationError: not a store that this perfci knows.
    """
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
        case _:
            close = get_close_matches(scheme.lower(), _KNOWN, n=1)
            meant = f" Did you mean {close[0]}:{rest}?" if close else ""
            known = ", ".join(f"{each}:" for each in _KNOWN)
            message = f"store: {url!r} is of a kind that this perfci does not know"
            raise ConfigurationError(message, hint=f"Known: {known}.{meant}")
