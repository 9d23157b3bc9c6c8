"""Trees of processes and threads of known truth, seen through the spawner."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from perfci.runners.processes.spawning import Ended, Spawner, Start
from tests.runners.stage import ENVIRON, is_alive

MEBIBYTE = 2**20
WORDS = """
import os, threading, time
def burn(seconds):
    until = time.thread_time() + seconds
    while time.thread_time() < until: pass
"""

Run = Callable[[str], Ended]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    spawner = Spawner()

    def python(code: str) -> Ended:
        argv = (sys.executable, "-S", "-c", WORDS + code)
        return spawner.run(
            Start(
                executable=argv[0],
                argv=argv,
                cwd=tmp_path,
                environ=ENVIRON,
                output=tmp_path / "output",
                timeout=60,
                tree=True,
            )
        )

    yield python
    spawner.close()


def test_a_child_that_is_waited_for_is_seen_whole(run: Run) -> None:
    ended = run("if os.fork():\n os.wait()\nelse:\n burn(0.3); time.sleep(0.4); os._exit(0)")

    assert ended.cpu >= 0.3
    assert ended.whole
    assert ended.delay is not None


def test_threads_that_take_turns_are_seen_whole(run: Run) -> None:
    ended = run(
        "for _ in range(3):\n"
        " t = threading.Thread(target=lambda: (burn(0.1), time.sleep(0.2)))\n"
        " t.start(); t.join()"
    )

    assert ended.cpu >= 0.3
    assert ended.whole


@pytest.mark.parametrize(
    "code",
    [
        # threads of Python would take turns
        "if not os.fork(): burn(0.2); os._exit(0)\nburn(0.2); os.wait()",
        "if not os.fork(): burn(0.2); os._exit(0)\ntime.sleep(0.3); os.wait()",
    ],
    ids=["two compute", "one computes while the other sleeps"],
)
def test_what_goes_on_side_by_side_has_no_wait_that_could_be_taken_out(run: Run, code: str) -> None:
    ended = run(code)

    assert ended.cpu >= 0.2
    assert not ended.whole


@pytest.mark.slow
def test_processes_and_threads_that_had_gone_before_the_last_look_still_count(run: Run) -> None:
    # what none of them is seen to take, its own end, is little beside what it has computed
    ended = run(
        "for _ in range(2):\n"
        " if os.fork(): os.wait()\n"
        " else: burn(0.25); time.sleep(0.3); os._exit(0)\n"
        "t = threading.Thread(target=lambda: (burn(0.25), time.sleep(0.3)))\n"
        "t.start(); t.join(); time.sleep(0.3)"
    )

    assert ended.cpu >= 0.75
    assert ended.whole


@pytest.mark.parametrize(
    "code",
    [
        "if os.fork(): os.wait()\n else: burn(0.005); os._exit(0)",
        "t = threading.Thread(target=burn, args=(0.005,)); t.start(); t.join()",
    ],
    ids=["children", "threads"],
)
def test_what_comes_and_goes_between_two_looks_is_told_to_have_escaped(run: Run, code: str) -> None:
    ended = run(f"for _ in range(20):\n {code}")

    assert ended.cpu >= 0.1
    assert not ended.whole


def test_a_daemon_counts_to_the_last_and_is_ended(run: Run, tmp_path: Path) -> None:
    ended = run(
        "if os.fork() == 0:\n"
        " os.setsid()\n"
        " if os.fork() == 0:\n"
        "  burn(0.2)\n"
        "  open('pid', 'w').write(str(os.getpid()))\n"
        "  time.sleep(600)\n"
        " time.sleep(0.2)\n"
        " os._exit(0)\n"
        "os.wait()\n"
        "while not os.path.exists('pid') or not open('pid').read(): time.sleep(0.01)"
    )

    assert ended.cpu >= 0.2
    assert ended.clean
    assert not is_alive(int((tmp_path / "pid").read_text()))


def test_orphans_that_end_early_count_and_do_not_pile_up(run: Run) -> None:
    ended = run(
        "for _ in range(5):\n"
        " if os.fork() == 0:\n"
        "  if os.fork() == 0: burn(0.02)\n"
        "  os._exit(0)\n"
        " os.wait()\n"
        "name = f'/proc/{os.getppid()}/task/{os.getppid()}/children'\n"
        "until = time.monotonic() + 20\n"
        "while open(name).read().split() != [str(os.getpid())]:\n"
        " time.sleep(0.01)\n"
        " if time.monotonic() > until: os._exit(1)"
    )

    assert ended.cpu >= 0.1
    assert ended.code == 0


def test_memory_of_a_tree_is_that_of_all_its_processes_together(run: Run) -> None:
    ended = run("child = os.fork()\nb = b'x' * (40 * 2**20)\ntime.sleep(0.3)\nchild and os.wait()")

    assert 80 * MEBIBYTE <= ended.peak <= 140 * MEBIBYTE


def test_memory_of_processes_after_one_another_is_that_of_the_largest(run: Run) -> None:
    ended = run(
        "for _ in range(3):\n if os.fork(): os.wait()\n else: b = b'x' * (40 * 2**20); os._exit(0)"
    )

    assert 40 * MEBIBYTE <= ended.peak <= 80 * MEBIBYTE
