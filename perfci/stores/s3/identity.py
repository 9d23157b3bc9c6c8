"""Who the job is, without stored keys: the token by which it takes on a role."""

from collections.abc import Callable, Mapping
from pathlib import Path

from perfci.errors import StoreError

_AUDIENCE = "sts.amazonaws.com"
_GITLAB = ("AWS_ID_TOKEN", "GITLAB_OIDC_TOKEN")
"""Variables that a job of GitLab names its token by: the first is what perfci documents."""
_LONGEST = 65536
"""Bytes of an answer that holds a token."""
_PATIENCE = 10
"""Seconds without a byte."""


def token_source(environ: Mapping[str, str]) -> Callable[[], str] | None:
    """Return what fetches the job's token each time it is asked; None where there is none.

    A token lives for minutes: it is fetched when a role is taken on, never kept.

    Args:
        environ: `AWS_WEB_IDENTITY_TOKEN_FILE`, else GitHub's `ACTIONS_ID_TOKEN_REQUEST_URL` and
            `_TOKEN`, else GitLab's `AWS_ID_TOKEN`.
    """
    if path := environ.get("AWS_WEB_IDENTITY_TOKEN_FILE"):
        return lambda: _from_file(Path(path))
    url = environ.get("ACTIONS_ID_TOKEN_REQUEST_URL")
    token = environ.get("ACTIONS_ID_TOKEN_REQUEST_TOKEN")
    if url and token:
        return lambda: _from_github(url, token)
    for name in _GITLAB:
        if kept := environ.get(name, "").strip():
            return lambda: kept
    return None


def _from_file(path: Path) -> str:
    try:
        return path.read_text("ascii").strip()
    except (OSError, UnicodeError) as error:
        said = error.strerror if isinstance(error, OSError) else "it is not text"
        message = f"the token that AWS_WEB_IDENTITY_TOKEN_FILE names cannot be read: {path}: {said}"
        hint = "Write the job's token there before perfci starts, or take the variable away."
        raise StoreError(message, hint=hint) from None


def _from_github(url: str, bearer: str) -> str:
    import requests

    def sign(request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {bearer}"
        return request

    joined = f"{url}{'&' if '?' in url else '?'}audience={_AUDIENCE}"
    try:
        # by `auth`, because a netrc file of the machine would replace a mere header; and a
        # redirect would carry the token to whom it names
        with (
            requests.Session() as session,
            session.get(
                joined, auth=sign, timeout=_PATIENCE, allow_redirects=False, stream=True
            ) as answer,
        ):
            status = answer.status_code
            text = answer.raw.read(_LONGEST, decode_content=True)
    except (requests.RequestException, OSError) as error:
        raise _refused(f"it could not be asked ({type(error).__name__})") from None
    token = _value(text) if status == 200 else ""
    if not token:
        raise _refused(f"it answered {status}" + (" without a token" if status == 200 else ""))
    return token


def _value(text: bytes) -> str:
    import json

    try:
        found = json.loads(text)
    except ValueError:
        return ""
    token = found.get("value") if isinstance(found, dict) else None
    return token if isinstance(token, str) and token.isascii() and token.isprintable() else ""


def _refused(said: str) -> StoreError:
    return StoreError(
        f"GitHub's service for id tokens gave none: {said}",
        hint="See that the job has `permissions: id-token: write`; a pull request from a fork "
        "never has it.",
    )
