"""The machine itself: how fit it is to measure on, as two metrics."""

from pathlib import Path
from time import sleep

from perfci.model.benchmark import Benchmark
from perfci.model.measurement import Clock as Source
from perfci.model.measurement import Launch, Side
from perfci.model.work import System
from perfci.ports import Clock, LaunchOrder, LaunchReport
from perfci.runners.failures import Subject
from perfci.runners.system.report import judge
from perfci.runners.system.watch import Watch

_GLANCE = 0.05
"""Seconds that the machine is watched before anything counts."""


class SystemRunner:
    """Watches the processors, the memory, the disk and the scheduler of this machine.

    `system_health` and `resource_utilization` are computed as `system_report` says.

    Args:
        clock: times sleeps and writes.
        scratch: folder on the disk to be tried; its owner removes it.
        system: the root of /proc and /sys.
    """

    def __init__(self, clock: Clock, scratch: Path, system: Path = Path("/")) -> None:
        self._watch = Watch(clock, scratch, system)

    def prepare(self, benchmark: Benchmark, sides: tuple[Side, ...]) -> None:
        """Look at the machine once; see `Runner.prepare`."""
        if Side.BASE in sides:
            raise Subject(benchmark=benchmark, side=Side.BASE, paired=False).error(
                "looks at the machine itself",
                after=", which is the same for base and head",
                absent=True,
            )
        self._watch.look(_GLANCE)

    def launch(self, order: LaunchOrder) -> LaunchReport:
        """Watch the machine for the work's duration; see `Runner.launch`."""
        work = order.benchmark.work
        assert isinstance(work, System)  # noqa: S101 - wiring names the runner by the work
        sleep(order.benchmark.cooldown)
        report = judge(self._watch.look(work.duration))
        found = {"system_health": report.health, "resource_utilization": report.utilization}
        launches = {
            name: Launch(
                number=order.number,
                stage=order.stage,
                position=order.position,
                clocks={Source.VALUE: (value,)},
            )
            for name, value in found.items()
        }
        return LaunchReport(launches=dict.fromkeys(order.sides, launches), warnings=report.warnings)

    def close(self) -> None:
        """Do nothing: nothing runs between two launches."""
