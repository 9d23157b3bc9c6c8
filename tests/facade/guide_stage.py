"""Where the guide's blocks are run: a place of their own, one namespace, shortened durations."""

import asyncio
import gc
import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import perfci
from perfci.facade.config import RegressionTestConfig
from tests.command.conftest import environment
from tests.facade import guide_page as page

FEWER = {"_10": "5", "_3": "1"}
"""As `Shortened`, for the block that says its iterations itself."""
FOREIGN = ("HA_", "OPENAI_", "OLLAMA_", "SUPERVISOR_", "SLACK_", "DISCORD_", "APPROVE_")
SHORT = {"TEST_ITERATIONS": "2", "WARM_UP_ITERATIONS": "0", "COOLDOWN_SECONDS": "0"}
"""Variables of a pipeline in which the suite is soon over."""
_FOLDERS = ("/data", "/tmp/performance_ci")
"""Where the guide writes: here, below the test's own folder."""


@dataclass(slots=True, kw_only=True)
class Shortened(RegressionTestConfig):
    """The configuration whose defaults take less time; what a block says itself holds."""

    test_iterations: int = 5
    warm_up_iterations: int = 1
    cooldown_seconds: float = 0


@dataclass(slots=True)
class Stage:
    """A place for the blocks, and the names that they share."""

    root: Path
    capture: pytest.CaptureFixture[str]
    names: dict[str, Any] = field(default_factory=dict)

    def run(self, name: str, **replaced: str) -> str:
        """Run a block of Python, and return what it printed.

        Args:
            name: of the block: `python 3`.
            replaced: names and numbers that last too long, as `_30` for 30, by others.
        """
        code = self.moved(page.blocks()[name].text)
        for word, other in replaced.items():
            code, count = re.subn(rf"\b{word.strip('_')}\b", other, code)
            assert count, f"{name} holds no {word.strip('_')}"
        self.capture.readouterr()
        exec(compile(code, name, "exec"), self.names)
        return self.capture.readouterr().out

    def baseline(
        self, component: str, operation: str, kind: str, test_func: Callable[[], object]
    ) -> Any:
        """Create a baseline with the framework of the blocks, and look it up."""
        framework = self.names["framework"]
        assert asyncio.run(framework.create_baseline(component, operation, kind, test_func)), (
            framework.warnings
        )
        return framework.baseline_storage.get_baseline(component, operation, kind)

    def shell(self, text: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run lines of a shell as a pipeline does, in a folder and with variables of its own."""
        return subprocess.run(
            ["bash", "-c", self.moved(text)],
            cwd=self.checkout,
            env=self.variables() | variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=150,
            check=False,
        )

    def variables(self) -> dict[str, str]:
        """Return the variables of a machine that knows no servers, no chats and no CI system."""
        mine = {
            "TMPDIR": str(self.root / "tmp"),
            "PERFCI_OUTPUT": self.moved("/tmp/performance_ci"),
        }
        kept = environment(**mine)
        return {name: value for name, value in kept.items() if not name.startswith(FOREIGN)}

    @property
    def checkout(self) -> Path:
        """Return the folder in which a pipeline starts."""
        return self.root / "checkout"

    def below(self, path: str) -> str:
        """Return a path of the guide, relative to the test's own folder."""
        return self.moved(path).removeprefix(f"{self.root}/")

    def moved(self, text: str) -> str:
        """Return a text in which the guide's folders lie below the test's own."""
        for folder in _FOLDERS:
            text = re.sub(rf"(?<![\w/]){folder}(?![\w])", f"{self.root}{folder}", text)
        return text


@pytest.fixture
def stage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Stage]:
    """Return a stage with the names that the guide's fragments leave undefined."""
    if not page.PLACE.is_file():
        # it is the user's own document, and no part of the project
        pytest.skip(f"the guide is not here: {page.PLACE}")
    made = Stage(tmp_path, capsys)
    for folder in (tmp_path / "tmp", made.checkout):
        folder.mkdir()
    for name in [each for each in os.environ if each not in made.variables()]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(perfci, "RegressionTestConfig", Shortened)
    prelude = "import asyncio, os, sys, time\n"
    exec(prelude, made.names)
    held: list[bytes] = []

    async def your_function() -> None:
        await asyncio.sleep(0.01)
        held.append(b"x" * 2_000_000)

    made.names["your_function"] = your_function
    # clients collect before they measure, and a test process holds a great deal
    gc.collect()
    gc.freeze()
    yield made
    gc.unfreeze()
