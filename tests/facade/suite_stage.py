"""What the tests of the comprehensive suite share: a clean place, and a suite that is soon over."""

import asyncio
import gc
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from perfci.facade.config import RegressionTestConfig
from perfci.facade.framework import PerformanceRegressionFramework
from perfci.facade.results import RegressionTestResult
from perfci.model.comparison import Outcome

_KEPT = ("PATH", "HOME", "LANG")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return an empty folder outside any repository and any CI system, with a lock of its own."""
    for name in os.environ:
        if name not in _KEPT:
            monkeypatch.delenv(name)
    for name in ("scratch", "here"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    monkeypatch.chdir(tmp_path / "here")
    # clients collect before they measure, and a test process holds a great deal
    gc.collect()
    gc.freeze()
    yield tmp_path / "kept"
    gc.unfreeze()


def framework(
    place: Path, *components: str, types: tuple[str, ...] = (), **settings: Any
) -> PerformanceRegressionFramework:
    quick = {
        "test_iterations": 2,
        "warm_up_iterations": 1,
        "cooldown_seconds": 0,
        "minimum_sample_size": 2,
        "test_timeout_seconds": 30,
    }
    given: dict[str, Any] = quick | settings
    if components:
        given["enabled_components"] = list(components)
    if types:
        given["enabled_test_types"] = list(types)
    return PerformanceRegressionFramework(RegressionTestConfig(**given), place)


def run(made: PerformanceRegressionFramework) -> dict[str, Any]:
    return asyncio.run(made.run_comprehensive_regression_suite())


def by_name(results: Mapping[str, Any]) -> dict[str, RegressionTestResult]:
    """Return the results by operation and type: `cycle:error_rate`."""
    return {f"{it.operation}:{it.test_type.value}": it for it in results["results"]}


def outcomes(results: Mapping[str, Any]) -> set[Outcome]:
    return {it.outcome for it in results["results"]}


def says(value: float) -> Callable[[], float]:
    """Return a test that measures itself, and always the same."""
    return lambda: value


def everything_in(folder: Path) -> bytes:
    """Return all that was written there."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
