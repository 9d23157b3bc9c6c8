"""What was seen of a machine while it was watched; every figure may be unknown."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessorFacts:
    """The processors that perfci may use."""

    number: float
    """Processors; below 1 where a control group allows a part of one."""
    idle: float
    """Share of their time that was left, 0 to 1."""
    stolen: float = 0.0
    """Share that the hypervisor gave to other machines, 0 to 1."""
    throttled: float = 0.0
    """Share of the control group's periods in which it was stopped, 0 to 1."""
    limited: bool = False
    """Whether a control group sets the number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryFacts:
    """The memory that perfci may use."""

    total: int
    """Bytes, of the machine or of the control group's limit."""
    available: int
    """Bytes."""
    limited: bool = False
    """Whether a control group sets the total."""
    swap: int = 0
    """Bytes."""
    swap_used: int = 0
    """Bytes."""
    paged: int = 0
    """Bytes that were moved to or from swap meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskFacts:
    """The disk that perfci writes to."""

    size: int
    """Bytes that files can take."""
    free: int
    """Bytes."""
    sync: float | None
    """Median seconds until 4 kB are durable; None where nothing can be written."""
    trouble: str = ""
    """Why nothing can be written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchedulerFacts:
    """How soon a process runs once it could."""

    late: float
    """Seconds by which a sleep of 1 ms ended too late, 95th percentile."""
    wait: float | None
    """Mean seconds in the run queue each time; None where the kernel does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemFacts:
    """All that was seen."""

    scheduler: SchedulerFacts
    processors: ProcessorFacts | None = None
    memory: MemoryFacts | None = None
    disk: DiskFacts | None = None
    disk_busy: float | None = None
    """Share of the time in which the busiest disk had something to do, 0 to 1."""
    warnings: tuple[str, ...] = ()
    """What could not be seen, and what follows."""
