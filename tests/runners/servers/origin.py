"""A server of known truth: answers by the path that it is asked for, and counts.

    DELAY=0 python -S origin.py PORT

DELAY is seconds before an answer that nothing else is said of. Standard library, threads, raw
sockets: it is up in a few 10 ms, and does to its clients what no decent server would.
"""

import contextlib
import json
import os
import socket
import struct
import sys
import threading
import time

GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
PLAIN = {
    "chunked": CHUNKED + b"5\r\nhello\r\n" * 3 + b"0\r\n\r\n",
    "redirect": b"HTTP/1.1 302 X\r\nLocation: /status/500\r\nContent-Length: 0\r\n\r\n",
}
"""What is sent to whom, the connection going on."""
LAST = {
    "close": b"",
    "garbage": b"220 smtp.example.org ESMTP\r\n\r\n",
    "cut": b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhello",
    "header": b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1_000_000,
}
"""What is sent before the connection is closed."""
CYCLE, STALL = 0.5, 0.15
"""Seconds: at the beginning of each cycle nobody is answered under /stalls."""


class Counts:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.requests = self.connections = self.now = self.most = 0
        self.last = ""

    def text(self) -> bytes:
        told = {
            "requests": self.requests,
            "connections": self.connections,
            "most": self.most,
            "last": self.last,
        }
        return json.dumps(told).encode()


COUNTS = Counts()
DELAY = float(os.environ.get("DELAY", "0"))


def serve(connection: socket.socket) -> None:
    data = b""
    with connection:
        while True:
            while b"\r\n\r\n" not in data:
                part = connection.recv(65536)
                if not part:
                    return
                if part[0] == 0x16:  # the beginning of TLS
                    connection.sendall(status(400))
                    return
                data += part
            head, _, data = data.partition(b"\r\n\r\n")
            lines = head.decode("latin-1").split("\r\n")
            headers = {
                name.lower(): value.strip()
                for name, _, value in (line.partition(":") for line in lines[1:])
            }
            while len(data) < int(headers.get("content-length", "0")):
                data += connection.recv(65536)
            data = b""
            if lines[0].split(" ")[1] == "/counts":
                body = COUNTS.text()
                connection.sendall(
                    b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body
                )
                continue
            with COUNTS.lock:
                COUNTS.requests += 1
                number = COUNTS.requests
                COUNTS.now += 1
                COUNTS.most = max(COUNTS.most, COUNTS.now)
                COUNTS.last = head.decode("latin-1")
            try:
                goes_on = Asked(connection, lines[0], headers, number).answer()
            finally:
                with COUNTS.lock:
                    COUNTS.now -= 1
            if not goes_on:
                return


class Asked:
    """One request that is to be answered."""

    def __init__(
        self, connection: socket.socket, line: str, headers: dict[str, str], number: int
    ) -> None:
        self.send = connection.sendall
        self.connection = connection
        self.method, path, _ = line.split(" ")
        _, self.what, *self.more = path.partition("?")[0].split("/")
        self.headers = headers
        self.number = number

    def answer(self) -> bool:
        """Return whether the connection goes on."""
        if self.what in PLAIN:
            self.send(PLAIN[self.what])
            return True
        if self.what in LAST:
            self.send(LAST[self.what])
            return False
        return bool(getattr(self, self.what, self.good)())

    def good(self) -> bool:
        time.sleep(DELAY)
        self.send(GOOD)
        return True

    def status(self) -> bool:
        self.send(status(int(self.more[0])))
        return True

    def sleep(self) -> bool:
        time.sleep(float(self.more[0]))
        self.send(GOOD)
        return True

    def stalls(self) -> bool:
        time.sleep(max(0.0, STALL - time.monotonic() % CYCLE))
        self.send(GOOD)
        return True

    def reset(self) -> bool:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False

    def endless(self) -> bool:
        self.send(CHUNKED)
        while True:
            self.send((b"10000\r\n" + b"x" * 65536 + b"\r\n") * 4)

    def huge(self) -> bool:
        self.send(b"HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n")
        for _ in range(50):
            self.send(b"x" * 1_000_000)
        return True

    def drip(self) -> bool:
        for byte in b"HTTP/1.1 200 OK\r\n" + b"X: x\r\n" * 10_000:
            self.send(bytes((byte,)))
            time.sleep(0.01)
        return False

    def token(self) -> bool:
        self.send(status(200 if self.headers.get("authorization") == "Bearer right" else 401))
        return True

    def tenth(self) -> bool:
        self.send(status(503 if self.number % 10 == 0 else 200))
        return True

    def post(self) -> bool:
        self.send(status(200 if self.method == "POST" else 405))
        return True

    def die(self) -> bool:
        if self.number > int(self.more[0]):
            say("the last words " + self.headers.get("authorization", ""))
            os._exit(7)
        return self.good()


def status(number: int) -> bytes:
    return f"HTTP/1.1 {number} X\r\nContent-Length: 0\r\n\r\n".encode()


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def quietly(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):  # the client went away
        serve(connection)


def main() -> None:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", int(sys.argv[1])))
    listener.listen(512)
    say("listening")
    while True:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        COUNTS.connections += 1
        threading.Thread(target=quietly, args=(connection,), daemon=True).start()


if __name__ == "__main__":
    main()
