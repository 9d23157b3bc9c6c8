"""Tokens of the environment for git: which server each is meant for, and how git is told of it."""

import base64
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

Settings = tuple[tuple[str, str], ...]
"""Git settings in their order: a later one adds to an earlier one, or replaces it."""

HEADER = ".extraheader"
_GITHUB = ("INPUT_GITHUB-TOKEN", "INPUT_GITHUB_TOKEN", "PERFCI_GITHUB_TOKEN", "GITHUB_TOKEN")
_GITLAB = ("PERFCI_GITLAB_TOKEN", "GITLAB_TOKEN")


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token, and the one server that it goes to."""

    server: str
    user: str
    secret: str = field(repr=False)


def tokens_of(environ: Mapping[str, str]) -> Iterator[Token]:
    """Yield every token that the environment holds, those given to perfci itself first."""
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
                yield Token(server=server, user=user, secret=token)


def ways_to(url: str, environ: Mapping[str, str]) -> tuple[Settings, ...]:
    """Return the settings by which git reaches an address with a token of the environment.

    Each is to be tried where what the checkout brings does not suffice; none for an address that
    no token is meant for.
    """
    address = web(url)
    if address is None:
        return ()
    return tuple(
        with_header((), [address], token.user, token.secret)
        for token in tokens_of(environ)
        if is_for(token, address)
    )


def is_for(token: Token, address: SplitResult) -> bool:
    """Tell whether a token is meant for the server at an address."""
    home = web(token.server)
    return home is not None and _place(address) == _place(home)


def with_header(
    settings: Settings, addresses: Iterable[SplitResult], user: str, password: str
) -> Settings:
    """Return settings that send a credential to these addresses, in place of any other header."""
    added = []
    for address in dict.fromkeys(it._replace(netloc=bare_host(it)).geturl() for it in addresses):
        # the empty one takes back what the checkout left: servers refuse two such headers
        added += [(f"http.{address}{HEADER}", "")]
        added += [(f"http.{address}{HEADER}", f"AUTHORIZATION: basic {basic(user, password)}")]
    # git would send the header on to wherever the first answer sends it
    return (*settings, *added, ("http.followRedirects", "false"))


def web(url: str) -> SplitResult | None:
    """Split an address on the web; None for any other."""
    with suppress(ValueError):
        parts = urlsplit(url)
        if parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0:
            return parts
    return None


def bare_host(address: SplitResult) -> str:
    """Return host and port of an address, without a user."""
    return address.netloc.rpartition("@")[2]


def basic(user: str, password: str) -> str:
    """Return user and password as the header holds them."""
    return base64.b64encode(f"{user}:{password}".encode("utf-8", "surrogateescape")).decode()


def _place(address: SplitResult) -> tuple[str, str, int]:
    usual = 443 if address.scheme == "https" else 80
    return address.scheme, (address.hostname or "").lower(), address.port or usual
