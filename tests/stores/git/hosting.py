"""A git host of our own: `git http-backend` behind a small HTTP server with users and moods."""

import base64
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

READER, WRITER = "reader-secret-1", "writer-secret-2"


@dataclass
class Host:
    """What the server does, and what it was asked."""

    root: Path
    """Folder with the bare repositories."""
    url: str = ""
    users: dict[str, str] = field(default_factory=dict)
    """Password to right: `read` or `write`; empty: everybody may do everything."""
    public: bool = False
    """Everybody may read."""
    moods: list[Callable[["Request"], bool]] = field(default_factory=list)
    """Each may answer instead of git; the first that returns True has done so."""
    seen: list[tuple[str, str]] = field(default_factory=list)
    """Path and password of each request."""


class Request(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    host: Host
    payload = b""

    def do_GET(self) -> None:
        self.answer()

    def do_POST(self) -> None:
        self.answer()

    def answer(self) -> None:
        headers = self.headers.get_all("Authorization") or []
        password = ""
        if headers:
            decoded = base64.b64decode(headers[0].split()[-1]).decode()
            password = decoded.partition(":")[2]
        self.host.seen.append((self.path, password))
        self.payload = self.body()
        if any(mood(self) for mood in self.host.moods):
            return
        if len(headers) > 1:
            self.say(400, "two Authorization headers")
            return
        writing = "git-receive-pack" in self.path
        right = self.host.users.get(password, "")
        open_to_all = not self.host.users or (self.host.public and not writing and not password)
        if not open_to_all and not right:
            self.say(401, "who are you?")
        elif not open_to_all and writing and right != "write":
            self.say(403, f"{password} may only read")
        else:
            self.backend()

    def body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") == "chunked":
            parts = []
            while size := int(self.rfile.readline(), 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def say(self, status: int, text: str, **headers: str) -> None:
        self.send_response(status)
        if status == 401:
            self.send_header("WWW-Authenticate", 'Basic realm="git"')
        for name, value in headers.items():
            self.send_header(name, value)
        data = text.encode()
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def backend(self) -> None:
        path, _, query = self.path.partition("?")
        environ = {
            "PATH": os.environ["PATH"],
            "GIT_PROJECT_ROOT": str(self.host.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_CONFIG_NOSYSTEM": "1",
            "HOME": str(self.host.root),
            "REMOTE_USER": "somebody",
            "REQUEST_METHOD": self.command,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(self.payload)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
        }
        done = subprocess.run(
            ["git", "http-backend"],
            input=self.payload,
            env=environ,
            stdout=subprocess.PIPE,
            check=True,
        )
        head, _, data = done.stdout.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        status = int(fields.pop("Status", "200 OK").split()[0])
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        with suppress(ConnectionError):  # the test has ended whoever asked
            self.wfile.write(data)

    def log_message(self, *arguments: object) -> None:
        del arguments


@contextmanager
def hosted(root: Path) -> Iterator[Host]:
    """Serve the repositories of a folder on this machine alone."""
    host = Host(root)
    handler = type("Bound", (Request,), {"host": host})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    host.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
