"""`system_monitor`: this machine, by its counters, short sleeps and small durable writes."""

from pathlib import Path
from time import sleep

from perfci.facade.config import RegressionTestType
from perfci.facade.suite.components.offered import Offered, Offers
from perfci.model.benchmark import Benchmark
from perfci.model.measurement import Clock as Source
from perfci.model.measurement import Launch, Side
from perfci.model.work import System
from perfci.ports import Clock, LaunchOrder, LaunchReport
from perfci.runners.system.facts import SystemFacts
from perfci.runners.system.report import judge
from perfci.runners.system.watch import Watch

_LOOK = 0.25
"""Seconds that a launch watches the machine."""
_GLANCE = 0.02
"""Seconds after which it is known what can be seen of it."""
_SHORTEST = 1e-9
"""Seconds; a sleep that ended in time has no ratio to another."""
_OPERATIONS = {
    "machine": (RegressionTestType.SYSTEM_HEALTH, RegressionTestType.RESOURCE_UTILIZATION),
    "processor": (RegressionTestType.CPU_USAGE,),
    "memory": (RegressionTestType.MEMORY_USAGE,),
    "disk_write": (RegressionTestType.LATENCY,),
    "scheduler": (RegressionTestType.LATENCY,),
}


def offers(clock: Clock, scratch: Path, system: Path = Path("/")) -> Offers:
    """Return the tests of what can be seen of this machine.

    Args:
        clock: times sleeps and writes.
        scratch: folder on the disk to be tried.
        system: the root of /proc and /sys.
    """
    facts = Watch(clock, scratch, system).look(_GLANCE)
    seen = _values(facts)
    tests = (
        Offered(
            operation=operation,
            test_type=test_type,
            work=System(duration=_LOOK),
            reads=test_type if operation == "machine" else operation,
        )
        for operation, test_types in _OPERATIONS.items()
        for test_type in test_types
    )
    found = tuple(test for test in tests if test.reads in seen)
    left = [name for name in _OPERATIONS if name not in {test.operation for test in found}]
    why = f"{', '.join(left)} cannot be seen here: {'; '.join(facts.warnings)}"
    return Offers(tests=found, missing=(why,) if left else ())


class MachineRunner:
    """Watches the machine; a launch gives a value for each test of it.

    Args:
        clock: times sleeps and writes.
        scratch: folder on the disk to be tried; its owner removes it.
        system: the root of /proc and /sys.
    """

    def __init__(self, clock: Clock, scratch: Path, system: Path = Path("/")) -> None:
        self._watch = Watch(clock, scratch, system)

    def prepare(
        self,
        benchmark: Benchmark,  # noqa: ARG002 - there is one machine
        sides: tuple[Side, ...],  # noqa: ARG002 - and one side
    ) -> None:
        """Look at the machine once; see `Runner.prepare`."""
        self._watch.look(_GLANCE)

    def launch(self, order: LaunchOrder) -> LaunchReport:
        """Watch the machine for a moment; see `Runner.launch`."""
        work = order.benchmark.work
        assert isinstance(work, System)  # noqa: S101 - the suite names the runner by the work
        sleep(order.benchmark.cooldown)
        facts = self._watch.look(work.duration)
        launches = {
            name: Launch(
                number=order.number,
                stage=order.stage,
                position=order.position,
                clocks={source: (value,)},
            )
            for name, (source, value) in _values(facts).items()
        }
        return LaunchReport(launches=dict.fromkeys(order.sides, launches), warnings=facts.warnings)

    def close(self) -> None:
        """Do nothing: nothing runs between two launches."""


def _values(facts: SystemFacts) -> dict[str, tuple[Source, float]]:
    """Return what was seen, in base units, by the names that the tests read."""
    report = judge(facts)
    found = {
        "system_health": (Source.VALUE, report.health),
        "resource_utilization": (Source.VALUE, report.utilization),
        "scheduler": (Source.WALL, max(_SHORTEST, facts.scheduler.late)),
    }
    if facts.processors:
        found["processor"] = (Source.VALUE, 1 - facts.processors.idle)
    if facts.memory:
        used = facts.memory.total - facts.memory.available
        found["memory"] = (Source.VALUE, float(max(1, used)))
    if facts.disk and facts.disk.sync is not None:
        found["disk_write"] = (Source.WALL, max(_SHORTEST, facts.disk.sync))
    return found
