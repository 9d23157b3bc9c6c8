"""A framework in a folder of its own, with tests whose truth is known, and a gate around it."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from perfci.facade.ci.integration import CICDIntegration
from perfci.facade.config import CICDConfig, RegressionTestConfig
from perfci.facade.framework import PerformanceRegressionFramework
from perfci.facade.results import CICDResult

SHORT = 0.01


@dataclass(slots=True)
class Gate:
    root: Path
    framework: PerformanceRegressionFramework

    @classmethod
    def at(cls, root: Path, *components: str) -> "Gate":
        config = RegressionTestConfig(
            test_iterations=6,
            warm_up_iterations=0,
            cooldown_seconds=0,
            enabled_components=list(components or ["codec"]),
        )
        return cls(root, PerformanceRegressionFramework(config, root / "baselines"))

    @property
    def output(self) -> Path:
        return self.root / "output"

    def baseline(self, work: Callable[[], object], operation: str = "parse") -> None:
        made = self.framework.create_baseline("codec", operation, "latency", work)
        assert asyncio.run(made), self.framework.warnings

    def register(
        self, work: Callable[[], object], operation: str = "parse", component: str = "codec"
    ) -> None:
        self.framework.register(component, operation, "latency", work)

    def run(self, **config: Any) -> CICDResult:
        gate = CICDIntegration(CICDConfig(**config), self.framework, self.output)
        return asyncio.run(gate.run_ci_cd_performance_tests())

    def told(self) -> dict[str, Any]:
        document = json.loads((self.output / "ci_cd_result.json").read_text())
        assert isinstance(document, dict)
        return document


def working(seconds: float) -> Callable[[], None]:
    """Return what computes for so long, whatever else the machine does."""

    def work() -> None:
        end = time.thread_time() + seconds
        while time.thread_time() < end:
            pass

    return work


CLEAN = (
    *("CI", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITLAB_CI", "JENKINS_URL"),
    "SLACK_WEBHOOK_URL",
)


def raising() -> None:
    message = "the server is gone"
    raise RuntimeError(message)


@pytest.fixture
def gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Gate:
    for name in CLEAN:
        monkeypatch.delenv(name, raising=False)
    # one that measures elsewhere on this machine is not waited for
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    monkeypatch.chdir(tmp_path)
    return Gate.at(tmp_path)
