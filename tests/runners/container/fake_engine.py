"""A Docker engine's HTTP interface on a socket, which answers what a test has it answer."""

import json
import platform
import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

MACHINE = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())


def refuses(words: str, status: int) -> tuple[int, bytes]:
    return status, json.dumps({"message": words}).encode()


def says(told: object, status: int = 200) -> tuple[int, bytes]:
    return status, json.dumps(told).encode()


@dataclass(slots=True)
class Asked:
    method: str
    path: str
    query: dict[str, str]
    body: bytes

    @property
    def what(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(slots=True)
class FakeEngine:
    """Knows one image, `app:1`, and refuses to make containers unless told otherwise."""

    socket: Path
    answers: dict[str, tuple[int, bytes]] = field(
        default_factory=lambda: {
            "GET /version": says(
                {"ApiVersion": "1.41", "MinAPIVersion": "1.12", "Arch": MACHINE, "Os": "linux"}
            ),
            "GET /info": says({"SecurityOptions": ["name=seccomp,profile=default"]}),
            "GET /containers/json": says([]),
            "POST /containers/prune": says({}),
            "GET /images/app:1/json": says(
                {"Id": "sha256:1", "Architecture": MACHINE, "Config": {"Env": ["APP=1"]}}
            ),
            "POST /containers/create": refuses("a test makes no containers", 500),
        }
    )
    asked: list[Asked] = field(default_factory=list)
    versions: list[str] = field(default_factory=list)
    """Of the interface, as asked for."""

    @property
    def environ(self) -> dict[str, str]:
        return {"DOCKER_HOST": f"unix://{self.socket}"}

    def body_of(self, what: str) -> Any:
        return next(json.loads(each.body) for each in self.asked if each.what == what)

    def answer(self, asked: Asked) -> tuple[int, bytes]:
        self.asked.append(asked)
        return self.answers.get(asked.what, refuses("page not found", 404))


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    block_on_close = False


@contextmanager
def fake_engine(folder: Path) -> Iterator[FakeEngine]:
    engine = FakeEngine(folder / "engine.sock")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            version, path = re.fullmatch(r"(?:/v([\d.]+))?(/.*)", parts.path).groups()  # type: ignore[union-attr]
            engine.versions.append(version or "")
            size = int(self.headers.get("Content-Length") or 0)
            asked = Asked(self.command, path, query, self.rfile.read(size))
            status, data = engine.answer(asked)
            if not status:  # the connection breaks off
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            with suppress(BrokenPipeError):
                self.wfile.write(data)

        do_GET = do_POST = do_DELETE = do_PUT = _serve  # noqa: N815 - the library's names

        def address_string(self) -> str:
            return "here"

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with _Server(str(engine.socket), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield engine
        finally:
            server.shutdown()
            thread.join()
