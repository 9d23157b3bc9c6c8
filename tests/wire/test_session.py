"""A session with a server: what it follows, outlasts, bounds and keeps to itself."""

import os
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from perfci.errors import StoreError
from perfci.wire.answer import Answer
from perfci.wire.session import Access, Question, Session
from tests.stores.fakes.server import Reply, Request, serving

SECRET = "glpat-verysecret"


def session_of(
    waits: list[float] | None = None,
    *,
    ca_file: str = "",
    patience: float = 60,
    who: str = "gitlab:x",
) -> Session:
    return Session(
        Access(
            who=who,
            credential={"PRIVATE-TOKEN": SECRET},
            secrets=(SECRET,),
            wait=(waits if waits is not None else []).append,
            ca_file=ca_file,
            timeouts=(10, patience),
        ),
        lambda answer: f"hint for {answer.status}",
    )


def ask(url: str, method: str = "GET", *also: int) -> Answer:
    return session_of().ask(Question(what="read it", url=url, method=method), *also)


def leading_to(target: str, seen: list[Request]) -> Callable[[Request], Reply]:
    def respond(request: Request) -> Reply:
        seen.append(request)
        if request.path == "/end":
            return Reply(body=b"end")
        return Reply(status=302, headers={"Location": target})

    return respond


def test_a_redirect_to_another_host_takes_no_credential_along() -> None:
    seen: list[Request] = []
    with serving(leading_to("", seen)) as there, serving(leading_to(f"{there}/end", seen)) as here:
        assert ask(f"{here}/x").body == b"end"
    assert [it.headers.get("private-token") for it in seen] == [SECRET, None]


def test_a_redirect_on_the_same_host_keeps_it() -> None:
    seen: list[Request] = []
    with serving(leading_to("/end", seen)) as here:
        assert ask(f"{here}/x").body == b"end"
    assert [it.headers.get("private-token") for it in seen] == [SECRET, SECRET]


def test_a_write_follows_no_redirect() -> None:
    seen: list[Request] = []
    with (
        serving(leading_to("https://new.example.com/end?token=x", seen)) as here,
        pytest.raises(StoreError, match="302 Found") as caught,
    ):
        ask(f"{here}/x", "PUT")
    assert "https://new.example.com/end" in caught.value.hint
    assert "token" not in caught.value.hint
    assert len(seen) == 1


@pytest.mark.parametrize("target", ["ftp://h/x", "file:///etc/passwd", "http://[::1", "x:"])
def test_a_redirect_to_what_is_not_the_web_is_an_error(target: str) -> None:
    with (
        serving(leading_to(target, [])) as here,
        pytest.raises(StoreError, match=r"leads on to .*, which is not encrypted|Invalid IPv6 URL"),
    ):
        ask(f"{here}/x")


def test_redirects_in_a_circle_end() -> None:
    seen: list[Request] = []
    with serving(leading_to("/x", seen)) as here, pytest.raises(StoreError, match="302 Found"):
        ask(f"{here}/x")
    assert len(seen) < 10


def test_passing_trouble_is_waited_for_longer_and_longer() -> None:
    replies = [Reply(status=503), Reply(status=429, headers={"Retry-After": "9"}), Reply()]
    waits: list[float] = []
    with serving(lambda _: replies.pop(0)) as here:
        answer = session_of(waits).ask(Question(what="read it", url=here))
    assert answer.status == 200
    assert waits == [1.0, 9.0]


@pytest.mark.slow
@pytest.mark.parametrize("begun", [False, True])
def test_a_server_that_falls_silent_is_asked_twice(*, begun: bool) -> None:
    asked, over = [], threading.Event()

    def converse(line: socket.socket) -> None:
        asked.append(line.recv(10_000))
        if begun:
            line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
        over.wait(20)

    waits: list[float] = []
    with socket.create_server(("127.0.0.1", 0)) as here:
        url = f"http://127.0.0.1:{here.getsockname()[1]}/x"
        lines: list[socket.socket] = []

        def serve() -> None:
            while not over.is_set():
                try:
                    lines.append(here.accept()[0])
                except OSError:
                    return
                threading.Thread(target=converse, args=(lines[-1],)).start()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            with pytest.raises(StoreError, match="did not answer in time"):
                session_of(waits, patience=0.2).ask(Question(what="read it", url=url))
        finally:
            over.set()
            here.shutdown(socket.SHUT_RDWR)
            thread.join()
            for line in lines:
                line.close()
    assert (len(asked), waits) == (2, [1.0])


