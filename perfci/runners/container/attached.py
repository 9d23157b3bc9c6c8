"""The standard streams of a program in a container."""

import io
import os
import select
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import IO

from perfci.runners.container.engine import Hijacked
from perfci.runners.container.refusal import ContainerError
from perfci.runners.failures import clean

_PATIENCE = 10.0
"""Seconds that a program gets to end after its input has ended."""
_TAKEN = 30
"""Seconds within which what is written has to be taken."""
_SAID = 4096
"""Bytes of its error output that are kept."""
_OUTPUT, _ERRORS = 1, 2
"""Numbers of the streams in the frames of a connection."""


class _Input(io.RawIOBase):
    """What a program reads."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        view = memoryview(data)  # type: ignore[arg-type]  # bytes of any kind
        try:
            self._connection.sendall(view)
        except OSError as error:
            # the connection may be reset as well; for the writer it is the same
            raise BrokenPipeError(error.errno, "the program's container is gone") from error
        return view.nbytes


class _Output(io.RawIOBase):
    """What a program writes; its unexpected end is an error that says why."""

    def __init__(self, handle: int, why: Callable[[], ContainerError]) -> None:
        self._handle = handle
        self._why = why

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._handle

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]  # a writable buffer
        part = os.read(self._handle, view.nbytes)
        if not part:
            raise self._why()
        view[: len(part)] = part
        return len(part)

    def close(self) -> None:
        if not self.closed:
            os.close(self._handle)
        super().close()


class Attached:
    """A program whose streams perfci holds; a spawner's `Channel`.

    A thread takes the frames of the connection apart, so that its output can be polled.

    Args:
        hijacked: the connection.
        why: told what the program wrote to its standard error, returns the error for an output
            that has ended.
        stuck: ends a program that does not end with its input.
    """

    def __init__(
        self,
        hijacked: Hijacked,
        why: Callable[[str], ContainerError],
        stuck: Callable[[], None],
    ) -> None:
        self._hijacked = hijacked
        self._stuck = stuck
        self._said = bytearray()
        self._closed = False
        limit = struct.pack("ll", _TAKEN, 0)
        hijacked.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
        handle, self._pipe = os.pipe()
        self._stdin = io.BufferedWriter(_Input(hijacked.socket))
        self._stdout = io.BufferedReader(_Output(handle, lambda: self._ended(why)))
        self._thread = threading.Thread(target=self._relay, daemon=True)
        self._thread.start()

    @property
    def stdin(self) -> IO[bytes]:
        """Return its standard input; writing raises BrokenPipeError where it is gone."""
        return self._stdin

    @property
    def stdout(self) -> IO[bytes]:
        """Return its standard output; it can be polled, and reading at its end says why."""
        return self._stdout

    def speaks_within(self, seconds: float) -> bool:
        """Return whether it says something within some seconds, or ends."""
        poller = select.poll()
        poller.register(self._stdout, select.POLLIN)
        return bool(poller.poll(seconds * 1000))

    def close(self) -> None:
        """End its input, and so the program; safe to call twice."""
        if self._closed:
            return
        self._closed = True
        try:
            with suppress(OSError):
                self._stdin.flush()
            with suppress(OSError):
                self._hijacked.socket.shutdown(socket.SHUT_WR)
            self._thread.join(_PATIENCE)
            if self._thread.is_alive():
                self._stuck()
        finally:
            with suppress(OSError):
                self._hijacked.socket.shutdown(socket.SHUT_RDWR)
            self._thread.join(_PATIENCE)
            self._hijacked.socket.close()
            with suppress(OSError):
                self._stdin.close()
            self._stdout.close()

    def _ended(self, why: Callable[[str], ContainerError]) -> ContainerError:
        self._thread.join(_PATIENCE)
        return why(clean(self._said.decode(errors="replace")))

    def _relay(self) -> None:
        reader = self._hijacked.reader
        try:
            # a frame is the number of its stream, three zeros, its length, and what was written
            while len(head := reader.read(8)) == 8:
                part = reader.read(int.from_bytes(head[4:], "big"))
                if head[0] == _OUTPUT:
                    _write_all(self._pipe, part)
                elif head[0] == _ERRORS:
                    self._said += part
                    del self._said[:-_SAID]
        except (OSError, ValueError):
            pass  # the connection broke off, or nobody reads any more
        finally:
            os.close(self._pipe)
            with suppress(OSError):
                reader.close()


def _write_all(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]
