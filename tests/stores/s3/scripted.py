"""A server that answers as a test says, or stands before a real one and spoils some answers."""

import http.client
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ENVIRON = {
    "AWS_ACCESS_KEY_ID": "KEYKEYKEYKEYKEYKEY",
    "AWS_SECRET_ACCESS_KEY": "SECRETSECRETSECRET",
    "AWS_MAX_ATTEMPTS": "1",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int = 0
    """Bytes of the body that are promised but not sent."""
    lost: bool = False
    """The connection is closed in its place."""


def error(status: int, code: str, message: str = "because", **headers: str) -> Answer:
    text = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status=status, body=text.encode(), headers=named)


@dataclass(slots=True)
class Scripted:
    script: Callable[[Request], Answer]
    url: str = ""
    requests: list[Request] = field(default_factory=list)

    @property
    def methods(self) -> list[str]:
        return [each.method for each in self.requests]


@contextmanager
def scripted(script: Callable[[Request], Answer]) -> Iterator[Scripted]:
    """Answer every request by the script, which may be changed, until the block ends."""
    stage = Scripted(script)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            size = int(self.headers.get("Content-Length", 0))
            if self.headers.get("Expect") == "100-continue":
                self.send_response_only(100)
                self.end_headers()
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(
                method=self.command, path=self.path, headers=headers, body=self.rfile.read(size)
            )
            stage.requests.append(request)
            answer = stage.script(request)
            if answer.lost:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if "content-length" not in {name.lower() for name in answer.headers}:
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body[: len(answer.body) - answer.cut])
            self.close_connection = bool(answer.cut)

        do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = handle_any  # noqa: N815

        def handle_expect_100(self) -> bool:
            return True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        stage.url = f"http://127.0.0.1:{server.server_address[1]}"
        yield stage
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def forwarded(url: str, request: Request) -> Answer:
    """Return what a real server answers to the request, signature and all."""
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)
    try:
        headers = {name: value for name, value in request.headers.items() if name != "expect"}
        connection.request(request.method, request.path, request.body, headers)
        response = connection.getresponse()
        left_out = {"connection", "transfer-encoding", "date", "server"}
        kept = {k: v for k, v in response.getheaders() if k.lower() not in left_out}
        return Answer(status=response.status, body=response.read(), headers=kept)
    finally:
        connection.close()
