"""What is found in real histories with labels, where they lie beside the repository."""

from pathlib import Path

import pytest

from benchmarks.changes import DATA, find, indices, timeline
from benchmarks.changes_score import load, online, row
from perfci.stats.course import follow_all

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def labelled() -> Path:
    if not DATA.is_file():
        # the data belongs to others and is no part of the repository
        pytest.skip(f"no labelled series at {DATA}")
    return DATA


def test_as_much_is_found_as_ever(labelled: Path) -> None:
    cases = load(labelled)
    courses = follow_all(timeline(one.values) for one in cases)
    own = {one.name: indices(course) for one, course in zip(cases, courses, strict=True)}
    found = row(cases, own)
    assert found.f1_near >= 0.75
    assert found.f1 >= 0.81
    assert found.hand is not None
    assert found.hand >= 0.89
    assert found.alarms <= 0.055


def test_a_run_after_every_commit_tells_most_steps_soon(labelled: Path) -> None:
    found = online(load(labelled), find)
    assert sum(delay <= 10 for delay in found.delays) >= 0.85 * len(found.delays)
    assert found.alarms <= 0.2
