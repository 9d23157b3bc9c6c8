"""What can go wrong with a request, in a few words each, and what to do about it."""

import errno
import socket
from collections import Counter

from perfci.errors import MeasurementError
from perfci.model.text import printable
from perfci.runners.servers.asking import Target

_SHOWN = 4
_BY_NUMBER = {
    errno.ECONNREFUSED: "connection refused",
    errno.ECONNRESET: "connection reset",
    errno.EPIPE: "connection reset",
    errno.ECONNABORTED: "connection reset",
    errno.EMFILE: "too many open files",
    errno.ENFILE: "too many open files",
    errno.EADDRNOTAVAIL: "no local port left",
    errno.EHOSTUNREACH: "host unreachable",
    errno.ENETUNREACH: "network unreachable",
    errno.ETIMEDOUT: "timeout",
}
_NEXT = {
    "status 403": "the server knows who asks and refuses: what may its token do?",
    "status 404": "is the path of its address right?",
    "status 405": "the server wants another `method`",
    "status 429": "the server limits how often it is asked: lower `rate` or `concurrency`",
    "timeout": "raise its `timeout`, or lower `rate` or `concurrency`; does the answer end at all?",
    "connection reset": "the server ended the connection before it had answered; see its log",
    "connection closed": "the server ended the connection before it had answered; see its log",
    "certificate not trusted": "name the file of its authority in the variable SSL_CERT_FILE",
    "TLS failed": "does the server speak TLS on that port? else write http://",
    "bad answer": "does the server speak HTTP on that port? if TLS, write https://",
    "name not found": "is the host in its address right?",
    "too many open files": "lower `concurrency`, or raise `ulimit -n`",
    "no local port left": "lower `concurrency` or `rate`: every port of this machine is taken",
}


def kind(error: Exception) -> str:
    """Return what went wrong in a few words that hold nothing of the server's own."""
    import aiohttp

    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return "certificate not trusted"
    if isinstance(error, aiohttp.ClientSSLError):
        return "TLS failed"
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return "connection closed"
    if isinstance(getattr(error, "os_error", error), socket.gaierror):
        return "name not found"
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, ConnectionResetError):
        return "connection reset"
    if isinstance(error, OSError):
        return _BY_NUMBER.get(error.errno or 0, "connection failed")
    return "bad answer"


def no_good_answer(
    target: Target, method: str, token_env: str, errors: Counter[str]
) -> MeasurementError:
    """Return the error for a server of which no request got a good answer."""
    shown = [f"{what} ({times} times)" for what, times in errors.most_common(_SHOWN)]
    if len(errors) > _SHOWN:
        shown.append("and more")
    usual = errors.most_common(1)[0][0]
    # the query may hold what is nobody's business
    address = printable(target.url.partition("?")[0], limit=300)
    return target.subject.error(
        "got no good answer",
        after=f" from {method} {address}: {', '.join(shown)}",
        hint=_hint(target, usual, token_env),
    )


def _hint(target: Target, usual: str, token_env: str) -> str:
    if usual == "status 401":
        if token_env:
            return f"is the token in the variable {token_env} still valid?"
        return "it wants a token: put it in a variable, and name that variable in `token_env`"
    if usual == "connection refused":
        if target.benchmark.service:
            return "its service listens elsewhere: give it {port}, or the variable PORT"
        return "is the server running? with `service:` perfci starts and stops it"
    if usual.startswith("status 5"):
        return "the server itself failed; see its log"
    return _NEXT.get(usual, "ask for it with curl -v, or list the good ones in `status`")


def too_many_connections(target: Target, wanted: int, limit: int) -> MeasurementError:
    """Return the error for more connections than this process may open files."""
    return target.subject.error(
        f"wants {wanted} connections",
        after=f", and this process may open {limit} files",
        hint=_NEXT["too many open files"],
    )
