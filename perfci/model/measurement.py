"""What was measured: launches of one benchmark on one side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from perfci.model.identity import BenchmarkId
from perfci.model.metric import Metric


class Side(StrEnum):
    """The two sides of a comparison; head is judged."""

    BASE = "base"
    HEAD = "head"


class Clock(StrEnum):
    """What a value was read from."""

    NET = "net"
    """Wall time without the time spent waiting in the scheduler's run queue."""
    CPU = "cpu"
    """User plus system time of the whole process tree."""
    WALL = "wall"
    """Elapsed time."""
    VALUE = "value"
    """Not a duration: bytes, a rate, a count."""


class Stage(StrEnum):
    """Why a launch was measured; confirmation never reuses launches that raised the suspicion."""

    SCREEN = "screen"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """The values of one metric from one fresh process (of one side).

    The launches of base and head with the same number were measured together, and value p of
    one belongs to value p of the other.
    """

    number: int
    """Counts from 1 within the benchmark and its run, through both stages."""
    stage: Stage
    position: int
    """Place in the order of all launches of the run, from 0."""
    clocks: Mapping[Clock, tuple[float, ...]]
    """Values per iteration in base units, by clock; all tuples are of one length P >= 1."""
    delay: tuple[float, ...] = ()
    """Seconds per iteration spent waiting in the run queue; empty where it cannot be read."""
    whole: bool = True
    """False where part of the truth escaped: of a duration, a process whose `delay` was not read;
    of a peak of memory, all below what the reading itself takes."""

    @property
    def size(self) -> int:
        """Return P, the number of values in each clock."""
        return len(next(iter(self.clocks.values()), ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """All launches of one series on one side."""

    id: BenchmarkId
    metric: Metric
    launches: Sequence[Launch]
    iterations: int = 1
    """Executions of the work inside one value."""
    warmups: int = 0
    """Values measured and thrown away before each launch's first."""
    gated: bool = True
    """False for what was recorded beside the metrics that were asked for."""
    details: tuple[str, ...] = ()
    """What was found out beside the values, a sentence each: which lines hold the memory."""
    sensitivity: float | None = None
    """The change that the measuring worked to see (0.05 = 5 %); None without a plan."""
    definition: str = ""
    """Digest of what was measured and how: launches of one definition may be pooled."""
    pace: float | None = None
    """Seconds that one launch of all sides took on average, with everything around it."""
    given: bool = False
    """True where something else has measured it before: no further launches can be had."""

    @property
    def key(self) -> str:
        """Return the key of the series."""
        return self.id.series(self.metric.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A benchmark that did not yield a measurement, and why."""

    id: BenchmarkId
    side: Side
    reason: str
    output: str = ""
    """The end of what it printed; hostile text."""
    metrics: tuple[Metric, ...] = ()
    """The gated metrics that are therefore not there."""
