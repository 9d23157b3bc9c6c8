"""What the stores on a forge share: the check of a name, and a variable of the job."""

import hashlib
from collections.abc import Iterable, Mapping

from perfci.errors import ConfigurationError, StoreError


def insist_on_name(url: str, name: str) -> None:
    """Refuse what leads elsewhere or could not lie in a file store, too.

    Raises:
        StoreError: it is not relative, or a part of it is empty or begins with a dot.
    """
    if "\0" in name or any(not part or part.startswith(".") for part in name.split("/")):
        message = f"{url}: {name!r} cannot be the name of a stored object"
        raise StoreError(message, hint="Names are relative and no part begins with a dot.")


def version_of(data: bytes) -> str:
    """Return the version of a blob where the server has none: its SHA-256."""
    return hashlib.sha256(data).hexdigest()


def token_of(environ: Mapping[str, str], names: Iterable[str]) -> tuple[str, str]:
    """Return the first of some variables that is set, and its text; two empty texts for none.

    Raises:
        ConfigurationError: it holds what can be no token.
    """
    for name in names:
        text = environ.get(name, "").strip()
        if text:
            if not text.isascii() or not text.isprintable() or " " in text:
                message = f"the variable {name} holds characters that no token has"
                raise ConfigurationError(message, hint="see how the secret was stored")
            return name, text
    return "", ""
