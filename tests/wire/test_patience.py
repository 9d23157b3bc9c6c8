"""A session whose patience is chosen by whoever opens it, and that keeps secrets out of hints."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from perfci.errors import DeliveryError
from perfci.wire.session import Access, Question, Session
from tests.stores.fakes.server import Reply, serving

SECRET = "/services/T0001/B0001/abcdefghijkl"


def session_of(waits: list[float], tries: int) -> Session:
    access = Access(
        who="the message",
        credential={},
        secrets=(SECRET,),
        wait=waits.append,
        fails_with=DeliveryError,
        tries=tries,
        timeouts=(5, 0.2),
        deadline=1.0,
    )
    return Session(access, lambda _: "")


@contextmanager
def deaf() -> Iterator[str]:
    """Take connections and never answer."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize("tries", [1, 2])
def test_so_many_tries_as_were_asked_for(tries: int) -> None:
    asked: list[str] = []
    waits: list[float] = []

    def respond(request: object) -> Reply:
        asked.append("")
        return Reply(status=503)

    with serving(respond) as here, pytest.raises(DeliveryError, match="503"):
        session_of(waits, tries).ask(Question(what="post it", url=here, method="POST"))
    assert (len(asked), len(waits)) == (tries, tries - 1)


def test_who_does_not_answer_in_the_chosen_time_is_given_up() -> None:
    waits: list[float] = []
    with deaf() as here, pytest.raises(DeliveryError, match="did not answer in time"):
        session_of(waits, 2).ask(Question(what="post it", url=here, method="POST", data=b"{}"))
    assert waits == [1.0]


def test_where_a_server_leads_is_told_without_the_secret_in_it() -> None:
    moved = Reply(status=301, headers={"Location": f"https://new.example.com{SECRET}"})
    with serving(lambda _: moved) as here, pytest.raises(DeliveryError) as caught:
        session_of([], 1).ask(Question(what="post it", url=here + SECRET, method="POST"))
    assert "https://new.example.com***" in caught.value.hint
    assert "abcdefghijkl" not in f"{caught.value.message} {caught.value.hint}"


@contextmanager
def dripping() -> Iterator[str]:
    """Begin every answer, and then send a byte of it whenever that has nearly taken too long."""
    ended = threading.Event()

    def drip(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while not ended.wait(0.05):
                connection.sendall(b" ")

    def serve(server: socket.socket) -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=drip, args=server.accept()[:1], daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, args=(server,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}"
        finally:
            ended.set()
            server.shutdown(socket.SHUT_RDWR)


def test_who_answers_byte_by_byte_is_given_up_too() -> None:
    waits: list[float] = []
    with dripping() as here, pytest.raises(DeliveryError, match="did not answer in time"):
        session_of(waits, 3).ask(Question(what="post it", url=here, method="POST", data=b"{}"))
    assert waits == [], "it is not asked a second time"
