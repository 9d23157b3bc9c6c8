"""One of the parts into which a suite is split, each measured by a job of its own."""

from dataclasses import dataclass

from perfci.model.identity import BenchmarkId
from perfci.model.metric import Metric


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which of how many."""

    index: int
    """From 1."""
    count: int

    def __str__(self) -> str:
        """Return `shard 2 of 4`."""
        return f"shard {self.index} of {self.count}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A benchmark that one of the shards measures."""

    id: BenchmarkId
    metrics: tuple[Metric, ...]
    """The gated ones, at least one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """A job's part of a suite, and all that it knows of the others."""

    place: Place
    plan: str
    """Digest of what all shards must agree on; see `plan.shards`."""
    suite: tuple[Planned, ...]
    """The benchmarks of all shards together, sorted."""
    complete: bool = True
    """False where the job was interrupted before the rule had decided."""
