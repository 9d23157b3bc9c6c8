"""What another tool's history says, before it becomes runs of ours."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from perfci.model.identity import BenchmarkId
from perfci.model.metric import Metric
from perfci.model.run import Environment
from perfci.readers.source import Source

SUITE = "default"
"""Of benchmarks to which the tool gives none, as where its results are read one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One series in one run; the tool kept one number of it."""

    id: BenchmarkId
    metric: Metric
    value: float
    """In the metric's unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRun:
    """One run of the other tool."""

    tool: str
    commit: str
    """As the tool has it; empty where it does not say."""
    started_at: datetime
    """Aware."""
    environment: Environment
    """What the tool knows of the machine: never equal to one that perfci measured on."""
    values: tuple[Value, ...]
    branch: str = ""
    """Empty where the tool does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """All that was read, and what was not taken."""

    runs: tuple[PastRun, ...]
    """Oldest first."""
    left: tuple[str, ...] = ()
    """A sentence for each kind of thing that was left out or changed, hostile text."""


@dataclass(slots=True, kw_only=True)
class Leftovers:
    """Counts what is not taken, by the reason, and what is taken otherwise than it stands there."""

    found: dict[str, list[str]] = field(default_factory=dict)
    changed: dict[str, list[str]] = field(default_factory=dict)

    def add(self, reason: str, what: str) -> None:
        """Note one thing: `it is no finite number`, `bench_fib_10 of 1a2b3c4`."""
        self.found.setdefault(reason, []).append(what)

    def change(self, how: str, what: str) -> None:
        """Note one thing that is taken: `rates are taken as latencies`, `test_x`."""
        self.changed.setdefault(how, []).append(what)

    def sentences(self) -> tuple[str, ...]:
        """Return one sentence a reason, with how often and the first of them."""
        left = {f"left out because {reason}": items for reason, items in self.found.items()}
        return tuple(
            f"{len(items)} {what}, e.g. {items[0][:120]}"
            for what, items in (left | self.changed).items()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryFormat:
    """One tool's history."""

    name: str
    describes: str
    sniff: Callable[[bytes], bool]
    """Takes the file's first 4 KiB; says no rather than guess."""
    read: Callable[[tuple[Source, ...]], Past]
    """Takes all files of this format at once; raises FormatError."""
