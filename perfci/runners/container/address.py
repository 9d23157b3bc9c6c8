"""Where the Docker engine listens."""

import http.client
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from perfci.model.text import printable
from perfci.runners.container.refusal import ContainerError

DEFAULT = "/var/run/docker.sock"
_CONNECT = 10.0
"""Seconds that an engine gets to take a connection."""
_MOUNT = (
    "give perfci the engine's socket: docker run -v /var/run/docker.sock:/var/run/docker.sock ..."
    " (GitHub mounts it into container actions by itself; on GitLab add it to `volumes` of"
    " [runners.docker], or start the service docker:dind and set DOCKER_HOST)"
)
_GROUP = (
    "run perfci as a user who may use Docker: the group docker, or with docker run --group-add"
    " $(stat -c %g /var/run/docker.sock)"
)


class _UnixConnection(http.client.HTTPConnection):
    """HTTP over a socket in the file system."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=_CONNECT)
        self._path = path

    def connect(self) -> None:
        """Open the connection."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A socket in the file system, or a port that is spoken to without TLS."""

    path: str = ""
    host: str = ""
    port: int = 0

    def __str__(self) -> str:
        """Return it as `DOCKER_HOST` would name it."""
        return f"unix://{self.path}" if self.path else f"tcp://{self.host}:{self.port}"

    def connect(self) -> http.client.HTTPConnection:
        """Open a connection.

        Raises:
            ContainerError: nobody listens there, or perfci may not speak to it.
        """
        connection = (
            _UnixConnection(self.path)
            if self.path
            else http.client.HTTPConnection(self.host, self.port, timeout=_CONNECT)
        )
        try:
            connection.connect()
        except OSError as error:
            connection.close()
            raise self._unreachable(error) from error
        return connection

    def _unreachable(self, error: OSError) -> ContainerError:
        where = printable(str(self))
        match error:
            case FileNotFoundError():
                return ContainerError(f"there is no Docker socket at {where}", hint=_MOUNT)
            case PermissionError():
                return ContainerError(f"perfci may not use the Docker socket {where}", hint=_GROUP)
            case ConnectionRefusedError():
                said = "nobody listens there"
            case TimeoutError():
                said = f"no answer within {_CONNECT:g} s"
            case _:
                said = printable(error.strerror or str(error), limit=200)
        return ContainerError(
            f"the Docker engine at {where} cannot be reached: {said}",
            hint="is it running? `docker info` in the same place tells",
        )


def address(environ: Mapping[str, str]) -> Address:
    """Return where the engine is: `DOCKER_HOST`, or the usual socket.

    Raises:
        ContainerError: `DOCKER_HOST` names a way that perfci does not speak.
    """
    named = environ.get("DOCKER_HOST", "")
    if not named:
        return Address(path=DEFAULT)
    scheme, _, rest = named.partition("://")
    if scheme == "unix" and rest.startswith("/"):
        return Address(path=rest)
    if scheme == "tcp" and not environ.get("DOCKER_TLS_VERIFY"):
        try:
            parts = urlsplit(named)
            host, port = parts.hostname, parts.port or 2375
        except ValueError:
            host, port = None, 0
        if host:
            return Address(host=host, port=port)
    raise ContainerError(
        f"DOCKER_HOST names an engine that perfci cannot speak to ({printable(scheme, limit=20)})",
        hint="it speaks unix:///path and tcp://host:port without TLS; for GitLab's docker:dind set"
        ' DOCKER_TLS_CERTDIR: "" and DOCKER_HOST: tcp://docker:2375',
    )
