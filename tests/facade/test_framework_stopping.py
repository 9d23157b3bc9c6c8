"""Tests that end early: cancelled, interrupted, hung, out of time, or behind another process."""

import asyncio
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from perfci.errors import BusyError
from perfci.facade.framework import PerformanceRegressionFramework
from perfci.model.comparison import Outcome
from perfci.worktrees.lock import measuring_lock
from tests.facade.frames import frame, naps, place, takes
from tests.runners.live.hanging import Hanging, hanging

__all__ = ["hanging", "place"]

NAME = ("ai_providers", "analyze_image", "latency")


@pytest.mark.parametrize("kind", ["sync", "async", "resting"])
def test_cancelling_ends_the_measuring_soon(place: Path, hanging: Hanging, kind: str) -> None:
    async def both() -> PerformanceRegressionFramework:
        resting = kind == "resting"
        framework = frame(place, cooldown_seconds=30 if resting else 0)
        calls = {"sync": hanging.call, "async": hanging.call_async, "resting": hanging.begun.set}
        task = asyncio.create_task(framework.run_regression_test(*NAME, calls[kind]))
        await asyncio.to_thread(hanging.begun.wait, 20)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return framework

    begun_at = time.monotonic()
    framework = asyncio.run(both())

    assert time.monotonic() - begun_at < 20
    assert framework.test_results == []
    assert hanging.cancelled.is_set() is (kind == "async")
    for line in (each for each in threading.enumerate() if each.name == "perfci-line"):
        line.join(10)
        assert not line.is_alive()
    # the machine is free again
    hanging.free.set()
    again = asyncio.run(frame(place).run_regression_test(*NAME, takes(2.0)))
    assert again.outcome is Outcome.NEW


def test_a_loop_that_is_left_ends_the_measuring_without_a_word(
    place: Path, hanging: Hanging
) -> None:
    loop = asyncio.new_event_loop()
    coroutine = frame(place).run_regression_test(*NAME, hanging.call)
    task = loop.create_task(coroutine)
    while not hanging.begun.is_set():
        loop.run_until_complete(asyncio.sleep(0.01))
    task._log_destroy_pending = False  # type: ignore[attr-defined]
    coroutine.close()
    loop.close()

    for line in (each for each in threading.enumerate() if each.name == "perfci-line"):
        line.join(10)
        assert not line.is_alive()


def test_a_call_that_hangs_is_a_failed_test_and_hangs_nobody(place: Path, hanging: Hanging) -> None:
    framework = frame(place, test_timeout_seconds=0.3)

    result = asyncio.run(framework.run_regression_test(*NAME, hanging.call))

    assert result.outcome is Outcome.FAILED
    assert "did not end within 0.3 s; it still runs in its thread" in result.message
    assert "raise test_timeout_seconds" in result.message


def test_a_test_that_runs_out_of_time_says_so(place: Path) -> None:
    framework = frame(place, test_iterations=200, test_timeout_seconds=0.5, warm_up_iterations=0)
    name = ("slow", "work", "latency")

    created = asyncio.run(framework.create_baseline(*name, naps(0.2)))

    assert created is False
    assert "within test_timeout_seconds (0.5 s)" in framework.warnings[-1]
    assert "measure.max_time" not in repr(framework.warnings)


def test_another_process_that_measures_is_waited_for(place: Path, tmp_path: Path) -> None:
    framework = frame(place, test_timeout_seconds=20)
    held = measuring_lock(tmp_path / "tmp")
    held.__enter__()
    threading.Timer(0.3, lambda: held.__exit__(None, None, None)).start()

    assert asyncio.run(framework.create_baseline(*NAME, takes(2.0)))


def test_another_process_that_measures_for_too_long_is_told(place: Path, tmp_path: Path) -> None:
    framework = frame(place, test_timeout_seconds=0.2)
    with measuring_lock(tmp_path / "tmp"):
        with pytest.raises(BusyError, match="another perfci"):
            asyncio.run(framework.run_regression_test(*NAME, takes(2.0)))
        assert asyncio.run(framework.create_baseline(*NAME, takes(2.0))) is False

    assert "another perfci" in framework.warnings[-1]


FORKING = """
import asyncio, os, signal, sys, time
from perfci.facade.config import RegressionTestConfig
from perfci.facade.framework import PerformanceRegressionFramework

children = []
def forks():
    if not children:
        child = os.fork()
        if child == 0:
            time.sleep(60)
            os._exit(0)
        children.append(child)

config = RegressionTestConfig(cooldown_seconds=0, test_timeout_seconds=2)
framework = PerformanceRegressionFramework(config, sys.argv[1])
found = [asyncio.run(framework.create_baseline("a", "b", "latency", forks)) for _ in range(2)]
os.kill(children[0], signal.SIGKILL)
os.waitpid(children[0], 0)
sys.exit(found != [True, True])
"""


@pytest.mark.slow
def test_what_a_test_forks_and_leaves_running_does_not_keep_the_machine(place: Path) -> None:
    worker = subprocess.run(
        [sys.executable, "-c", FORKING, str(place / "perf")], timeout=100, check=False
    )
    assert worker.returncode == 0


INTERRUPTED = """
import asyncio, sys, threading
from perfci.facade.config import RegressionTestConfig
from perfci.facade.framework import PerformanceRegressionFramework

def hangs():
    print("begun", flush=True)
    threading.Event().wait()

async def hangs_async():
    print("begun", flush=True)
    await asyncio.Event().wait()

framework = PerformanceRegressionFramework(RegressionTestConfig(cooldown_seconds=0), sys.argv[1])
work = {"sync": hangs, "async": hangs_async}[sys.argv[2]]
asyncio.run(framework.run_regression_test("a", "b", "latency", work))
"""


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sync", "async"])
def test_ctrl_c_ends_the_process_whatever_hangs(place: Path, kind: str) -> None:
    worker = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, str(place / "perf"), kind],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert worker.stdout is not None
    assert worker.stdout.readline() == "begun\n"

    worker.send_signal(signal.SIGINT)
    _, said = worker.communicate(timeout=60)

    assert worker.returncode != 0
    assert said.strip().endswith("KeyboardInterrupt")
    assert list((place.parent / "tmp").glob("perfci-*-*")) == []