def test_no_more_than_a_minute_and_a_half_is_waited_for_one_answer() -> None:
    waits: list[float] = []
    busy = Reply(status=429, headers={"Retry-After": "40"})
    with serving(lambda _: busy) as here, pytest.raises(StoreError, match="429"):
        session_of(waits).ask(Question(what="read it", url=here))
    assert waits == [40.0, 40.0]


def test_trouble_that_does_not_pass_ends_in_an_error() -> None:
    waits: list[float] = []
    with (
        serving(lambda _: Reply(status=502, body=b"<html>bad</html>")) as here,
        pytest.raises(StoreError, match="cannot read it: the server answered 502 Bad Gateway"),
    ):
        session_of(waits).ask(Question(what="read it", url=here))
    assert waits == [1.0, 2.0, 4.0, 8.0]


@pytest.mark.parametrize("after", ["soon", "-1", "9" * 400, "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_an_odd_wish_to_wait_is_no_harm(after: str) -> None:
    waits: list[float] = []
    with (
        serving(lambda _: Reply(status=503, headers={"Retry-After": after})) as here,
        pytest.raises(StoreError),
    ):
        session_of(waits).ask(Question(what="read it", url=here))
    assert sum(waits) <= 15


def test_an_answer_cut_in_two_is_asked_for_again() -> None:
    replies = [Reply(body=b"0123456789", cut=5), Reply(body=b"0123456789")]
    with serving(lambda _: replies.pop(0)) as here:
        assert ask(here).body == b"0123456789"


def test_what_a_server_says_is_shown_harmless_and_short() -> None:
    told = f"\x1b[31m::error::{SECRET}\n{'x' * 9000}"
    with (
        serving(lambda _: Reply(status=400, body=told.encode())) as here,
        pytest.raises(StoreError) as caught,
    ):
        ask(here)
    assert SECRET not in caught.value.message
    assert "\x1b" not in caught.value.message
    assert "\n" not in caught.value.message
    assert len(caught.value.message) < 500
    assert caught.value.hint == "hint for 400"


def test_an_answer_larger_than_what_is_wanted_is_not_taken_in() -> None:
    seen: list[Request] = []

    def respond(request: Request) -> Reply:
        seen.append(request)
        return Reply(body=bytes(3 << 20))

    for most, shown in ((2 << 20, "2 MB"), (1 << 16, "64 KB"), (1000, "1000 bytes")):
        with (
            serving(respond) as here,
            pytest.raises(StoreError, match=f"the answer is larger than {shown}"),
        ):
            session_of().ask(Question(what="read it", url=here, most=most))
    assert len(seen) == 3


def test_certificates_that_are_not_there_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget_certificates(monkeypatch)
    session = session_of(ca_file=str(tmp_path / "none.pem"))
    with pytest.raises(StoreError, match=r"cannot be asked: .*none\.pem"):
        session.ask(Question(what="read it", url="https://localhost:9/"))


def test_a_pipe_in_the_place_of_certificates_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "ca.pem")
    session = session_of(ca_file=str(tmp_path / "ca.pem"))
    with pytest.raises(StoreError, match=r"ca\.pem is a pipe, and no file of certificates"):
        session.ask(Question(what="read it", url="https://localhost:9/"))


def test_a_message_is_short_whatever_it_has_to_tell_of() -> None:
    long = "x" * 60_000
    for url in (f"https://{long}/", f"http://127.0.0.1:1/{long}"):
        with pytest.raises(StoreError) as caught:
            session_of(who=f"gitlab:{long}").ask(Question(what="read it", url=url))
        assert len(caught.value.message) <= 1005


def test_lists_are_read_along_their_links() -> None:
    def respond(request: Request) -> Reply:
        page = int(request.query.get("page", "1"))
        link = f'</x?page=1>; rel="first", </x?a=b,c&page={page + 1}>; rel="next"'
        return Reply(headers={"Link": link if page < 3 else ""}, body=b"%d" % page)

    with serving(respond) as here:
        question = Question(what="list", url=f"{here}/x")
        assert [it.body for it in session_of().pages(question, 10)] == [b"1", b"2", b"3"]
        assert [it.body for it in session_of().pages(question, 2)] == [b"1", b"2"]


def test_lists_are_read_backwards_along_the_links_that_lead_back() -> None:
    def respond(request: Request) -> Reply:
        page = int(request.query["page"])
        link = f'</x?page={page - 1}>; rel="prev", </x?page=9>; rel="next"'
        return Reply(headers={"Link": link if page > 1 else ""}, body=b"%d" % page)

    with serving(respond) as here:
        question = Question(what="list", url=f"{here}/x?page=3")
        pages = session_of().pages(question, 10, along="prev")
        assert [it.body for it in pages] == [b"3", b"2", b"1"]


def test_a_page_of_a_list_may_be_as_large_as_its_question_allows() -> None:
    with serving(lambda _: Reply(body=bytes(3 << 20))) as here:
        small, large = (
            session_of().pages(Question(what="list", url=here, most=most), 1)
            for most in (2 << 20, 4 << 20)
        )
        assert len(next(large).body) == 3 << 20
        with pytest.raises(StoreError, match="larger than 2 MB"):
            next(small)


def test_a_list_that_goes_on_at_another_server_is_refused() -> None:
    link = '<https://evil.example.com/x?page=2>; rel="next"'
    with serving(lambda _: Reply(headers={"Link": link})) as here:
        pages = session_of().pages(Question(what="list", url=here), 10)
        next(pages)
        with pytest.raises(StoreError, match="another server"):
            next(pages)


def test_a_server_that_is_not_there_is_told_without_the_query() -> None:
    with socket.create_server(("127.0.0.1", 0)) as place:
        port = place.getsockname()[1]
    waits: list[float] = []
    url = f"http://127.0.0.1:{port}/x?sig=abcdef"
    with pytest.raises(StoreError, match="Connection refused") as caught:
        session_of(waits).ask(Question(what="read it", url=url))
    assert f"http://127.0.0.1:{port}/x" in caught.value.message
    assert "abcdef" not in caught.value.message
    assert len(waits) == 4


@pytest.mark.parametrize("url", ["http://", "http://[::1", "gopher://x/", "http://a b/"])
def test_an_address_that_is_none_is_told_at_once(url: str) -> None:
    waits: list[float] = []
    with pytest.raises(StoreError, match="cannot read it"):
        session_of(waits).ask(Question(what="read it", url=url))
    assert waits == []


def forget_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Undo what the machine says of trust and proxies: it goes before what a session is told."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.delenv(name, raising=False)


@contextmanager
def tls(folder: Path) -> Iterator[tuple[str, Path]]:
    """Serve one answer over TLS with a certificate that nobody knows."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    argv = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject]
    subprocess.run([*argv, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            for _ in range(2):
                connection, _ = listener.accept()
                try:
                    with context.wrap_socket(connection, server_side=True) as secured:
                        secured.recv(65536)
                        secured.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                except OSError:
                    connection.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"https://localhost:{listener.getsockname()[1]}", certificate
        thread.join(30)


def test_a_certificate_is_trusted_only_where_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget_certificates(monkeypatch)
    with tls(tmp_path) as (url, certificate):
        waits: list[float] = []
        with pytest.raises(StoreError, match=r"certificate of https://localhost.* not trusted"):
            session_of(waits).ask(Question(what="read it", url=url))
        assert waits == []
        trusting = session_of(ca_file=str(certificate))
        assert trusting.ask(Question(what="read it", url=url)).body == b"ok"


def test_a_netrc_of_the_machine_is_not_put_over_the_credential(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    seen: list[Request] = []
    with serving(leading_to("", seen)) as here:
        ask(f"{here}/end")
    assert "authorization" not in seen[0].headers
    assert seen[0].headers["private-token"] == SECRET
