"""Streams of events, read from pieces of bytes that may be cut anywhere."""

from typing import Protocol

_ENDINGS = (b"\r", b"\n")
_BLANK = b" \t\r\n\xef\xbb\xbf"
"""White space, and the mark of byte order that may stand before everything."""


class OverlongError(ValueError):
    """One event is longer than any honest one."""


class Splitter(Protocol):
    """Cuts a stream into its events."""

    def feed(self, data: bytes) -> list[str]:
        """Take the next bytes; return the events that they complete.

        Raises:
            OverlongError: an event has no end.
        """
        ...

    def close(self) -> list[str]:
        """Return what the stream ended in: an event whose end mark never came, or nothing."""
        ...


class JsonLines:
    """Cuts where lines end: one JSON value a line.

    Args:
        most: bytes that one line may have.
    """

    def __init__(self, most: int) -> None:
        self._lines = _Lines(most)

    def feed(self, data: bytes) -> list[str]:
        """See `Splitter.feed`."""
        return [_text(line) for line in self._lines.feed(data) if line.strip()]

    def close(self) -> list[str]:
        """See `Splitter.close`."""
        rest = self._lines.close()
        return [_text(rest)] if rest.strip() else []


class ServerSentEvents:
    """Cuts a `text/event-stream`: the data of each event, its lines joined.

    Comments, names, ids and retry times of events are passed over. The format is HTML's own:
    lines end in CR, LF or both, an empty line ends an event.

    Args:
        most: bytes that one event may have.
    """

    def __init__(self, most: int) -> None:
        self._lines = _Lines(most)
        self._most = most
        self._data: list[bytes] = []
        self._size = 0

    def feed(self, data: bytes) -> list[str]:
        """See `Splitter.feed`."""
        found = []
        for line in self._lines.feed(data):
            if line:
                self._take(line)
            elif self._data:
                found.append(self._event())
        return found

    def close(self) -> list[str]:
        """See `Splitter.close`."""
        self._take(self._lines.close())
        return [self._event()] if self._data else []

    def _take(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        if name == b"data":
            self._size += len(value) + 1
            if self._size > self._most:
                raise OverlongError
            self._data.append(value.removeprefix(b" "))

    def _event(self) -> str:
        text = _text(b"\n".join(self._data))
        self._data.clear()
        self._size = 0
        return text


class EventsOrJson:
    """Tells by the first byte what comes: a stream of events, or one JSON value at once.

    Args:
        most: bytes that one event, or the whole value, may have.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._chosen: Splitter | None = None

    def feed(self, data: bytes) -> list[str]:
        """See `Splitter.feed`."""
        if self._chosen is None:
            data = data.lstrip(_BLANK)
            if not data:
                return []
            whole = data.startswith((b"{", b"["))
            self._chosen = _Whole(self._most) if whole else ServerSentEvents(self._most)
        return self._chosen.feed(data)

    def close(self) -> list[str]:
        """See `Splitter.close`."""
        return self._chosen.close() if self._chosen else []


class _Whole:
    """Gives everything at the end."""

    def __init__(self, most: int) -> None:
        self._held = _Held(most)

    def feed(self, data: bytes) -> list[str]:
        self._held.add(data)
        return []

    def close(self) -> list[str]:
        return [_text(self._held.take())]


class _Lines:
    def __init__(self, most: int) -> None:
        self._held = _Held(most)
        self._after_cr = False

    def feed(self, data: bytes) -> list[bytes]:
        """Return the lines that these bytes complete, without their ends."""
        if not data:
            return []
        if self._after_cr and data.startswith(b"\n"):  # CR LF is one end, also when it is cut
            data = data[1:]
            self._after_cr = False
        if not data:
            return []
        self._after_cr = data.endswith(b"\r")
        if not any(end in data for end in _ENDINGS):
            self._held.add(data)
            return []
        lines = (self._held.take() + data).splitlines(keepends=True)
        if not lines[-1].endswith(_ENDINGS):
            self._held.add(lines.pop())
        return [line.rstrip(b"\r\n") for line in lines]

    def close(self) -> bytes:
        """Return the line that was begun."""
        return self._held.take()


class _Held:
    """Bytes that wait for their end; joined once, however small the pieces."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._pieces: list[bytes] = []
        self._size = 0

    def add(self, data: bytes) -> None:
        self._size += len(data)
        if self._size > self._most:
            raise OverlongError
        self._pieces.append(data)

    def take(self) -> bytes:
        whole = b"".join(self._pieces)
        self._pieces.clear()
        self._size = 0
        return whole


def _text(data: bytes) -> str:
    return data.decode(errors="replace")
