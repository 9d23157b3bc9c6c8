"""Work that asks a server: both sides, their services, and what is left of them."""

import gc
import os
import socket
import threading
import urllib.request
from pathlib import Path

import pytest

from perfci.model.benchmark import Benchmark, Service
from perfci.model.measurement import Clock, Side
from perfci.runners.coins import coins
from perfci.runners.servers.asking import Tally, Target
from perfci.runners.servers.ports import free_port
from tests.runners.servers.served_stage import (
    PROGRAM,
    Make,
    by_itself,
    failing,
    http,
    pids,
    side_by_side,
    value,
)
from tests.runners.stage import ALONE, BOTH, is_alive, order


class Diary:
    """A client that asks once a part, three parts a launch, and keeps a diary."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.urls: dict[str, str] = {}

    def secret_env(self, benchmark: Benchmark) -> str:
        return ""

    def parts(self, benchmark: Benchmark) -> int:
        return 3

    def warm_up(self, target: Target) -> None:
        self.lines.append(f"warm {target.subject.side}")
        self.urls[target.subject.side] = target.url

    def ask(self, target: Target, tally: Tally, part: int) -> None:
        self.lines.append(f"{part} {target.subject.side}")
        with urllib.request.urlopen(target.url):
            tally.took("latency", 1.0)
            tally.asked += 1
            tally.warnings.append(f"warned in part {part}")


@pytest.mark.slow
def test_the_slower_side_is_the_one_that_got_slower(make: Make, tmp_path: Path) -> None:
    places = side_by_side(tmp_path)
    slow = (PROGRAM.read_text()).replace(
        'environ.get("DELAY", "0")', 'environ.get("DELAY", "0.05")'
    )
    (places.roots[Side.HEAD] / "origin.py").write_text(slow)
    runner, benchmark = make(places), http("", "latency", "error_rate")
    runner.prepare(benchmark, BOTH)

    report = runner.launch(order(benchmark, BOTH))

    assert value(report, Side.HEAD, "latency") >= 0.05
    assert value(report, Side.HEAD, "latency") > value(report, Side.BASE, "latency")
    assert value(report, Side.HEAD, "throughput") <= 20
    assert value(report, Side.BASE, "throughput") > value(report, Side.HEAD, "throughput")
    assert report.launches[Side.HEAD]["latency"].number == 3


def test_the_sides_have_ports_of_their_own_and_take_turns_by_the_coins(
    make: Make, tmp_path: Path
) -> None:
    places, diary, benchmark = side_by_side(tmp_path), Diary(), http()
    runner = make(places, diary)
    runner.prepare(benchmark, BOTH)
    assert diary.lines == ["warm base", "warm head"]
    diary.lines.clear()

    report = runner.launch(order(benchmark, BOTH, seed=6))

    first, *tosses = coins(6, 4)
    assert not first
    expected = [
        f"{part} {name}"
        for part, base_first in enumerate(tosses)
        for name in (("base", "head") if base_first else ("head", "base"))
    ]
    assert diary.lines == ["warm head", "warm base", *expected]
    assert diary.urls["base"] != diary.urls["head"]
    assert len(set(pids(places))) == 4  # a fresh one for every launch
    assert not any(is_alive(pid) for pid in pids(places))
    assert set(report.launches) == set(BOTH)
    # both sides say the same
    assert report.warnings == tuple(f"warned in part {part}" for part in range(3))


def test_sides_that_need_the_same_port_are_served_one_after_the_other(
    make: Make, tmp_path: Path
) -> None:
    url = f"http://127.0.0.1:{free_port()}/"
    places, diary, benchmark = side_by_side(tmp_path), Diary(), http(url=url)
    runner = make(places, diary)
    runner.prepare(benchmark, BOTH)
    diary.lines.clear()
    report = runner.launch(order(benchmark, BOTH, seed=5))

    first, *_ = coins(5, 4)
    turns = BOTH if first else BOTH[::-1]
    assert diary.lines == [f"{what} {it}" for it in turns for what in ("warm", 0, 1, 2)]
    assert set(diary.urls.values()) == {url}
    assert set(report.launches) == set(BOTH)


@pytest.mark.slow
def test_a_services_processor_time_and_memory_belong_to_the_launch(
    make: Make, tmp_path: Path
) -> None:
    places = by_itself(tmp_path / "app")
    burn = "t = time.process_time()\n        while time.process_time() < t + 0.01: pass"
    program = PROGRAM.read_text().replace("time.sleep(DELAY)", f"{burn}")
    held = "b = b'x' * 60_000_000; import time; open('held', 'w').close(); time.sleep(600)"
    (places.roots[Side.HEAD] / "origin.py").write_text(f"HELD = b'x' * 60_000_000\n{program}")
    text = (
        f'python3 -S -c "{held}" & until [ -e held ]; do sleep 0.01; done;'
        " rm held; python3 -S origin.py {port}"
    )
    service = Service(argv=("/bin/sh", "-c", text), shell=True)
    runner = make(places)
    benchmark = http(
        "", "latency", "cpu_time", "memory_usage", service=service, rate=20.0, duration=1.0
    )
    runner.prepare(benchmark, ALONE)
    report = runner.launch(order(benchmark))

    launches = report.launches[Side.HEAD]
    assert set(launches["cpu_time"].clocks) == {Clock.CPU}
    # 20 requests of 10 ms, and the start
    assert 0.01 <= value(report, Side.HEAD, "cpu_time") < 0.1
    # of both processes together
    assert 120_000_000 < value(report, Side.HEAD, "memory_usage") < 160_000_000
    assert launches["memory_usage"].number == 3


def test_without_a_service_head_alone_is_measured(make: Make, tmp_path: Path) -> None:
    runner = make(side_by_side(tmp_path))
    benchmark = http(service=None, url="http://127.0.0.1:1/")

    error = failing(runner, benchmark, *BOTH)

    assert (error.absent, error.side) == (True, Side.BASE)
    assert "same server" in error.message
    assert "{port}" in error.message


@pytest.mark.slow
def test_a_server_of_somebody_elses_is_asked_and_left_alone(make: Make, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            for _ in range(4):  # two warm-ups, the load, and the end of the test
                client, _ = server.accept()
                with client:
                    while client.recv(65536):
                        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

        thread = threading.Thread(target=serve)
        thread.start()
        runner = make(by_itself(tmp_path / "app"))
        benchmark = http(service=None, url=f"http://127.0.0.1:{server.getsockname()[1]}/")
        runner.prepare(benchmark, ALONE)
        launches = runner.launch(order(benchmark)).launches[Side.HEAD]

        assert launches["latency"].clocks[Clock.WALL][0] > 0
        assert "cpu_time" not in launches
        with socket.create_connection(server.getsockname()):
            pass
        thread.join()


@pytest.mark.slow
def test_no_process_and_no_open_file_is_left(make: Make, tmp_path: Path) -> None:
    gc.collect()  # what earlier tests have left open may go at any time
    before = {each.name for each in Path("/proc/self/fd").iterdir()}
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    others = set(children.read_text().split())  # servers that other tests share
    runner = make(side_by_side(tmp_path))
    benchmark = http()
    runner.prepare(benchmark, BOTH)
    runner.launch(order(benchmark, BOTH))
    runner.close()

    assert {each.name for each in Path("/proc/self/fd").iterdir()} <= before
    assert set(children.read_text().split()) <= others


@pytest.mark.slow
def test_both_services_are_given_the_same_variables_but_for_the_port(
    make: Make, tmp_path: Path
) -> None:
    places = side_by_side(tmp_path)
    text = "env | grep -v -e ^PWD= | sort > seen; exec python3 -S origin.py $PORT"
    benchmark = http(service=Service(argv=("/bin/sh", "-c", text), shell=True))
    runner = make(places, INPUT_RUN="x")
    runner.prepare(benchmark, BOTH)
    runner.launch(order(benchmark, BOTH, seed=99))

    base, head = ((places.roots[side] / "seen").read_text().split("\n") for side in BOTH)
    assert [line for line in base if line not in head] == [it for it in base if it[:5] == "PORT="]
    assert len("".join(base)) == len("".join(head))
    assert "PYTHONHASHSEED=100" in base
    assert not [line for line in base if line.startswith(("INPUT_", "PERFCI_"))]
