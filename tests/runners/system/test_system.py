"""The system runner, on this machine."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from perfci.errors import MeasurementError
from perfci.model.measurement import Clock, Side
from perfci.model.work import System
from perfci.runners.system.report import SystemReport, judge
from perfci.runners.system.runner import SystemRunner
from perfci.runners.system.watch import Watch
from perfci.wiring.process import SystemClock
from tests.runners.stage import ALONE, BOTH, bench, order, scratch_of
from tests.runners.system.fake_kernel import Kernel

SPIN = "import sys; print(flush=True)\nwhile True: pass"


def seen(folder: Path, duration: float = 0.3) -> SystemReport:
    return judge(Watch(SystemClock(), scratch_of(folder)).look(duration))


def test_a_launch_holds_both_metrics(tmp_path: Path) -> None:
    runner = SystemRunner(SystemClock(), scratch_of(tmp_path))
    benchmark = bench(System(duration=0.2), "system_health")
    runner.prepare(benchmark, ALONE)

    report = runner.launch(order(benchmark))
    runner.close()
    runner.close()

    found = report.launches[Side.HEAD]
    assert set(found) == {"system_health", "resource_utilization"}
    for launch in found.values():
        assert (launch.number, launch.position, launch.size) == (3, 9, 1)
    (health,) = found["system_health"].clocks[Clock.VALUE]
    (utilization,) = found["resource_utilization"].clocks[Clock.VALUE]
    assert 1 <= health <= 100
    assert 0 < utilization <= 1


def test_both_sides_would_be_this_machine(tmp_path: Path) -> None:
    runner = SystemRunner(SystemClock(), scratch_of(tmp_path))

    with pytest.raises(MeasurementError) as caught:
        runner.prepare(bench(System(), "system_health"), BOTH)

    error = caught.value
    assert error.message == (
        "codec/parse looks at the machine itself, which is the same for base and head"
    )
    assert (error.absent, error.side) == (True, "base")


def test_it_watches_for_as_long_as_it_is_told(tmp_path: Path) -> None:
    clock = SystemClock()
    begun = clock.ticks()
    runner = SystemRunner(clock, scratch_of(tmp_path))

    runner.launch(order(bench(System(duration=0.4), "system_health")))

    assert clock.ticks() - begun >= 0.4


def test_what_cannot_be_seen_is_told_with_the_values(tmp_path: Path) -> None:
    kernel = Kernel(tmp_path)
    (tmp_path / "proc/self/schedstat").unlink()
    kernel.write("proc/self/cgroup", "")
    runner = SystemRunner(SystemClock(), scratch_of(tmp_path), tmp_path)

    report = runner.launch(order(bench(System(duration=0.05), "system_health")))

    assert len(report.warnings) == 2
    assert set(report.launches[Side.HEAD]) == {"system_health", "resource_utilization"}


def test_a_busy_machine_loses_points(tmp_path: Path) -> None:
    load = [
        subprocess.Popen([sys.executable, "-S", "-c", SPIN], stdout=subprocess.PIPE)
        for _ in range(2 * len(os.sched_getaffinity(0)))
    ]
    try:
        for each in load:
            assert each.stdout is not None
            each.stdout.readline()
        busy = seen(tmp_path)
    finally:
        for each in load:
            each.kill()
            each.communicate()

    processor = next(part for part in busy.parts if part.name == "processor")
    assert processor.score <= 10
    assert busy.utilization >= 0.9
    # the processor has 3 of 10 parts in the score
    assert busy.health <= 73


def test_this_machine_hides_nothing_from_a_look(tmp_path: Path) -> None:
    found = seen(tmp_path, 0.05)

    assert [part.name for part in found.parts] == ["processor", "memory", "disk", "scheduler"]
    assert not list(scratch_of(tmp_path).iterdir())
