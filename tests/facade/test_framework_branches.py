"""Which branch's baseline counts: head's own, else the default branch's, else any."""

import asyncio
import subprocess
from pathlib import Path

import pytest

from perfci.model.comparison import Outcome
from tests.facade.frames import frame, place, takes

__all__ = ["place"]
NAME = ("ai_providers", "analyze_image", "latency")


def git(place: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    subprocess.run(["git", *identity, *arguments], cwd=place, check=True, capture_output=True)


def repository(place: Path) -> None:
    git(place, "init", "-q", "-b", "main")
    git(place, "commit", "-qm", "first", "--allow-empty")


def test_a_branch_without_baselines_is_compared_with_where_they_are(place: Path) -> None:
    repository(place)
    framework = frame(place)
    asyncio.run(framework.create_baseline(*NAME, takes(20.0)))
    git(place, "checkout", "-qb", "feature")

    elsewhere = asyncio.run(framework.run_regression_test(*NAME, takes(20.0)))
    asyncio.run(framework.create_baseline(*NAME, takes(30.0), version="2.0.0-feature"))
    own = asyncio.run(framework.run_regression_test(*NAME, takes(30.0)))
    git(place, "checkout", "-q", "main")
    back = asyncio.run(framework.run_regression_test(*NAME, takes(20.0)))

    assert elsewhere.baseline_version == "1.0.0"
    assert own.baseline_version == "2.0.0-feature"
    assert back.baseline_version == "1.0.0"
    assert len(framework.baseline_storage.list_baselines()) == 1
    assert framework.baseline_storage.list_baselines()[0].version == "2.0.0-feature"


def test_a_baseline_knows_its_commit_and_the_store_is_no_change_to_the_tree(place: Path) -> None:
    repository(place)
    framework = frame(place)
    for _ in range(2):
        asyncio.run(framework.create_baseline(*NAME, takes(20.0)))

    baseline = framework.baseline_storage.get_baseline(*NAME)
    result = asyncio.run(framework.run_regression_test(*NAME, takes(20.0)))

    assert baseline is not None
    assert len(baseline.commit) == 40
    assert result.outcome is not Outcome.NEW
    kept = (place / "perf/results" / f"{result.test_id}.json").read_text()
    assert '"dirty": false' in kept


def test_a_baseline_of_another_environment_is_named_and_not_compared_with(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    framework = frame(place)
    asyncio.run(framework.create_baseline(*NAME, takes(20.0)))
    monkeypatch.setenv("ImageOS", "another")

    result = asyncio.run(framework.run_regression_test(*NAME, takes(90.0)))

    assert result.outcome is Outcome.NEW
    assert "Baseline 1.0.0 was measured in another environment" in result.message
    baseline = framework.baseline_storage.get_baseline(*NAME)
    assert baseline is not None
    assert baseline.version == "1.0.0"


def test_a_branch_and_a_default_branch_without_baselines_look_at_any_other(place: Path) -> None:
    repository(place)
    git(place, "checkout", "-qb", "feature")
    framework = frame(place)
    asyncio.run(framework.create_baseline(*NAME, takes(20.0)))
    git(place, "checkout", "-q", "main")

    result = asyncio.run(framework.run_regression_test(*NAME, takes(20.0)))

    assert result.baseline_version == "1.0.0"
