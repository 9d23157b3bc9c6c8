"""The framework and the command read each other's baselines."""

import asyncio
import json
from pathlib import Path

import pytest

from perfci.model.comparison import Outcome
from tests.facade.frames import frame, naps, perfci, place

__all__ = ["place"]
NAME = ("ai_providers", "analyze_image", "latency")
WORK = "import time\n\ndef analyze():\n    time.sleep({seconds})\n"
SETTINGS = """
store: file:perf
measure: {rounds: 5}
benchmarks:
  - name: analyze_image
    suite: ai_providers
    python: work.py:analyze
"""


def configured(place: Path, seconds: float) -> None:
    (place / "perfci.yml").write_text(SETTINGS)
    (place / "work.py").write_text(WORK.format(seconds=seconds))


def test_the_command_lists_what_the_framework_stored(place: Path) -> None:
    asyncio.run(frame(place).create_baseline(*NAME, naps(0.01)))

    done = perfci(place, "baseline", "list", "--store", f"file:{place / 'perf'}", "--json")

    (branch,) = json.loads(done.stdout)
    assert done.returncode == 0
    assert (branch["runs"], branch["newest"]["series"]) == (1, 1)


@pytest.mark.slow
def test_the_command_compares_with_a_baseline_of_the_framework(place: Path) -> None:
    configured(place, 0.03)
    asyncio.run(frame(place).create_baseline(*NAME, naps(0.01)))

    done = perfci(place, "run", "--mode", "history", "--json")

    result = json.loads((place / "perfci-results/result.json").read_text())
    (finding,) = result["findings"]
    assert result["mode"] == "history", done.stderr
    assert finding["key"] == "ai_providers/analyze_image:latency"
    assert 0.009 < finding["base"] < finding["head"]
    assert finding["outcome"] == "regressed"


@pytest.mark.slow
def test_the_framework_compares_with_a_baseline_of_the_command(place: Path) -> None:
    configured(place, 0.01)
    done = perfci(place, "run", "--mode", "record")
    assert done.returncode == 0, done.stderr

    framework = frame(place)
    result = asyncio.run(framework.run_regression_test(*NAME, naps(0.03)))
    baseline = framework.baseline_storage.get_baseline(*NAME)

    assert result.outcome is Outcome.REGRESSED, result.message
    assert result.change_percentage > 100
    assert baseline is not None
    assert 9 < baseline.baseline_value < 25
    assert (baseline.unit, baseline.sample_size) == ("ms", 5)
