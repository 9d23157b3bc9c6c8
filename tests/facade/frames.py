"""What the framework's tests share: a folder of its own, quick settings, known callables."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest

from perfci.facade.config import RegressionTestConfig
from perfci.facade.framework import PerformanceRegressionFramework

LATENCY = "latency"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Start in a folder outside every repository, where nobody else measures."""
    temporary, here = tmp_path / "tmp", tmp_path / "app"
    temporary.mkdir()
    here.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    for name in os.environ:
        if name.startswith(("PERFCI_", "INPUT_", "GITHUB_", "CI", "GITLAB_", "JENKINS_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.chdir(here)
    return here


def quick(**more: Any) -> RegressionTestConfig:
    given = {"cooldown_seconds": 0, "warm_up_iterations": 1, "test_iterations": 5}
    return RegressionTestConfig(**(given | {"outlier_threshold": 1000.0} | more))


def frame(place: Path, **more: Any) -> PerformanceRegressionFramework:
    return PerformanceRegressionFramework(quick(**more), place / "perf")


def takes(milliseconds: float) -> Any:
    """Return a callable that returns its own milliseconds, a little more each time."""
    calls: list[int] = []

    def call() -> float:
        calls.append(1)
        return milliseconds * (1 + 0.001 * (len(calls) % 3))

    return call


def sleeps(seconds: float) -> Any:
    async def call() -> str:
        await asyncio.sleep(seconds)
        return "done"

    return call


def naps(seconds: float) -> Any:
    def call() -> str:
        time.sleep(seconds)
        return "done"

    return call


def perfci(place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Start the command in the same place, by the same interpreter."""
    environ = dict(os.environ) | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    return subprocess.run(
        [sys.executable, "-m", "perfci", *arguments],
        cwd=place,
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
