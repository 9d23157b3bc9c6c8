"""A machine's fitness, computed from what was seen of it.

The score is the weighted mean of four parts, each from 0 to 100; a part that cannot be seen is left
out, and told.

* processor, weight 3: the share of time that is idle less the share that is stolen, and no more
  than the share of the control group's periods without throttling.
* memory, weight 2: all from 25 % available on; less 25 for a swap that is full, and half of it
  while it pages.
* disk, weight 2: the worse of its room (all from 10 % or 5 GB free on) and of a durable write of
  4 kB (all up to 5 ms, none from 500 ms on).
* scheduler, weight 3: the worse of a sleep's delay (p95) and of the wait in the run queue (each all
  up to 0.25 ms, none from 25 ms on).

Between the two ends of a latency the points fall with its logarithm.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from perfci.runners.system.facts import (
    DiskFacts,
    MemoryFacts,
    ProcessorFacts,
    SchedulerFacts,
    SystemFacts,
)
from perfci.units import scale_for

_WEIGHTS = {"processor": 3, "memory": 2, "disk": 2, "scheduler": 3}
_LEAST = 1.0
"""A score of 0 has no ratio to another, and could not be compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemPart:
    """One part of a machine, judged."""

    name: str
    """`processor`, `memory`, `disk` or `scheduler`."""
    score: float
    """Points, 0 to 100."""
    found: str
    """What was seen, in one sentence without its end."""

    def __str__(self) -> str:
        """Return the part in one line: `memory: 23.6 GB of 25.3 GB available (100 of 100)`."""
        return f"{self.name}: {self.found} ({self.score:.0f} of 100)"


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemReport:
    """How fit a machine is to measure on."""

    health: float
    """Score, 1 to 100."""
    utilization: float
    """The largest of the processors' share, the memory's and the busiest disk's, 0 to 1."""
    parts: tuple[SystemPart, ...]
    """Those that could be seen."""
    warnings: tuple[str, ...] = ()
    """What could not be seen, and what follows."""


def judge(facts: SystemFacts) -> SystemReport:
    """Compute the score and the utilization of a machine."""
    parts = tuple(_parts(facts))
    weight = sum(_WEIGHTS[part.name] for part in parts)
    score = sum(_WEIGHTS[part.name] * part.score for part in parts) / weight
    return SystemReport(
        health=max(_LEAST, score),
        utilization=_utilization(facts),
        parts=parts,
        warnings=facts.warnings,
    )


def _utilization(facts: SystemFacts) -> float:
    shares = [0.0 if facts.disk_busy is None else facts.disk_busy]
    if facts.processors:
        shares.append(1 - facts.processors.idle)
    if facts.memory:
        shares.append(1 - facts.memory.available / facts.memory.total)
    return _share(max(shares))


def _parts(facts: SystemFacts) -> Iterator[SystemPart]:
    if facts.processors:
        yield _processor(facts.processors)
    if facts.memory:
        yield _memory(facts.memory)
    if facts.disk:
        yield _disk(facts.disk, facts.disk_busy)
    yield _scheduler(facts.scheduler)


def _processor(facts: ProcessorFacts) -> SystemPart:
    plural = "" if facts.number == 1 else "s"
    found = f"{_percent(facts.idle)} idle of {facts.number:.3g} processor{plural}"
    if facts.limited:
        found += " that the control group allows"
    if facts.stolen:
        found += f", {_percent(facts.stolen)} given to other machines"
    if facts.throttled:
        found += f", stopped in {_percent(facts.throttled)} of its periods"
    left = min(facts.idle - facts.stolen, 1 - facts.throttled)
    return SystemPart(name="processor", score=100 * _share(left), found=found)


def _memory(facts: MemoryFacts) -> SystemPart:
    scale = scale_for("B", facts.total)
    found = f"{scale.text(facts.available)} of {scale.text(facts.total)} available"
    if facts.limited:
        found += " within the control group's limit"
    swapped = facts.swap_used / facts.swap if facts.swap else 0.0
    score = 100 * _share(facts.available / facts.total / 0.25) - 25 * _share(swapped)
    if swapped:
        found += f", swap {_percent(swapped)} full"
    if facts.paged:
        found += ", and it pages"
        score /= 2
    return SystemPart(name="memory", score=max(0.0, score), found=found)


def _disk(facts: DiskFacts, busy: float | None) -> SystemPart:
    scale = scale_for("B", facts.size)
    found = f"{scale.text(facts.free)} of {scale.text(facts.size)} free"
    room = _share(facts.free / max(1.0, min(facts.size * 0.1, 5e9)))
    if facts.sync is None:
        return SystemPart(name="disk", score=0.0, found=f"{found}, but {facts.trouble}")
    found += f", a small durable write takes {scale_for('s', facts.sync).text(facts.sync)}"
    if busy is not None:
        found += f", busy {_percent(busy)} of the time"
    return SystemPart(name="disk", score=100 * min(room, _falling(facts.sync, 5e-3)), found=found)


def _scheduler(facts: SchedulerFacts) -> SystemPart:
    found = f"a sleep ends {scale_for('s', facts.late).text(facts.late)} late (p95)"
    points = _falling(facts.late, 0.25e-3)
    if facts.wait is not None:
        found += f", a processor is waited for {scale_for('s', facts.wait).text(facts.wait)}"
        points = min(points, _falling(facts.wait, 0.25e-3))
    return SystemPart(name="scheduler", score=100 * points, found=found)


def _falling(seconds: float, good: float) -> float:
    """Return 1 up to a good latency, 0 from a hundred times as much on."""
    return _share(1 - math.log(max(seconds, good) / good, 100))


def _share(value: float) -> float:
    return min(1.0, max(0.0, value))


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
