"""Callables of benchmarks with an image: everything is asked of the place where they run."""

import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from perfci.errors import MeasurementError, WorktreeError
from perfci.model.measurement import Clock, Side
from perfci.ports import Places
from perfci.runners.callables.runner import FunctionRunner
from perfci.runners.callables.workplace import Here
from perfci.runners.processes.spawning import Spawner
from tests.runners.callables.callables import latency, named
from tests.runners.stage import BOTH, ENVIRON, order, scratch_of, side_by_side

CODE = """
import os, time, app
def work():
    assert os.environ["WHERE"] == "elsewhere"
    assert os.getcwd() == os.path.dirname(app.__file__)
    time.sleep(app.SECONDS)
"""
BENCHMARK = replace(named("work"), image="app:test")


class Away:
    """Sides that were copied to another folder, as to a container that sees none of ours."""

    def __init__(self, folder: Path) -> None:
        self.roots = {side: folder / "there" / side for side in BOTH}
        self.places = {
            side: Here(
                side=side,
                spawner=Spawner(),
                root=self.roots[side],
                definitions=self.roots[Side.HEAD],
                environ={**ENVIRON, "WHERE": "elsewhere"},
                scratch=scratch_of(folder),
            )
            for side in BOTH
        }

    def upload(self, places: Places) -> None:
        for side in BOTH:
            shutil.copytree(places.roots[side], self.roots[side])

    def close(self) -> None:
        for place in self.places.values():
            place.spawner.close()


@pytest.fixture
def places(tmp_path: Path) -> Places:
    found = side_by_side(tmp_path)
    for side, seconds in ((Side.BASE, 0.002), (Side.HEAD, 0.004)):
        (found.roots[side] / "app.py").write_text(f"SECONDS = {seconds}")
    (found.roots[Side.HEAD] / "benchmarks").mkdir()
    (found.roots[Side.HEAD] / "benchmarks" / "b.py").write_text(CODE)
    return found


@pytest.fixture
def away(tmp_path: Path) -> Iterator[Away]:
    made = Away(tmp_path)
    yield made
    made.close()


@pytest.fixture
def runner(tmp_path: Path, places: Places, away: Away) -> Iterator[FunctionRunner]:
    made = FunctionRunner(
        places,
        ENVIRON,
        scratch_of(tmp_path),
        sys.executable,
        elsewhere=lambda _, side: away.places[side],
    )
    yield made
    made.close()


def test_the_callable_runs_there(runner: FunctionRunner, places: Places, away: Away) -> None:
    away.upload(places)

    runner.prepare(BENCHMARK, BOTH)
    report = runner.launch(order(BENCHMARK, BOTH))

    assert min(latency(report, Side.HEAD).clocks[Clock.WALL]) >= 0.004
    assert min(latency(report, Side.BASE).clocks[Clock.WALL]) >= 0.002


def test_code_that_the_image_brings_is_no_sides_own(
    runner: FunctionRunner, places: Places, away: Away, tmp_path: Path
) -> None:
    away.upload(places)
    packages = tmp_path / "image" / "site-packages"
    packages.mkdir(parents=True)
    for root in away.roots.values():
        (root / "app.py").rename(packages / "app.py")
    benchmark = replace(BENCHMARK, env=(("PYTHONPATH", str(packages)),))
    (away.roots[Side.HEAD] / "benchmarks" / "b.py").write_text("import app\ndef work(): pass")

    with pytest.raises(WorktreeError, match=r"would use .*site-packages/app\.py"):
        runner.prepare(benchmark, BOTH)


def test_perfci_ends_what_runs_there_when_it_fails(
    runner: FunctionRunner, places: Places, away: Away
) -> None:
    away.upload(places)
    (away.roots[Side.BASE] / "app.py").write_text("raise SystemExit")

    with pytest.raises(MeasurementError, match="could not be imported on base"):
        runner.prepare(BENCHMARK, BOTH)

    assert all(place.spawner._channel is None for place in away.places.values())
