"""Callables that disturb their process: what can be measured is, the rest is told and ended."""

import os
from pathlib import Path

import pytest

from perfci.model.measurement import Clock
from tests.runners.callables.callables import calling, latency, named
from tests.runners.stage import is_alive, scratch_of

CODE = """
import atexit, os, signal, sys, threading, time

def closes_everything(): os.closerange(3, 4096); time.sleep(0.002)
def takes_the_numbers():
    if not files:
        os.closerange(3, 4096)
        files.extend(open(f"mine-{n}", "w+") for n in range(12))
    time.sleep(0.002)
files = []

def closes_the_outputs(): sys.stdout.close(); sys.stderr = None; time.sleep(0.002)
def moves(): os.chdir("/"); time.sleep(0.002)
def forgets_the_path(): sys.path[:] = []; sys.modules.pop("json", None); time.sleep(0.002)
def holds_signals():
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    time.sleep(600)
def changes_time():
    time.perf_counter_ns = time.perf_counter = time.time = lambda: 0
    time.sleep(0.002)
def prints_much(): sys.stdout.write("x" * 9_000_000); time.sleep(0.002)
def fills_the_error():
    raise ValueError("y" * 20_000_000 + "\\nthe end")
def says_nothing_sensible():
    class Odd(Exception):
        def __str__(self): raise RuntimeError
    raise Odd
def shouts():
    for number in range(3, 30):
        try: os.write(number, b"{\\n")
        except OSError: pass
def lies():
    for number in range(3, 30):
        try: os.write(number, b'{"form": [1, 2]}\\n')
        except OSError: pass

def leaves_a_thread():
    if threading.active_count() == 1:
        threading.Thread(target=time.sleep, args=(600,)).start()
        signal.signal(signal.SIGTERM, lambda *_: open("asked", "w").close())
    has_a_last_wish()
def has_a_last_wish():
    if not wishes:
        wishes.append(1)
        atexit.register(lambda: open("wish", "w").close())
    time.sleep(0.002)
wishes = []

def forks_and_both_return(): os.fork()
def forks_and_both_return_later():
    if os.fork() == 0: time.sleep(0.03)
async def forks_async(): os.fork()
def forks_well():
    if os.fork() == 0: time.sleep(600)
    time.sleep(0.002)
"""


@pytest.mark.parametrize(
    "name",
    [
        "closes_everything",
        "takes_the_numbers",
        "closes_the_outputs",
        "moves",
        "forgets_the_path",
        "changes_time",
        "has_a_last_wish",
        "leaves_a_thread",
    ],
)
def test_what_it_does_to_its_process_is_no_hindrance(tmp_path: Path, name: str) -> None:
    with calling(tmp_path, CODE) as calls:
        launch = latency(calls.measured(named(name)))

        assert min(launch.clocks[Clock.WALL]) >= 0.002
        if name == "takes_the_numbers":
            assert [len(calls.text(f"mine-{n}")) for n in range(12)] == [0] * 12
        # it ended by itself
        assert not (calls.root() / "asked").exists()
        assert (calls.root() / "wish").exists() == (name in {"has_a_last_wish", "leaves_a_thread"})


@pytest.mark.slow
def test_a_process_that_ignores_signals_is_ended(tmp_path: Path) -> None:
    with calling(tmp_path, CODE) as calls:
        error = calls.failing(named("holds_signals", timeout=0.5))

    assert "did not end within 0.5 s" in error.message


def test_what_it_prints_is_bounded(tmp_path: Path) -> None:
    with calling(tmp_path, CODE) as calls:
        calls.measured(named("prints_much"))

        assert (scratch_of(tmp_path) / "head-output").stat().st_size <= 17 * 2**20


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("fills_the_error", "raised an error: the end"),
        ("says_nothing_sensible", "raised an error: b.says_nothing_sensible.<locals>.Odd"),
        ("shouts", "wrote where perfci's own words go"),
        ("lies", "wrote where perfci's own words go"),
    ],
)
def test_hostile_answers_are_told(tmp_path: Path, name: str, message: str) -> None:
    with calling(tmp_path, CODE) as calls:
        error = calls.failing(named(name))

    assert error.message.replace("perfci_benchmark_", "").startswith(f"codec/parse {message}")
    assert len(error.output) <= 8192


@pytest.mark.parametrize(
    "name", ["forks_and_both_return", "forks_and_both_return_later", "forks_async"]
)
def test_a_child_that_returns_is_told_before_it_multiplies(tmp_path: Path, name: str) -> None:
    with calling(tmp_path, CODE) as calls:
        error = calls.failing(named(name))

    assert error.message == "codec/parse forks, and its child returns as if it were the benchmark"
    assert "os._exit" in error.hint


def test_children_that_go_on_are_ended_with_it(tmp_path: Path) -> None:
    with calling(tmp_path, CODE) as calls:
        calls.measured(named("forks_well"))

    me = os.getpid()
    left = Path(f"/proc/{me}/task/{me}/children").read_text().split()
    assert not [pid for pid in left if is_alive(int(pid))]
