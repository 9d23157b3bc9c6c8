"""What the measuring loop is given, and what it brings home."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from perfci.errors import WorktreeError
from perfci.measure.pool import Pooled
from perfci.model.benchmark import Benchmark
from perfci.model.history import Point
from perfci.model.measurement import Failure, Measurement
from perfci.model.run import Recording
from perfci.ports import Clock, Observer, Runner


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What the loop brought home."""

    head: tuple[Measurement, ...]
    base: tuple[Measurement, ...]
    failures: tuple[Failure, ...]
    fallen: tuple[Failure, ...] = ()
    """What base could not run: head was compared with stored runs instead."""
    pooled: Pooled = field(default_factory=Pooled)
    """What was taken in from earlier runs."""
    warnings: tuple[str, ...] = ()
    interrupted: bool = False
    """True where the user stopped it; what was measured is all here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruments:
    """What the loop measures with."""

    runner: Callable[[Benchmark], Runner]
    clock: Clock
    observer: Observer


@dataclass(frozen=True, slots=True, kw_only=True)
class Beforehand:
    """What is known before the first launch."""

    base: str = ""
    """Commit; with head's and the plan's seed it fixes every launch's chance."""
    head: str = ""
    broken: WorktreeError | None = None
    """Why nothing can be run on base; None where it is ready."""
    past: Mapping[str, tuple[Point, ...]] = field(default_factory=dict)
    """Stored points by series key, oldest first: what history mode compares with, and what stands
    in where base cannot run a benchmark."""
    earlier: Sequence[Recording] = ()
    """Runs of the same two commits in an equal environment."""
