"""What the fake servers are made of: a real server on a free port, answered by a function."""

import json
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeVar
from urllib.parse import parse_qs, unquote, urlencode, urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    method: str
    path: str
    """As it came, percent signs and all."""
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def parts(self) -> tuple[str, ...]:
        """Return the decoded parts of the path."""
        return tuple(unquote(part) for part in self.path.strip("/").split("/"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    cut: int = 0
    """Bytes at the end that never come, though they were announced."""


Respond = Callable[[Request], Reply]
Item = TypeVar("Item")


class Fake(ABC):
    """A server that remembers what it was asked, and lets a test answer in its place."""

    def __init__(self, page: int) -> None:
        self.address = ""
        self.storage = ""
        """Another server, that holds the bytes; it is asked without a credential."""
        self.page = page
        """Items on a page, at most."""
        self.interfere: Callable[[Request], Reply | None] = lambda _: None
        """Answers in the place of the server, where it answers."""
        self.requests: list[Request] = []

    def respond(self, request: Request) -> Reply:
        self.requests.append(request)
        return self.interfere(request) or self.answer(request)

    @abstractmethod
    def answer(self, request: Request) -> Reply:
        """Answer as the server does."""

    def page_of(
        self, request: Request, items: Sequence[Item]
    ) -> tuple[Sequence[Item], dict[str, str]]:
        """Return the items of the page that is asked for, and the header that leads to others."""
        size = min(int(request.query.get("per_page", self.page)), self.page)
        page = int(request.query.get("page", "1"))
        shown = items[(page - 1) * size : page * size]
        if len(items) <= page * size:
            return shown, {}
        at = f"http://{request.headers['host']}{request.path}"
        last = -(-len(items) // size)
        links = (
            f'<{at}?{urlencode({**request.query, "page": number})}>; rel="{name}"'
            for name, number in (("first", 1), ("next", page + 1), ("last", last))
        )
        return shown, {"Link": ", ".join(links)}


def in_json(
    document: object, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Reply:
    told = {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
    return Reply(status=status, headers=told, body=json.dumps(document).encode())


def refusal(status: int, message: str) -> Reply:
    return in_json({"message": message}, status=status)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # a whole reply at once: else each waits for an acknowledgement
    disable_nagle_algorithm = True
    respond: Respond
    lock: threading.Lock

    def _answer(self) -> None:
        split = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        request = Request(
            method=self.command,
            path=split.path,
            query={
                key: values[-1]
                for key, values in parse_qs(split.query, keep_blank_values=True).items()
            },
            headers={key.lower(): value for key, value in self.headers.items()},
            body=self.rfile.read(length),
        )
        with self.lock:
            reply = type(self).respond(request)
        self.send_response(reply.status)
        for key, value in reply.headers.items():
            self.send_header(key, value)
        if reply.status != 204:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body[: len(reply.body) - reply.cut])
        self.close_connection = bool(reply.cut)

    def __getattr__(self, name: str) -> Callable[[], None]:
        if not name.startswith("do_"):
            raise AttributeError(name)
        return self._answer

    def log_message(self, *args: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that went away."""


@contextmanager
def serving(respond: Respond) -> Iterator[str]:
    """Serve until the end of the block; yield the address, without a slash at its end."""
    handler = type(
        "Handler", (_Handler,), {"respond": staticmethod(respond), "lock": threading.Lock()}
    )
    server = _Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
