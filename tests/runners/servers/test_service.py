"""Services: started, awaited, watched and ended, whatever they do."""

import os
import shutil
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from perfci.errors import MeasurementError
from perfci.model.benchmark import Service
from perfci.model.measurement import Side
from perfci.model.work import Http
from perfci.runners.failures import Subject
from perfci.runners.processes.spawning import Spawner
from perfci.runners.servers.ports import free_port, listens
from perfci.runners.servers.service import RunningService, Site, Surroundings
from perfci.runners.variables import variables
from tests.runners.stage import ENVIRON, bench, is_alive

PROGRAM = Path(__file__).with_name("origin.py")
URL = "http://127.0.0.1:{port}/"
ORIGIN = (sys.executable, "-S", "origin.py", "{port}")


class Place:
    """A side with a server in it, and a spawner."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.port = free_port()
        self.spawner = Spawner()
        shutil.copyfile(PROGRAM, root / "origin.py")

    def site(self, service: Service, url: str = URL, port: int = 0) -> Site:
        benchmark = replace(bench(Http(url=url)), service=service)
        return Site.of(
            Subject(benchmark=benchmark, side=Side.HEAD, paired=False),
            service,
            url,
            port or self.port,
            Surroundings(
                root=self.root, environ=variables(ENVIRON, 7), output=self.root / "output"
            ),
        )

    def start(self, service: Service, url: str = URL, port: int = 0) -> RunningService:
        return RunningService(self.site(service, url, port), self.spawner)

    def ready(self, service: Service) -> RunningService:
        running = self.start(service)
        running.wait_until_ready()
        return running

    def failing(self, service: Service) -> MeasurementError:
        with pytest.raises(MeasurementError) as caught:
            self.ready(service)
        return caught.value

    def pid_in(self, name: str) -> int:
        file = self.root / name
        while not (file.exists() and file.read_text().endswith("\n")):
            time.sleep(0.005)
        return int(file.read_text())


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    yield place
    place.spawner.close()


def shell(text: str, *, timeout: float = 5.0, ready: str = "") -> Service:
    return Service(argv=("/bin/sh", "-c", text), shell=True, timeout=timeout, ready=ready)


def test_a_service_is_ready_as_soon_as_its_port_takes_connections(place: Place) -> None:
    running = place.ready(Service(argv=ORIGIN))

    assert listens("127.0.0.1", place.port)
    running.check()
    ended = running.stop()
    assert ended.reason == "stopped"
    assert ended.cpu > 0
    assert ended.peak > 1_000_000
    assert not listens("127.0.0.1", place.port)


def test_a_service_is_ready_as_soon_as_its_address_answers_below_500(place: Place) -> None:
    place.ready(Service(argv=ORIGIN, ready=f"{URL}status/404")).stop()

    error = place.failing(Service(argv=ORIGIN, ready=f"{URL}status/503?key=1", timeout=0.5))
    assert error.message == (
        "codec/parse has a service that was not ready within 0.5 s:"
        f" http://127.0.0.1:{place.port}/status/503: status 503"
    )
    assert error.output == "listening"
    assert "timeout" in error.hint


def test_the_port_is_given_wherever_it_is_asked_for(place: Place) -> None:
    text = "echo $PORT {port} $HERE ${port}; sleep 60"
    service = replace(shell(text, timeout=0.3), env=(("HERE", "at={port}"),))
    error = place.failing(service)

    port = place.port
    assert error.output == f"{port} {port} at={port}"
    assert "connection refused" in error.message


def test_a_variable_that_the_user_sets_is_the_users(place: Place) -> None:
    service = replace(shell("echo $PORT; exit 3"), env=(("PORT", "80"),))

    assert place.failing(service).output == "80"


def test_a_service_starts_in_its_folder(place: Place) -> None:
    (place.root / "below").mkdir()
    error = place.failing(replace(shell("pwd; exit 3"), cwd="below"))
    assert error.output == str(place.root / "below")

    error = place.failing(replace(shell("pwd"), cwd="nowhere"))
    assert error.message == (
        "codec/parse has a service that cannot be started: its folder nowhere does not exist"
    )


def test_a_service_that_ends_before_it_is_ready_is_noticed_at_once(place: Place) -> None:
    error = place.failing(shell("printf 'no \\033[31mdatabase'; exit 3", timeout=600.0))

    assert error.message == (
        "codec/parse has a service that ended before it was ready: it exited with 3"
    )
    assert error.output == "no database"


def test_a_service_that_becomes_a_daemon_is_told_to_stay(place: Place) -> None:
    error = place.failing(shell("setsid sleep 600 & echo $! > pid; exit 0", timeout=600.0))

    assert "it exited with 0" in error.message
    assert "foreground" in error.hint
    assert not is_alive(place.pid_in("pid"))


def test_a_signal_is_told_by_its_name(place: Place) -> None:
    assert "it was ended by SIGSEGV" in place.failing(shell("kill -SEGV $$")).message


@pytest.mark.parametrize(
    ("argv", "message", "hint"),
    [
        (("./bulid/app",), "./bulid/app does not exist", "setup"),
        (("pyhton3",), "pyhton3 is in no folder of PATH", "did you mean python3?"),
        (("./broken",), "Exec format error", ""),
    ],
)
def test_what_cannot_be_started_is_told(
    place: Place, argv: tuple[str, ...], message: str, hint: str
) -> None:
    (place.root / "broken").write_text("?")
    (place.root / "broken").chmod(0o755)

    error = place.failing(Service(argv=argv))

    assert error.message == f"codec/parse has a service that cannot be started: {message}"
    assert hint in error.hint


def test_a_port_in_use_is_told_before_anything_starts(place: Place) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(MeasurementError) as caught:
            place.start(shell("touch started; sleep 60"), f"http://127.0.0.1:{port}/", port)

    assert caught.value.message == (
        f"codec/parse needs port {port} for its service, and another program listens there"
    )
    assert "{port}" in caught.value.hint
    assert not (place.root / "started").exists()


def test_a_service_that_dies_later_is_told_with_its_last_words(place: Place) -> None:
    running = place.ready(Service(argv=ORIGIN))
    with socket.create_connection(("127.0.0.1", place.port)) as client:
        client.sendall(b"GET /die/0 HTTP/1.1\r\n\r\n")
        client.recv(1)

    place.spawner.ended_within(10.0)
    with pytest.raises(MeasurementError) as caught:
        running.check()
    assert caught.value.message == (
        "codec/parse has a service that ended while it was asked: it exited with 7"
    )
    assert caught.value.output == "listening\nthe last words"


def test_a_service_is_ended_with_all_that_it_has_started(place: Place) -> None:
    text = (
        "trap '' TERM; sh -c \"trap '' TERM; sleep 600; true\" & echo $! > child;"
        " setsid sleep 600 & echo $! > daemon; python3 -S origin.py {port}; sleep 600"
    )
    running = place.ready(shell(text))
    pids = [place.pid_in(name) for name in ("child", "daemon")]
    assert all(is_alive(pid) for pid in pids)

    assert running.stop().clean

    assert not any(is_alive(pid) for pid in pids)
    assert not listens("127.0.0.1", place.port)


def test_an_early_end_is_noticed_while_an_answer_is_awaited(place: Place) -> None:
    # it takes connections at once, and dies 0.3 s later without ever answering
    code = (
        "import socket, sys, time; s = socket.create_server(('127.0.0.1', int(sys.argv[1])));"
        "time.sleep(0.3); sys.exit(5)"
    )
    service = Service(argv=(sys.executable, "-S", "-c", code, "{port}"), ready=URL, timeout=600.0)

    assert "it exited with 5" in place.failing(service).message


def test_ctrl_c_while_waiting_is_passed_on_at_once(place: Place) -> None:
    def interrupt() -> None:
        place.pid_in("pid")
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    running = place.start(shell("echo $$ > pid; exec sleep 600", timeout=600.0))
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        running.wait_until_ready()
    thread.join()
    place.spawner.close()

    assert not is_alive(place.pid_in("pid"))


def test_free_ports_are_free_and_given_away_once() -> None:
    given: set[int] = set()
    for _ in range(20):
        port = free_port(given)
        assert port not in given
        assert not listens("127.0.0.1", port)
        given.add(port)

    assert free_port(range(10240, 32768)) not in range(10240, 32768)
    # outgoing connections take theirs from above
    low = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    assert max(given) < max(low, 32768)
