"""What the core asks of the world; each family's implementations pass one set of contract tests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from perfci.errors import WorktreeError
from perfci.model.benchmark import Benchmark
from perfci.model.context import Context
from perfci.model.emission import Emission
from perfci.model.evaluation import Evaluation
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Launch, Side, Stage
from perfci.model.metric import Metric
from perfci.model.revision import Revision
from perfci.model.run import Environment


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchOrder:
    """One launch to measure: a fresh process of each side."""

    benchmark: Benchmark
    sides: tuple[Side, ...]
    """(BASE, HEAD) in paired mode, (HEAD,) else."""
    number: int
    """Counts from 1 within the benchmark."""
    stage: Stage
    position: int
    """Place in the order of the whole run, from 0."""
    seed: int
    """64 bits; decides the hash seed and the order within each pair, alike on a replay."""
    wanted: frozenset[str] = frozenset()
    """Names of the gated metrics that this launch is measured for; empty: of all. What costs a
    pass of its own (instruction counts) may be left out where it is not wanted."""

    def wants(self, metric: str) -> bool:
        """Return whether this launch has to yield a metric."""
        return self.benchmark.gates(metric) and (not self.wanted or metric in self.wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One benchmark of those that a tool measured in one launch, on one side."""

    id: BenchmarkId
    metrics: tuple[Metric, ...] = ()
    """What was measured of it."""
    launches: Mapping[str, tuple[Launch, ...]] = field(default_factory=dict)
    """By metric: one, or as many as there are where no more can be had."""
    failure: str = ""
    """Why the tool could not measure it; empty where it could."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchReport:
    """What one launch gave: per side, per metric name, its values."""

    launches: Mapping[Side, Mapping[str, Launch]]
    iterations: int = 1
    """Executions of the work inside one value."""
    details: Mapping[Side, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """What was found out beside the values, per side and metric; told once is enough."""
    warnings: tuple[str, ...] = ()
    """What the reader has to know of these values; equal ones are told once a run."""
    members: Mapping[Side, tuple[Member, ...]] = field(default_factory=dict)
    """What a tool measured, where the benchmark is one; `launches` is empty then."""
    final: bool = False
    """Whether this is all that can be had of the benchmark: it is not launched again."""
    checksums: Mapping[Side, frozenset[str]] = field(default_factory=dict)
    """Checksums of what was put out, in hexadecimal, where the benchmark asks for them: more than
    one of a side where its output did not repeat within the launch."""


class Runner(Protocol):
    """Measures launches of one kind of work. Lives for one run; may remember calibrations."""

    def prepare(self, benchmark: Benchmark, sides: tuple[Side, ...]) -> None:
        """Check that the work can be started on each side, and warm up once.

        In paired mode it also makes sure that the two sides really are two.

        Raises:
            MeasurementError: it cannot; says why and what to do.
            WorktreeError: both sides would run the same code.
        """
        ...

    def launch(self, order: LaunchOrder) -> LaunchReport:
        """Measure one fresh process of each side, the sides alternating value by value.

        Every process that was started has ended when this returns or raises, KeyboardInterrupt
        included.

        Raises:
            MeasurementError: the work failed, hung, or could not be started.
        """
        ...

    def close(self) -> None:
        """End whatever still runs; safe to call twice."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """A stored object and the version to name when replacing it."""

    data: bytes
    version: str


class Store(Protocol):
    """Keeps blobs under names like `v1/app/branches/main/history.json`."""

    url: str
    """As the user wrote it: `file:.perfci`."""
    swaps: bool
    """Whether `put` holds what it promises between writers. Where it does not, of two that replace
    one object at once the later wins; what is written once under a name of its own is safe."""

    @property
    def warnings(self) -> Sequence[str]:
        """Return what the reader has to know of this store; may grow with every call."""
        ...

    def get(self, name: str) -> Blob | None:
        """Return the blob, or None where there is none.

        Raises:
            StoreError: the store cannot be read.
        """
        ...

    def put(self, name: str, data: bytes, *, replaces: str | None) -> bool:
        """Write a blob whole or not at all, durably.

        Args:
            name: relative, forward slashes, no `..`.
            data: the bytes.
            replaces: version that must be there now; None: nothing may be there.

        Returns:
            False where something else is there: read again, merge, retry.

        Raises:
            StoreError: the store cannot be written.
        """
        ...

    def put_new(self, blobs: Mapping[str, bytes]) -> tuple[str, ...]:
        """Write blobs where nothing may be yet, in as few steps as the store can.

        Returns:
            The names where something is already; that is left as it is.

        Raises:
            StoreError: the store cannot be written; some of them may have been written by then.
        """
        ...

    def list(self, prefix: str) -> tuple[str, ...]:
        """Return the names that begin with `prefix`, sorted."""
        ...

    def delete(self, *names: str) -> None:
        """Remove blobs, and free their room; nothing happens where there are none.

        Raises:
            StoreError: one cannot be removed; those before may be gone by then.
        """
        ...

    def set_aside(self, name: str) -> str:
        """Move a damaged blob out of the way without losing it; return where it is now."""
        ...

    def close(self) -> None:
        """Bring what was put to where it stays; safe to call twice.

        Raises:
            StoreError: it could not be brought there.
        """
        ...


class Reporter(Protocol):
    """Draws an evaluation; decides nothing, sends nothing."""

    def render(self, evaluation: Evaluation) -> tuple[Emission, ...]:
        """Return what is to be said."""
        ...


class Sink(Protocol):
    """Delivers emissions of the kinds it knows, and lets the others pass."""

    def deliver(self, emission: Emission) -> None:
        """Say it.

        Raises:
            OSError: it could not be written; the caller warns.
            DeliveryError: a server did not take it; the caller warns.
        """
        ...


class Platform(Protocol):
    """A CI system."""

    def detect(self, environ: Mapping[str, str]) -> Context | None:
        """Return what its variables say, or None where this is another system."""
        ...


class Clock(Protocol):
    """Time: stamps and durations."""

    def now(self) -> datetime:
        """Return the aware time of day."""
        ...

    def ticks(self) -> float:
        """Return seconds on a clock that never jumps."""
        ...


class Probe(Protocol):
    """Looks at the machine."""

    def environment(self) -> Environment:
        """Return the facts under which this machine's numbers are comparable."""
        ...

    def doubts(self) -> tuple[str, ...]:
        """Return what could not be found out though the numbers depend on it."""
        ...


class Observer(Protocol):
    """Is told how the measuring goes; prints, or does not."""

    def phase(self, text: str) -> None:
        """Something long begins: `setting up base (a1b2c3d)`."""
        ...

    def launched(self, benchmark: str, *, done: int, doubtful: int, left: float | None) -> None:
        """A launch ended: its benchmark, launches so far, benchmarks in doubt, seconds left."""
        ...

    def warn(self, text: str) -> None:
        """Something is not as it should be, but perfci goes on."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where the two sides lie on disk."""

    roots: Mapping[Side, Path]
    """Root of each side's tree."""
    checkout: Path
    """The user's own tree: in paired mode nothing measured may come from it."""
    definitions: Path
    """The tree whose configuration and benchmark files hold for both sides (head's)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The sides, ready to be measured."""

    places: Places
    head: Revision
    base: Revision | None = None
    broken: WorktreeError | None = None
    """Why nothing can be run on base: it does not build; None where it is ready."""
    warnings: tuple[str, ...] = ()
