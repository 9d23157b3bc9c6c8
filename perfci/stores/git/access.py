"""Which credentials are tried on a remote, in which order, and for which server each is meant."""

import base64
import binascii
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

from perfci.stores.git.checkout import Remote
from perfci.stores.git.process import Settings

_HEADER = ".extraheader"
_GITHUB = ("INPUT_GITHUB-TOKEN", "INPUT_GITHUB_TOKEN", "PERFCI_GITHUB_TOKEN", "GITHUB_TOKEN")
_GITLAB = ("PERFCI_GITLAB_TOKEN", "GITLAB_TOKEN")


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
    urls = {remote.fetch_url: _web(remote.fetch_url), remote.push_url: _web(remote.push_url)}
    webs = [web for web in urls.values() if web]
    headers = [value for key, value in remote.settings if key.endswith(_HEADER) and value]
    own: Settings = remote.settings
    if headers:
        # git would send the header on to wherever the first answer sends it
        own = (*own, ("http.followRedirects", "false"))
    logins = list(dict.fromkeys(filter(None, map(_login, webs))))
    # a credential in an address would be seen on the command line of git's helper
    ways = [own, *(_with(remote.settings, webs, *login) for login in logins)]
    if logins and not headers:
        ways = [*ways[1:], own]
    tokens = tuple(_tokens(environ))
    for server, user, token in tokens:
        home = _web(server)
        meant = [web for web in webs if home and _place(web) == _place(home)]
        if meant:
            ways.append(_with(remote.settings, meant, user, token))
    passwords = [password for _, password in logins]
    secrets = [token for _, _, token in tokens] + passwords
    secrets += [_basic(user, password) for user, password in logins]
    secrets += [_basic(user, token) for _, user, token in tokens]
    secrets += [secret for header in headers for secret in _inside(header)]
    return Access(
        fetch_url=_bare(remote.fetch_url),
        push_url=_bare(remote.push_url),
        ways=tuple(dict.fromkeys(ways)),
        secrets=tuple(sorted({it for it in secrets if len(it) > 5}, key=len, reverse=True)),
    )


def _tokens(environ: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield server, user and token of each that the environment holds."""
    github = environ.get("GITHUB_SERVER_URL", "").strip() or "https://github.com"
    gitlab = environ.get("CI_SERVER_URL", "").strip() or "https://gitlab.com"
    for names, server, user in (
        (_GITHUB, github, "x-access-token"),
        (_GITLAB, gitlab, "oauth2"),
        (("CI_JOB_TOKEN",), gitlab, "gitlab-ci-token"),
    ):
        found = [token for name in names if (token := environ.get(name, "").strip())]
        for token in dict.fromkeys(found):
            if token.isascii() and token.isprintable():  # nothing that could end the header
                yield server, user, token


def _with(settings: Settings, webs: list[SplitResult], user: str, password: str) -> Settings:
    """Return settings that send a credential to these addresses, in place of any other header."""
    added = []
    for address in dict.fromkeys(web._replace(netloc=_netloc(web)).geturl() for web in webs):
        # the empty one takes back what the checkout left: servers refuse two such headers
        added += [(f"http.{address}{_HEADER}", "")]
        added += [(f"http.{address}{_HEADER}", f"AUTHORIZATION: basic {_basic(user, password)}")]
    return (*settings, *added, ("http.followRedirects", "false"))


def _web(url: str) -> SplitResult | None:
    with suppress(ValueError):
        parts = urlsplit(url)
        if parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0:
            return parts
    return None


def _login(web: SplitResult) -> tuple[str, str] | None:
    return (unquote(web.username or ""), unquote(web.password)) if web.password else None


def _bare(url: str) -> str:
    """Return an address without a password; a user alone stays: helpers are asked for it."""
    web = _web(url)
    return web._replace(netloc=_netloc(web)).geturl() if web and web.password else url


def _netloc(web: SplitResult) -> str:
    return web.netloc.rpartition("@")[2]


def _place(web: SplitResult) -> tuple[str, str, int]:
    usual = 443 if web.scheme == "https" else 80
    return web.scheme, (web.hostname or "").lower(), web.port or usual


def _basic(user: str, password: str) -> str:
    return base64.b64encode(f"{user}:{password}".encode("utf-8", "surrogateescape")).decode()


def _inside(header: str) -> Iterator[str]:
    """Yield what is secret in a header like `AUTHORIZATION: basic dXNlcjpwYXNz`."""
    value = header.rpartition(" ")[2]
    yield value
    with suppress(binascii.Error, UnicodeDecodeError):
        yield base64.b64decode(value, validate=True).decode().rpartition(":")[2]
