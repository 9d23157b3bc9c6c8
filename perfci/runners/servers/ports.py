"""Ports on this machine: a free one to give away, and whether somebody listens on another."""

import secrets
import socket
from collections.abc import Container

_LOW, _HIGH = 10240, 32768
"""Below where the kernel takes the ports of outgoing connections from: a client that tries one of
those while nobody listens there may meet itself."""
_TRIES = 100
_PATIENCE = 1.0
"""Seconds that a listener on this machine may take to accept a connection."""


def free_port(taken: Container[int] = ()) -> int:
    """Return a port that nobody listens on.

    Args:
        taken: ports that were given away and may not be in use yet.
    """
    for _ in range(_TRIES):
        port = _LOW + secrets.randbelow(_HIGH - _LOW)
        if port not in taken and _can_be_bound(port):
            return port
    with socket.socket() as trial:  # nearly all are taken: let the kernel find one
        trial.bind(("", 0))
        return int(trial.getsockname()[1])


def listens(host: str, port: int) -> bool:
    """Return whether somebody accepts connections there.

    Args:
        host: name or address.
        port: 1 to 65535.
    """
    try:
        with socket.create_connection((host, port), timeout=_PATIENCE) as connection:
            return bool(connection.getsockname() != connection.getpeername())
    except OSError:
        return False


def _can_be_bound(port: int) -> bool:
    with socket.socket() as trial:
        try:
            trial.bind(("", port))
        except OSError:
            return False
    return True
