"""Which credentials are tried on a remote, in which order, and for which server each is meant."""

import base64
import binascii
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qsl, unquote

from perfci.programs.credentials import (
    HEADER,
    Settings,
    bare_host,
    basic,
    is_for,
    tokens_of,
    web,
    with_header,
)
from perfci.stores.git.checkout import Remote


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """The ways to a remote, the first to be tried first."""

    fetch_url: str
    """Without credentials."""
    push_url: str
    ways: tuple[Settings, ...] = field(repr=False)
    """At least one; each is all the settings that git is given."""
    secrets: tuple[str, ...] = field(repr=False)
    """What must not be shown, whoever echoes it."""


def access_of(remote: Remote, environ: Mapping[str, str]) -> Access:
    """Return the ways to a remote: what the checkout brings, then tokens of the environment.

    A token goes to the server that it is for and to no other: `GITHUB_SERVER_URL` or
    `CI_SERVER_URL`. What git sends by itself (ssh keys, helpers, a header that the checkout left)
    comes first, because the user chose it.
    """
    urls = {remote.fetch_url: web(remote.fetch_url), remote.push_url: web(remote.push_url)}
    webs = [address for address in urls.values() if address]
    headers = [value for key, value in remote.settings if key.endswith(HEADER) and value]
    own: Settings = remote.settings
    if headers:
        # git would send the header on to wherever the first answer sends it
        own = (*own, ("http.followRedirects", "false"))
    logins = list(dict.fromkeys(filter(None, map(_login, webs))))
    # a credential in an address would be seen on the command line of git's helper
    ways = [own, *(with_header(remote.settings, webs, *login) for login in logins)]
    if logins and not headers:
        ways = [*ways[1:], own]
    tokens = tuple(tokens_of(environ))
    for token in tokens:
        meant = [address for address in webs if is_for(token, address)]
        if meant:
            ways.append(with_header(remote.settings, meant, token.user, token.secret))
    passwords = [password for _, password in logins]
    secrets = [token.secret for token in tokens] + passwords
    secrets += [basic(user, password) for user, password in logins]
    secrets += [value for address in webs for _, value in parse_qsl(address.query)]
    secrets += [basic(token.user, token.secret) for token in tokens]
    secrets += [secret for header in headers for secret in _inside(header)]
    return Access(
        fetch_url=_bare(remote.fetch_url),
        push_url=_bare(remote.push_url),
        ways=tuple(dict.fromkeys(ways)),
        secrets=tuple(sorted({it for it in secrets if len(it) > 5}, key=len, reverse=True)),
    )


def _login(address: SplitResult) -> tuple[str, str] | None:
    if not address.password:
        return None
    return unquote(address.username or ""), unquote(address.password)


def _bare(url: str) -> str:
    """Return an address without a password; a user alone stays: helpers are asked for it."""
    address = web(url)
    if not address or not address.password:
        return url
    return address._replace(netloc=bare_host(address)).geturl()


def _inside(header: str) -> Iterator[str]:
    """Yield what is secret in a header like `AUTHORIZATION: basic dXNlcjpwYXNz`."""
    value = header.rpartition(" ")[2]
    yield value
    with suppress(binascii.Error, UnicodeDecodeError):
        yield base64.b64decode(value, validate=True).decode().rpartition(":")[2]
