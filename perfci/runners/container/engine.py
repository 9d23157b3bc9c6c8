"""The Docker engine's HTTP interface, as far as perfci needs it."""

import http.client
import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from typing import IO, Any, BinaryIO
from urllib.parse import quote, urlencode

from perfci.model.text import printable
from perfci.runners.container.address import Address
from perfci.runners.container.refusal import ContainerError, refused

_OLDEST, _NEWEST = (1, 35), (1, 48)
"""Versions of the interface: what perfci asks for came with 1.35 (Docker 17.12)."""
_MOST = 1 << 20
"""Bytes of an answer that are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    """What is asked of an engine."""

    method: str
    target: str
    """Path and query."""
    doing: str
    """In words, for the message of an error: `start a container`."""
    body: bytes | BinaryIO | None = None
    """JSON, or a tar stream."""

    @property
    def headers(self) -> dict[str, str]:
        """Return what the body is."""
        if self.body is None:
            return {}
        is_json = isinstance(self.body, bytes)
        return {"Content-Type": "application/json" if is_json else "application/x-tar"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hijacked:
    """A connection that has become the standard streams of a program."""

    socket: socket.socket
    reader: IO[bytes]
    """The socket's other direction; may hold bytes that were read ahead."""


class Engine:
    """One engine, asked over a connection of its own each time.

    Args:
        address: where it listens.
        patience: seconds that it gets to answer, or to say the next word of a long answer.

    Raises:
        ContainerError: it cannot be reached, is no Docker engine, or is too old.
    """

    def __init__(self, address: Address, patience: float = 120.0) -> None:
        self.address = address
        self._patience = patience
        self._prefix = ""
        told = self.ask("GET", "/version", doing="say its version")
        self._prefix = f"/v{_common_version(told, address)}"
        self.architecture = printable(str(told.get("Arch") or ""), limit=40)

    def ask(
        self,
        method: str,
        path: str,
        *,
        doing: str,
        query: Mapping[str, str] | None = None,
        body: object = None,
    ) -> Any:
        """Return the engine's answer: what its JSON holds, or None where it is empty.

        Args:
            method: of HTTP.
            path: below the version.
            doing: what is asked, for the message of an error: `start a container`.
            query: parameters.
            body: sent as JSON.

        Raises:
            ContainerError: it refuses or does not answer.
        """
        target = self._target(path, query)
        request = _Request(method=method, target=target, doing=doing, body=_json(body))
        with self._answer(request) as answer:
            data = answer.read(_MOST)
        try:
            return json.loads(data) if data else None
        except ValueError:
            raise ContainerError(
                f"{self.address} does not answer like a Docker engine",
                hint="what listens there? `docker version` in the same place tells",
            ) from None

    def lines(
        self, method: str, path: str, *, doing: str, query: Mapping[str, str] | None = None
    ) -> Iterator[dict[str, Any]]:
        """Yield the JSON objects of a long answer as they come."""
        request = _Request(method=method, target=self._target(path, query), doing=doing)
        with self._answer(request) as answer:
            for line in iter(lambda: answer.readline(_MOST), b""):
                with suppress(ValueError):
                    told = json.loads(line)
                    if isinstance(told, dict):
                        yield told

    def put_archive(self, container: str, folder: str, archive: BinaryIO, *, doing: str) -> None:
        """Unpack a tar stream in a folder of a container; owners are kept."""
        target = self._target(f"/containers/{container}/archive", {"path": folder})
        with self._answer(
            _Request(method="PUT", target=target, doing=doing, body=archive)
        ) as answer:
            answer.read(_MOST)

    @contextmanager
    def get_archive(self, container: str, path: str, *, doing: str) -> Iterator[BinaryIO]:
        """Open a file or folder of a container as a tar stream."""
        target = self._target(f"/containers/{container}/archive", {"path": path})
        with self._answer(_Request(method="GET", target=target, doing=doing)) as answer:
            yield answer

    def hijack(
        self,
        path: str,
        *,
        doing: str,
        query: Mapping[str, str] | None = None,
        body: object = None,
    ) -> Hijacked:
        """Turn a request's connection into the streams of the program that it names."""
        target = self._target(path, query)
        request = _Request(method="POST", target=target, doing=doing, body=_json(body))
        connection = self.address.connect()
        try:
            answer = self._send(connection, request, {"Connection": "Upgrade", "Upgrade": "tcp"})
            stream = connection.sock
            stream.settimeout(None)
            # the answer would close its reader when it is forgotten
            reader, answer.fp = answer.fp, None  # type: ignore[assignment]
            return Hijacked(socket=stream, reader=reader)
        except BaseException:
            connection.close()
            raise

    def _target(self, path: str, query: Mapping[str, str] | None) -> str:
        ending = f"?{urlencode(query)}" if query else ""
        return self._prefix + quote(path, safe="/:@") + ending

    @contextmanager
    def _answer(self, request: _Request) -> Iterator[http.client.HTTPResponse]:
        with closing(self.address.connect()) as connection:
            try:
                yield self._send(connection, request, {})
            except (OSError, http.client.HTTPException) as error:
                raise self._broken(request.doing, error) from error

    def _send(
        self,
        connection: http.client.HTTPConnection,
        request: _Request,
        headers: Mapping[str, str],
    ) -> http.client.HTTPResponse:
        connection.sock.settimeout(self._patience)
        told = {**request.headers, **headers}
        try:
            # an engine that refuses an archive answers before it has read it
            with suppress(BrokenPipeError, ConnectionResetError):
                connection.request(request.method, request.target, body=request.body, headers=told)
            answer = connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            raise self._broken(request.doing, error) from error
        if answer.status >= 300:
            raise refused(request.doing, _words(answer), answer.status)
        return answer

    def _broken(self, doing: str, error: Exception) -> ContainerError:
        late = isinstance(error, TimeoutError)
        said = (
            f"it did not answer within {self._patience:g} s" if late else "the connection broke off"
        )
        return ContainerError(
            f"the Docker engine at {printable(str(self.address))} could not {doing}: {said}",
            hint="is it overloaded, or was it restarted? `docker info` tells",
        )


def _json(body: object) -> bytes | None:
    return None if body is None else json.dumps(body).encode()


def _words(answer: http.client.HTTPResponse) -> str:
    """Return an engine's own words about what it refuses."""
    try:
        data = answer.read(_MOST)
    except (OSError, http.client.HTTPException):
        return ""
    try:
        told = json.loads(data)
    except ValueError:
        return data.decode(errors="replace")
    return str(told.get("message", "")) if isinstance(told, dict) else ""


def _common_version(told: Any, address: Address) -> str:
    try:
        newest = _pair(told["ApiVersion"])
        oldest = _pair(told.get("MinAPIVersion") or told["ApiVersion"])
    except (AttributeError, KeyError, TypeError, ValueError):
        raise ContainerError(
            f"{address} does not answer like a Docker engine",
            hint="what listens there? `docker version` in the same place tells",
        ) from None
    major, minor = max(oldest, min(newest, _NEWEST))
    if newest < _OLDEST:
        raise ContainerError(
            f"the Docker engine at {address} is too old: its interface is {major}.{minor},"
            f" and perfci needs {_OLDEST[0]}.{_OLDEST[1]}",
            hint="upgrade Docker to 17.12 or newer",
        )
    return f"{major}.{minor}"


def _pair(text: str) -> tuple[int, int]:
    major, _, minor = text.partition(".")
    return int(major), int(minor)
