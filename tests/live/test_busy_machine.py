"""A regression that only waits longer, found while every processor is kept busy by others."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.command.conftest import App, Run, app, perfci

__all__ = ["app", "perfci"]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

# 3 ms of computing and 4 ms of waiting; a quarter more waiting is a sixth more time
WORK = """\
import time


def work():
    until = time.thread_time() + 0.003
    while time.thread_time() < until:
        pass
    time.sleep({seconds})
"""
SETTINGS = "benchmarks: [{name: work, python: 'library:work'}]\n"


@pytest.fixture
def busy() -> Iterator[None]:
    """Keep every processor busy, twice over."""
    spin = [sys.executable, "-I", "-S", "-c", "while True: pass"]
    others = [subprocess.Popen(spin) for _ in range(2 * (os.cpu_count() or 1))]
    yield
    for other in others:
        other.kill()
        other.wait()


@pytest.mark.usefixtures("busy")
def test_a_sleep_that_takes_a_sixth_longer_fails_on_a_busy_machine(app: App, perfci: Run) -> None:
    app.settings(SETTINGS)
    app.write("library.py", WORK.format(seconds=0.004))
    app.commit("as it was")
    app.write("library.py", "# a comment\n" + WORK.format(seconds=0.004))
    app.commit("a comment")

    answer = perfci("run", "--base", "HEAD~1")
    assert answer.code == 0, answer

    app.write("library.py", WORK.format(seconds=0.005))
    app.commit("waits longer")
    answer = perfci("run", "--base", "HEAD~1")
    assert answer.code == 1, answer
    result = json.loads((app.root / "perfci-results" / "result.json").read_text())
    (finding,) = result["findings"]
    assert (finding["outcome"], finding["clock"]) == ("regressed", "net")
    assert 0.08 < finding["change"] < 0.30
