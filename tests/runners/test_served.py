"""Work that asks a server: both sides, their services, and what is left of them."""

import os
import shutil
import signal
import socket
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from perfci.errors import MeasurementError, WorktreeError
from perfci.model.benchmark import Benchmark, Service
from perfci.model.measurement import Clock, Side
from perfci.model.work import Http
from perfci.ports import LaunchReport, Places
from perfci.runners.asking import Client, Tally, Target
from perfci.runners.coins import coins
from perfci.runners.free_port import free_port
from perfci.runners.http import HttpClient
from perfci.runners.served import ServedRunner
from perfci.wiring.process import SystemClock
from tests.runners.stage import ALONE, BOTH, ENVIRON, alone, bench, is_alive, order, scratch_of
from tests.runners.stage import side_by_side as two_sides

PROGRAM = Path(__file__).with_name("origin.py")
URL = "http://127.0.0.1:{port}/"
# what a service writes here tells which processes there were
ORIGIN = Service(
    argv=("/bin/sh", "-c", "echo $$ >> pids; exec python3 -S origin.py {port}"), shell=True
)
HTTP = HttpClient(SystemClock())
Make = Callable[..., ServedRunner]


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


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[ServedRunner] = []

    def runner(places: Places, client: Client = HTTP, **environ: str) -> ServedRunner:
        made.append(ServedRunner(places, ENVIRON | environ, scratch_of(tmp_path), client))
        return made[-1]

    yield runner
    for each in made:
        each.close()
        each.close()


def side_by_side(folder: Path) -> Places:
    places = two_sides(folder)
    for root in places.roots.values():
        shutil.copyfile(PROGRAM, root / "origin.py")
    return places


def by_itself(folder: Path) -> Places:
    places = alone(folder)
    shutil.copyfile(PROGRAM, folder / "origin.py")
    return places


def http(
    path: str = "",
    *metrics: str,
    service: Service | None = ORIGIN,
    url: str = URL,
    **options: object,
) -> Benchmark:
    work = Http(url=url + path, duration=0.2, timeout=5.0)
    return replace(bench(replace(work, **options), *metrics), service=service)  # type: ignore[arg-type]


def failing(runner: ServedRunner, benchmark: Benchmark, *sides: Side) -> MeasurementError:
    with pytest.raises(MeasurementError) as caught:
        runner.prepare(benchmark, sides or ALONE)
    return caught.value


def pids(places: Places) -> list[int]:
    files = [root / "pids" for root in places.roots.values()]
    return [int(line) for file in files if file.exists() for line in file.read_text().split()]


def value(report: LaunchReport, side: Side, metric: str) -> float:
    (values,) = report.launches[side][metric].clocks.values()
    return values[0]


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


