"""What will be measured, compared with what, by which rules; and what that was decided from."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from perfci.gate.accept import Acceptance
from perfci.gate.limits import sensitivity_of
from perfci.gate.policy import Policy
from perfci.model.benchmark import Benchmark
from perfci.model.context import Context
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Side
from perfci.model.revision import Mode
from perfci.model.shard import Place, Shard
from perfci.model.work import Function
from perfci.stats.series import Design


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the caller asked for beside the settings."""

    names: tuple[str, ...] = ()
    """Benchmarks by name or `suite/name`."""
    globs: tuple[str, ...] = ()
    """From `--select`."""
    shard: Place | None = None
    """Which part of them this job measures; None for all."""
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What is known of the place before measuring."""

    context: Context
    folder: str
    """Name of the project's folder: the last resort for the project's name."""
    branch: str = ""
    """The branch that the run belongs to."""
    in_repository: bool = False
    compared: str = ""
    """The branch whose stored runs head is compared with, or beside: the one that `--base` names,
    else a pull request's target, else its own."""
    comparable_runs: int = 0
    """Stored runs of that branch that a series can be compared with, at most."""
    store: str = ""
    """As the user wrote it."""
    today: date = date.min
    """The day on which acceptances must hold."""
    accepted: tuple[Acceptance, ...] = ()
    """What commits and the pull request's label accept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outputs:
    """What is written, and where."""

    folder: str
    html: bool
    charts: bool
    """Whether pictures are files of their own, too."""
    png: bool = False
    """Whether those are of dots instead of lines."""
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that the run will do; `perfci run --dry-run` prints it."""

    project: str
    mode: Mode
    mode_reason: str
    seed: int
    benchmarks: tuple[Benchmark, ...]
    policy: Policy
    design: Design
    max_time: float
    """Seconds for all measuring."""
    base: str
    """Ref or commit to compare with; empty outside paired mode."""
    setup: tuple[str, ...] | None
    """Command run once in each side before measuring."""
    setup_timeout: float
    interpreter: str | None
    store: str
    branch: str
    compared: str = ""
    """Branch whose stored runs head is compared with, or beside which it is shown."""
    context: Context
    updates_baseline: bool
    within: Mapping[BenchmarkId, tuple[str, ...]] = field(default_factory=dict)
    """By tool of which not all was asked for, the globs that its benchmarks have to match."""
    renamed: Mapping[str, str] = field(default_factory=dict)
    """New `suite/benchmark` by old."""
    outputs: Outputs
    settings: Mapping[str, str]
    """What decided, as text, for the reports."""
    warnings: tuple[str, ...] = ()
    shard: Shard | None = None
    """Which part of the suite this is; None for the whole. It may have no benchmarks."""

    @property
    def sides(self) -> tuple[Side, ...]:
        """Return the sides that are measured."""
        return (Side.BASE, Side.HEAD) if self.mode is Mode.PAIRED else (Side.HEAD,)

    @property
    def definitions(self) -> tuple[str, ...]:
        """Return the files of named callables: they come from head on both sides."""
        works = (item.work for item in self.benchmarks)
        paths = {path for work in works if isinstance(work, Function) for path in work.paths}
        return tuple(sorted(paths))

    def definition(self, benchmark: Benchmark) -> str:
        """Return a digest of what is measured and how, limits and gated metrics left out.

        Launches of two runs may be pooled where it is equal.
        """
        what = replace(benchmark, metrics=(), timeout=0.0, cooldown=0.0, source="")
        text = repr((what, self.setup, self.interpreter))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def sensitivity(self, key: str) -> float:
        """Return the change that measuring must see for a series."""
        return sensitivity_of(self.policy, key)
