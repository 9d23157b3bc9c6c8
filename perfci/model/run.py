"""One job's measurements and the machine they come from."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from perfci.model.measurement import Failure, Measurement
from perfci.model.revision import Mode, Revision
from perfci.model.shard import Shard


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """The machine facts under which numbers are comparable."""

    cpu: str
    """Model name of the processor."""
    cores: int
    """Processors that this process may use (affinity and quota counted in, at least 1).

    0 where the results are another tool's that does not tell.
    """
    kernel: str
    """System and version, major.minor only: `Linux 6.8`."""
    runner: str = ""
    """Image of the runner, where it names one."""
    interpreter: str = ""
    """Implementation and version of the interpreter that runs callables, major.minor."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """Anything else worth showing (memory, load, virtualisation); not part of the fingerprint."""

    @property
    def fingerprint(self) -> str:
        """Return 16 hex digits, equal for machines whose numbers may be compared."""
        parts = (self.cpu, str(self.cores), self.kernel, self.runner, self.interpreter)
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]

    def __str__(self) -> str:
        """Return the machine in a few words: `AMD EPYC 7763, 2 cores, Linux 6.8`."""
        plural = "" if self.cores == 1 else "s"
        cores = f"{self.cores} core{plural}" if self.cores else ""
        return ", ".join(filter(None, (self.cpu, cores, self.kernel)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """All measurements of one commit in one job."""

    id: str
    """Unique in the store and sorted by time: `20261123T065000Z-1a2b3c4d`."""
    commit: str
    """Full hash; empty outside a repository."""
    branch: str
    """Branch that the run belongs to; empty where it is not known."""
    dirty: bool = False
    """True where uncommitted changes were measured along."""
    started_at: datetime
    environment: Environment
    measurements: tuple[Measurement, ...]
    failures: tuple[Failure, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """All that was measured in one job, and how: what `run.json` holds.

    Whoever reads it later comes to the same outcomes as the job itself did.
    """

    project: str
    version: str
    """Of the perfci that measured."""
    mode: Mode
    mode_reason: str
    """Why this mode, in a few words."""
    seed: int
    rounds: int | None
    """Launches a side where they were fixed; None for the sequential rule."""
    head: Revision
    base: Revision | None
    run: Run
    base_run: Run | None
    partial: bool = False
    """True where only some of the configured benchmarks were asked for: the rest is not missed."""
    elapsed: float = 0.0
    """Seconds that the measuring took, everything included."""
    earlier: tuple[str, ...] = ()
    """Ids of runs of the same two commits whose launches are among these, oldest first."""
    compared: str = ""
    """Branch whose stored runs stand in where there is no base to measure."""
    shard: Shard | None = None
    """Which part of the suite this is; None for the whole, and for what was joined."""
    parts: "tuple[Recording, ...]" = ()
    """The shards that were joined to this, each decided by itself; never written to a file."""

    @property
    def attempt(self) -> int:
        """Return which measurement of these two commits this is, from 1."""
        return len(self.earlier) + 1