def test_a_port_that_somebody_holds_is_told_with_the_side(make: Make, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        url = f"http://127.0.0.1:{other.getsockname()[1]}/"
        error = failing(make(side_by_side(tmp_path)), http(url=url), *BOTH)

    assert "another program listens there" in error.message
    assert "on base" in error.message


def test_a_services_processor_time_and_memory_belong_to_the_launch(
    make: Make, tmp_path: Path
) -> None:
    places = by_itself(tmp_path / "app")
    burn = "t = time.process_time()\n        while time.process_time() < t + 0.01: pass"
    program = PROGRAM.read_text().replace("time.sleep(DELAY)", f"{burn}")
    held = "b = b'x' * 60_000_000; import time; open('held', 'w').close(); time.sleep(600)"
    (places.roots[Side.HEAD] / "origin.py").write_text(program)
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
    assert 66_000_000 < value(report, Side.HEAD, "memory_usage") < 120_000_000
    assert launches["memory_usage"].number == 3


def test_without_a_service_head_alone_is_measured(make: Make, tmp_path: Path) -> None:
    runner = make(side_by_side(tmp_path))
    benchmark = http(service=None, url="http://127.0.0.1:1/")

    error = failing(runner, benchmark, *BOTH)

    assert (error.absent, error.side) == (True, Side.BASE)
    assert "same server" in error.message
    assert "{port}" in error.message


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


@pytest.mark.parametrize("environ", [{}, {"MY_TOKEN": ""}, {"MY_TOKEN": " \n"}])
def test_a_token_that_is_not_set_is_told_by_its_variable(
    make: Make, tmp_path: Path, environ: dict[str, str]
) -> None:
    error = failing(make(by_itself(tmp_path / "app"), **environ), http(token_env="MY_TOKEN"))

    assert error.message == (
        "codec/parse needs a secret from the variable MY_TOKEN, which is not set or empty"
    )
    assert "secrets.MY_TOKEN" in error.hint


def test_a_token_is_used_and_its_last_line_break_is_not(make: Make, tmp_path: Path) -> None:
    runner = make(by_itself(tmp_path / "app"), MY_TOKEN="right\n")
    benchmark = http("token", token_env="MY_TOKEN")
    runner.prepare(benchmark, ALONE)

    assert value(runner.launch(order(benchmark)), Side.HEAD, "error_rate") == 0


def test_a_token_with_a_line_break_inside_is_refused_unseen(make: Make, tmp_path: Path) -> None:
    runner = make(by_itself(tmp_path / "app"), MY_TOKEN="hunter2\nX: y")
    error = failing(runner, http("token", token_env="MY_TOKEN"))

    assert "line break" in error.message
    assert "hunter2" not in error.message + error.hint + error.output


def test_a_token_in_the_servers_log_is_not_passed_on(make: Make, tmp_path: Path) -> None:
    runner = make(by_itself(tmp_path / "app"), MY_TOKEN="hunter2")
    error = failing(runner, http("die/0", token_env="MY_TOKEN"))

    assert error.output == "listening\nthe last words Bearer ***"


def test_a_service_that_dies_while_it_is_asked_is_the_reason(make: Make, tmp_path: Path) -> None:
    places = side_by_side(tmp_path)
    runner, benchmark = make(places), http("die/20", rate=100.0, duration=0.5)
    runner.prepare(benchmark, BOTH)

    with pytest.raises(MeasurementError) as caught:
        runner.launch(order(benchmark, BOTH))

    message = caught.value.message
    assert "has a service that ended on " in message
    assert message.endswith(" while it was asked: it exited with 7")
    assert caught.value.output.endswith("the last words")
    assert not any(is_alive(pid) for pid in pids(places))


def test_a_side_that_does_not_answer_ends_both(make: Make, tmp_path: Path) -> None:
    places = side_by_side(tmp_path)
    runner = make(places)
    good, bad = http(), http("status/500")
    runner.prepare(good, BOTH)

    with pytest.raises(MeasurementError, match="status 500"):
        runner.launch(order(bad, BOTH))

    assert len(pids(places)) == 4
    assert not any(is_alive(pid) for pid in pids(places))
    assert runner.launch(order(good, BOTH)).launches


def test_ctrl_c_ends_the_services_of_both_sides(make: Make, tmp_path: Path) -> None:
    places = side_by_side(tmp_path)
    runner, benchmark = make(places), http("sleep/0.01", duration=60.0)

    def interrupt() -> None:
        while len(pids(places)) < 4:
            time.sleep(0.01)
        time.sleep(0.3)
        os.kill(os.getpid(), signal.SIGINT)

    runner.prepare(replace(benchmark, warmup=0), BOTH)
    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        runner.launch(order(replace(benchmark, warmup=0), BOTH))
    thread.join()

    assert not any(is_alive(pid) for pid in pids(places))


def test_no_process_and_no_open_file_is_left(make: Make, tmp_path: Path) -> None:
    before = {each.name for each in Path("/proc/self/fd").iterdir()}
    runner = make(side_by_side(tmp_path))
    benchmark = http()
    runner.prepare(benchmark, BOTH)
    runner.launch(order(benchmark, BOTH))
    runner.close()

    assert {each.name for each in Path("/proc/self/fd").iterdir()} == before
    me = os.getpid()
    assert not Path(f"/proc/{me}/task/{me}/children").read_text().split()


@pytest.mark.parametrize("end", ["", "\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit())"])
def test_a_service_that_imports_the_checkout_is_refused(
    make: Make, tmp_path: Path, end: str
) -> None:
    places = side_by_side(tmp_path)
    (places.checkout / "app.py").touch()
    for root in places.roots.values():
        (root / "app.py").touch()
        program = (
            (root / "origin.py").read_text().replace("import json", "import json, signal, app")
        )
        # one that ends on the spot, and one that takes its leave
        (root / "origin.py").write_text(
            program.replace(
                "    while True:\n        connection, _",
                f"    {end.strip()}\n    while True:\n        connection, _",
            )
        )
    service = Service(argv=("python3", "-P", "origin.py", "{port}"))

    with pytest.raises(WorktreeError, match=r"checkout/app\.py \(module app\)"):
        make(places, PYTHONPATH=str(places.checkout)).prepare(http(service=service), BOTH)

    make(places, PYTHONPATH=".").prepare(http(service=service), BOTH)


def test_a_service_of_the_checkouts_is_refused(make: Make, tmp_path: Path) -> None:
    places = side_by_side(tmp_path)
    tool = places.checkout / "server"
    tool.write_text("#!/bin/sh\n")
    tool.chmod(0o755)

    with pytest.raises(WorktreeError, match="server"):
        make(places).prepare(http(service=Service(argv=(str(tool),))), BOTH)


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
