"""Many series looked at by several processes come out as they do in one."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from perfci.errors import ConfigurationError, PerfciError
from perfci.model.metric import Better
from perfci.model.timeline import Spot, Timeline
from perfci.stats.course import follow_all
from perfci.wiring import cluster as cluster_of_dask
from perfci.wiring import crowd
from perfci.wiring.crowd import followed
from tests.command.conftest import App, Run, environment
from tests.command.history.series import lines, series, steps


def timelines(count: int = 12) -> list[Timeline]:
    return [
        Timeline(
            name=f"s{number}",
            unit="s",
            better=Better.HIGHER if number % 2 else Better.LOWER,
            spots=tuple(
                Spot(commit=f"{at:07x}", time=None, value=value)
                for at, value in enumerate(steps((1.0, 40 + number), (1.2 + number / 10, 40)))
            ),
        )
        for number in range(count)
    ]


def test_several_processes_see_what_one_sees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowd, "CHUNK", 300)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    every = timelines()
    found = followed(every, worth=0)
    assert found == follow_all(every)
    assert any(course.changes for course in found)
    assert not psutil.Process().children()


def test_little_work_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowd, "ProcessPoolExecutor", None)
    assert len(followed(timelines())) == 12
    assert followed([]) == ()


def test_another_perfci_is_not_asked() -> None:
    with pytest.raises(ConfigurationError, match=r"runs there, and 0\.0\.1 here"):
        cluster_of_dask.look_at("0.0.1", [])


@pytest.mark.parametrize("address", ["host", "tcp://", "tcp://host", "a b:1", "x\x1b:port"])
def test_what_is_no_address_of_a_cluster_is_refused(app: App, inside: Run, address: str) -> None:
    app.write("runs.jsonl", lines(series([1.0])))
    answer = inside("history", "runs.jsonl", "--dask", address)
    assert answer.code == 2
    assert "is no address of a scheduler" in answer.err
    assert "\x1b" not in answer.err


def test_dask_is_asked_for_by_its_name_where_it_is_missing(
    app: App, inside: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    app.write("runs.jsonl", lines(series([1.0])))
    answer = inside("history", "runs.jsonl", "--dask", "tcp://127.0.0.1:1")
    assert answer.code == 2
    assert "next: install it: pip install 'perf-regression[dask]'" in answer.err


ENDLESS = """
from perfci.wiring import crowd
from tests.command.history.test_crowd import timelines
crowd.CHUNK = 100
crowd.followed(timelines() * 3000, worth=0)
"""


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_whoever_ends_the_parent_ends_the_processes(tmp_path: Path, number: int) -> None:
    script = tmp_path / "endless.py"
    script.write_text(ENDLESS)
    root = Path(__file__).parents[3]
    parent = subprocess.Popen(
        [sys.executable, str(script)], env=environment(PYTHONPATH=str(root)), cwd=root
    )
    try:
        deadline = time.monotonic() + 60
        children: list[psutil.Process] = []
        while len(children) < 2 and time.monotonic() < deadline:
            time.sleep(0.1)
            children = psutil.Process(parent.pid).children(recursive=True)
        assert children
        parent.send_signal(number)
        parent.wait(60)
        _, alive = psutil.wait_procs(children, timeout=60)
        assert not alive
    finally:
        parent.kill()
        parent.wait()


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """Start a scheduler with two workers, and yield its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    dask, here = [sys.executable, "-m", "dask"], ["--host", "127.0.0.1", "--no-dashboard"]
    scheduler = [*dask, "scheduler", *here, "--port", address.rpartition(":")[2]]
    worker = [*dask, "worker", address, *here, "--nworkers", "2", "--nthreads", "1"]
    worker += ["--local-directory", str(folder)]
    with (folder / "log").open("w") as log:
        started = [
            subprocess.Popen(each, stdout=log, stderr=log, env=environment(), cwd=folder)
            for each in (scheduler, worker)
        ]
        try:
            yield address
        finally:
            for process in reversed(started):
                process.terminate()
                process.wait(60)


@pytest.mark.slow
def test_a_cluster_sees_what_one_process_sees(
    app: App, perfci: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed", reason="the optional extra dask is not installed")
    app.write("runs.jsonl", lines(*(series(steps((1.0, 30), (1.5, 30)), name=n) for n in "abc")))
    alone = perfci("history", "runs.jsonl", "--json")
    with cluster(tmp_path) as address:
        together = perfci("history", "runs.jsonl", "--json", "--dask", address)
    assert together.code == 0, together
    assert together.out == alone.out


@pytest.mark.slow
def test_a_cluster_that_is_not_there_is_said_with_exit_2(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("distributed", reason="the optional extra dask is not installed")
    monkeypatch.setattr(cluster_of_dask, "REACHED", 1)
    with pytest.raises(PerfciError, match="cannot be used"):
        followed(timelines(1), cluster="tcp://127.0.0.1:9")
