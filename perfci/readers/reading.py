"""What a file of another tool says, before it becomes a run of ours."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import overload

from perfci.model.metric import Metric

Params = tuple[tuple[str, str], ...]
"""Names and values, in any order; hostile text."""


class Level(StrEnum):
    """What one launch of a series is in the tool's file, and so what its spread can tell."""

    PROCESS = "process"
    """A fresh process: pyperf's runs, JMH's forks, hyperfine's executions."""
    REPETITION = "repetition"
    """The benchmark anew in the same process: `-count`, `--benchmark_repetitions`."""
    ITERATION = "iteration"
    """None is: all values are rounds or iterations of one process, and make one launch."""
    NONE = "none"
    """None is: the file has one number of the series, a mean or a percentile."""


_NO_SIZES = array("q")
"""The same for all: nobody changes it."""


class Packed(Sequence[tuple[float, ...]]):
    """Launches whose values lie one after the other: a file may hold a million of them.

    Args:
        values: of all launches.
        sizes: how many of them each launch has; without any, each has one.
    """

    __slots__ = ("sizes", "values")

    def __init__(self, values: Iterable[float], sizes: Iterable[int] = ()) -> None:
        self.values = array("d", values)
        # of a list, an array takes no more than it needs
        self.sizes = array("q", list(sizes)) if sizes else _NO_SIZES

    def __len__(self) -> int:
        """Return how many launches there are."""
        return len(self.sizes) or len(self.values)

    def __iter__(self) -> Iterator[tuple[float, ...]]:
        """Yield the launches."""
        if not self.sizes:
            return zip(self.values, strict=False)
        values = iter(self.values)
        return (tuple(islice(values, size)) for size in self.sizes)

    @overload
    def __getitem__(self, place: int) -> tuple[float, ...]: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[tuple[float, ...], ...]: ...
    def __getitem__(self, place: int | slice) -> tuple[float, ...] | tuple[tuple[float, ...], ...]:
        """Return one launch, or several."""
        return tuple(self)[place]

    def __eq__(self, other: object) -> bool:
        """Return whether something holds the same launches."""
        return tuple(self) == (tuple(other) if isinstance(other, Packed) else other)

    def __hash__(self) -> int:
        """Return what equal launches have in common."""
        return hash(tuple(self))

    def __repr__(self) -> str:
        """Return how it is made."""
        return f"Packed({self.values.tolist()!r}, {self.sizes.tolist()!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One metric of one benchmark."""

    name: str
    """As the tool has it; hostile text."""
    params: Params = ()
    metric: Metric
    launches: Sequence[tuple[float, ...]]
    """In the metric's unit, at least one launch of at least one value each. A value that is not
    finite makes the benchmark a failed one."""
    level: Level
    iterations: int = 1
    """Executions of the work inside one value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A benchmark that the tool could not measure: never an absence."""

    name: str
    params: Params = ()
    reason: str
    """What the tool says of it, in a few words that follow `: `; hostile text."""
    metrics: tuple[Metric, ...] = ()
    """What would have been there; empty where the file does not tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What the file says of the machine; empty where it says nothing."""

    cpu: str = ""
    cores: int = 0
    """0 where it is not known."""
    kernel: str = ""
    interpreter: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    """Anything else worth showing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that one file says."""

    found: tuple[Found, ...]
    broken: tuple[Broken, ...] = ()
    machine: Machine = field(default_factory=Machine)
    commit: str = ""
    """Full hash, where the file has it."""
    branch: str = ""
    started_at: datetime | None = None
    """Aware; None where the file does not say."""
    left: tuple[str, ...] = ()
    """A sentence for each kind of thing that was left out; hostile text."""
