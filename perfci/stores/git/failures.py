"""From what git and a server said to an error that tells what to do."""

import re
from collections.abc import Iterable

from perfci.errors import StoreError
from perfci.model.mask import mask
from perfci.model.text import printable

_SHOWN = 4000

_HTTP = r"(?:returned error: |HTTP |status )"
DENIED = re.compile(
    rf"{_HTTP}(?:400|401|403|404)\b|Authentication failed|could not read (?:Username|Password)"
    r"|Permission denied|Repository not found|access denied|denied to |not allowed to push",
    re.IGNORECASE,
)
"""Another credential may help."""
AWAY = re.compile(
    rf"{_HTTP}(?:408|429|5\d\d)\b|Could not resolve|Failed to connect|Couldn't connect"
    r"|Connection (?:refused|reset|closed|timed out)|timed out|Network is unreachable"
    r"|No route to host|early EOF|hung up unexpectedly|unexpected disconnect|Empty reply"
    r"|RPC failed|Connection was reset|gnutls_handshake|SSL_ERROR_SYSCALL|transfer closed"
    r"|Recv failure|Send failure|Operation too slow",
    re.IGNORECASE,
)
"""The remote did not answer as it should; asking again may help."""
SILENT = re.compile(r"timed out|Operation too slow", re.IGNORECASE)
"""The remote did not answer for minutes: asking again would take as long."""

_READ = (
    "Give the job the right to read the repository: `permissions: contents: read` on GitHub, the"
    " job token's allowlist on GitLab; elsewhere a credential that git finds by itself."
)
_WRITE = (
    "Give the job the right to push: `permissions: contents: write` on GitHub, `Allow Git push"
    " requests to the repository` for GitLab's job token, or a token that may push in"
    " PERFCI_GITHUB_TOKEN or PERFCI_GITLAB_TOKEN. A pull request from a fork never has it."
)
_RULE = (
    "A rule or a hook of the repository forbids it: let the job's user create this branch and push"
    " to it, or choose another branch."
)
_DISK = "No room is left: on this machine (the temporary folder) or at the remote."
_MOVED = (
    "The repository is not there (any more), or this credential does not see it: look at"
    " `git remote -v`, and set the new address by `git remote set-url`."
)
_UNREACHABLE = "Is the remote reachable from here? See `git remote -v`, the network and the proxy."
_HINTS = (
    (
        r"No space left|out of disk ?space|Disk quota|unpacker error|unable to create temporary",
        _DISK,
        _DISK,
    ),
    (r"GH0\d\d|protected branch|rule violations|hook declined|prohibited", _RULE, _RULE),
    (r"certificate|SSL peer", "Make the remote's certificate known: `http.sslCAInfo`.", ""),
    (
        r"Host key verification failed",
        "Make the server's host key known to ssh (`known_hosts`) before perfci runs.",
        "",
    ),
    (
        r"transport '[^']*' not allowed",
        "Git refuses this kind of remote: use an https or ssh address for it.",
        "",
    ),
    (rf"{_HTTP}30\d\b|unable to update url base from redirection", _MOVED, _MOVED),
    (rf"{_HTTP}404\b|not found|does not exist|does not appear to be a git", _MOVED, _MOVED),
    (DENIED.pattern, _READ, _WRITE),
    (AWAY.pattern, _UNREACHABLE, _UNREACHABLE),
)


def failure(  # each part of the sentence comes from elsewhere
    what: str, said: str, secrets: Iterable[str] = (), *, writing: bool = False, reason: str = ""
) -> StoreError:
    """Return the error for a git command that failed.

    Args:
        what: the store and what could not be done: `git:perfci-data: cannot read ...`.
        said: all that git said: hostile text.
        secrets: what must not be shown.
        writing: whether the right to write was asked for.
        reason: why, where it is known more closely than by git's last line.
    """
    said, reason, what = (harmless(text, secrets) for text in (said, reason, what))
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    fatal = [line for line in lines if line.startswith(("fatal:", "error:"))]
    why = reason or next(iter([*fatal, *reversed(lines)]), "git said nothing")
    hint = "Look at what git said."
    for pattern, read, write in _HINTS:
        if re.search(pattern, f"{reason}\n{said}", re.IGNORECASE):
            hint = (write or read) if writing else read
            break
    return StoreError(f"{what}: {printable(why, limit=500)}", hint=hint, output=said)


def harmless(text: str, secrets: Iterable[str] = ()) -> str:
    """Return the end of a text without credentials and without control characters."""
    for secret in secrets:
        text = mask(text, secret)
    text = re.sub(r"(?<=://)[^/@\s]+@", "", text)
    return printable(text[-_SHOWN:], lines=True)
