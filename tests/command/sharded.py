"""Shards as files: measured by the loop on a machine whose truth is known, without processes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from perfci import __version__
from perfci.model.run import Recording
from perfci.model.shard import Place
from perfci.plan.shards import narrowed
from perfci.schema import run as document
from tests.measure.test_loop import Known, Ticking, plan, run
from tests.measure.test_rerun import recorded

NAMES = ("a", "b", "c", "d", "e", "slow+25")
SETTINGS = "project: app\nbenchmarks: [{name: a, suite: s, run: 'true'}]\nexpect: []\n"


def shard(index: int, count: int = 3, *, names: Sequence[str] = NAMES, seed: int = 7) -> Recording:
    """Measure one shard."""
    part = narrowed(plan(*names, seed=seed), Place(index=index, count=count))
    found = recorded(run(part, Known(Ticking())))
    head = replace(
        found.run,
        id=f"20261126T00000{index}Z-aa{seed}",
        started_at=found.run.started_at + timedelta(minutes=seed),
    )
    return replace(found, project="app", version=__version__, run=head, shard=part.shard)


def write(folder: Path, recordings: Sequence[Recording]) -> list[str]:
    """Write each as a file; return their names."""
    names = []
    for at, recording in enumerate(recordings):
        (folder / f"{at}.json").write_bytes(document.dump(recording))
        names.append(f"{at}.json")
    return names


def enter(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a folder with settings, as a person at a terminal; return it."""
    (folder / "perfci.yml").write_text(SETTINGS)
    monkeypatch.chdir(folder)
    for name in ("CI", "GITHUB_ACTIONS", "GITLAB_CI"):
        monkeypatch.delenv(name, raising=False)
    return folder
