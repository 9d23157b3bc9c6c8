"""What the user's checkout says of its remote: the address, and how git gets there."""

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from perfci.errors import StoreError
from perfci.programs.credentials import Settings
from perfci.programs.variables import SAFE
from perfci.stores.git.failures import failure
from perfci.stores.git.process import Answer, plain_environ, run_git, with_settings

_TIMEOUT = 60.0  # seconds; all of it is on this machine
_ORIGIN = "origin"
# what decides how a remote is reached: headers, proxies, certificates, helpers, keys
_TRANSPORT = re.compile(
    r"(?:http|credential|protocol|ssh)\..*|core\.(?:sshcommand|askpass|gitproxy)", re.DOTALL
)
_REMOTE = re.compile(r"remote\.(.+)\.(url|pushurl|proxy|proxyauthmethod|uploadpack|receivepack)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """The remote of a checkout, as git sees it from there."""

    name: str
    folder: Path
    """Where a relative address is relative to."""
    fetch_url: str = field(repr=False)
    """As git rewrites it; credentials in it are kept."""
    push_url: str = field(repr=False)
    settings: Settings = field(repr=False)
    """How it is reached, from all the user's and the repository's files; credentials are kept."""
    object_format: str
    """`sha1` or `sha256`."""


def remote_of(url: str, checkout: Path, environ: Mapping[str, str]) -> Remote:
    """Look at a checkout, and change nothing.

    Args:
        url: the store, as the user wrote it, for messages.
        checkout: a folder in a working tree, or a bare repository.
        environ: the process's variables.

    Raises:
        StoreError: there is no git, no repository, or no remote.
    """
    look = _Look(url, checkout, environ)
    answer = look("rev-parse", "--show-object-format", "--show-cdup")
    if answer.code != 0:
        what = f"{url}: {checkout} cannot be used as a git repository"
        error = failure(what, answer.err)
        error.hint = "The baselines lie on a branch of the remote: run perfci in a clone of it."
        raise error
    object_format, _, up = answer.out.decode("utf-8", "surrogateescape").partition("\n")
    found = look("config", "--list", "-z").out.decode("utf-8", "surrogateescape")
    pairs = [pair for pair in map(_pair, found.split("\0")) if pair[0]]
    names = [
        match[1] for key, _ in pairs if (match := _REMOTE.fullmatch(key)) and match[2] == "url"
    ]
    if not names:
        message = f"{url}: the repository at {checkout} has no remote to keep baselines on"
        raise StoreError(message, hint="Add one: git remote add origin ADDRESS.")
    name = _ORIGIN if _ORIGIN in names else names[0]
    addresses = []
    for direction in ((), ("--push",)):
        answer = look("remote", "get-url", *direction, "--", name)
        if answer.code != 0:
            raise failure(f"{url}: cannot read the address of the remote {name}", answer.err)
        addresses.append(answer.out.decode("utf-8", "surrogateescape").rstrip("\n"))
    return Remote(
        name=name,
        folder=checkout / up.rstrip("\n"),
        fetch_url=addresses[0],
        push_url=addresses[1],
        settings=tuple(
            (setting, value) for key, value in pairs if (setting := _carried(key, name))
        ),
        object_format=object_format,
    )


class _Look:
    """Git in the checkout, reading only."""

    def __init__(self, url: str, checkout: Path, environ: Mapping[str, str]) -> None:
        self._url, self._checkout = url, checkout
        given = [
            (environ[f"GIT_CONFIG_KEY_{number}"], environ.get(f"GIT_CONFIG_VALUE_{number}", ""))
            for number in range(_count(environ))
            if environ.get(f"GIT_CONFIG_KEY_{number}")
        ]
        self._environ = with_settings(plain_environ(environ), [*given, *SAFE.items()])

    def __call__(self, *arguments: str) -> Answer:
        try:
            return run_git(
                arguments, folder=self._checkout, environ=self._environ, timeout=_TIMEOUT
            )
        except OSError as error:
            raise unstartable(self._url, self._checkout, error) from error
        except subprocess.TimeoutExpired as error:
            message = f"{self._url}: git {arguments[0]} did not end in {self._checkout}"
            raise StoreError(message, hint="Is the disk very slow?") from error


def unstartable(url: str, folder: Path, error: OSError) -> StoreError:
    """Return the error for a git that could not even be started in a folder."""
    if not folder.is_dir():
        return StoreError(f"{url}: the folder {folder} is not there", hint="Was it removed?")
    if isinstance(error, FileNotFoundError):
        return StoreError(
            f"{url}: git was not found on PATH", hint="Install git, or put it on PATH."
        )
    return StoreError(f"{url}: git could not be started: {error}", hint="See that git can be run.")


def _pair(setting: str) -> tuple[str, str]:
    key, newline, value = setting.partition("\n")
    # a key without any value means true, one with an empty value does not
    return key, value if newline else "true"


def _carried(key: str, remote: str) -> str:
    """Return under which key a setting holds for our own repository; empty where it does not."""
    if _TRANSPORT.fullmatch(key):
        return key
    match = _REMOTE.fullmatch(key)
    if match and match[1] == remote and match[2] not in {"url", "pushurl"}:
        return f"remote.{_ORIGIN}.{match[2]}"
    return ""


def _count(environ: Mapping[str, str]) -> int:
    text = environ.get("GIT_CONFIG_COUNT", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
