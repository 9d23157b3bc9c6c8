"""Work that asks a server, where something is wrong: secrets, services that die, shared code."""

import os
import signal
import socket
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from perfci.errors import MeasurementError, WorktreeError
from perfci.model.benchmark import Service
from perfci.model.measurement import Side
from tests.runners.servers.served_stage import (
    Make,
    by_itself,
    failing,
    http,
    pids,
    side_by_side,
    value,
)
from tests.runners.stage import ALONE, BOTH, is_alive, order


def test_a_port_that_somebody_holds_is_told_with_the_side(make: Make, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        url = f"http://127.0.0.1:{other.getsockname()[1]}/"
        error = failing(make(side_by_side(tmp_path)), http(url=url), *BOTH)

    assert "another program listens there" in error.message
    assert "on base" in error.message


@pytest.mark.parametrize("environ", [{}, {"MY_TOKEN": ""}, {"MY_TOKEN": " \n"}])
def test_a_token_that_is_not_set_is_told_by_its_variable(
    make: Make, tmp_path: Path, environ: dict[str, str]
) -> None:
    error = failing(make(by_itself(tmp_path / "app"), **environ), http(token_env="MY_TOKEN"))

    assert error.message == (
        "codec/parse needs a secret from the variable MY_TOKEN, which is not set or empty"
    )
    assert "secrets.MY_TOKEN" in error.hint


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
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
