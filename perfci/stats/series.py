"""What is to be decided: one series with its launches, and how surely."""

from collections.abc import Sequence
from dataclasses import dataclass

from perfci.model.history import Point
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Launch
from perfci.model.metric import Metric
from perfci.model.revision import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """How a run decides, over all its series together."""

    mode: Mode
    rounds: int | None = None
    """Launches a side where they are fixed; None for the sequential rule."""
    alpha: float = 0.01
    """Chance of any false `regressed` in the whole run, over every series in it."""
    level: float = 0.95
    """Coverage of the intervals that are reported."""
    partial: bool = False
    """True where only some benchmarks were asked for: what is not there is not missing."""
    confirms: bool = True
    """Only of history mode: False where no fresh launches can be had to confirm a suspicion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One metric of one benchmark, as far as it has been measured."""

    id: BenchmarkId
    metric: Metric
    sensitivity: float
    """The worsening to be seen: 0.05 = 5 %; for absolute metrics in base units."""
    base: Sequence[Launch]
    """Empty in history and record mode."""
    head: Sequence[Launch]
    given: bool = False
    """True where something else has measured it before: no further launches can be had."""
    alone: bool = False
    """Only of paired mode: True where base does not have it, or cannot run it."""
    past: tuple[Point, ...] = ()
    """Comparable stored points, oldest first, without regressed ones; of all levels, parted as
    `points.by_level` says. In paired mode only of a series that base cannot run: they stand in."""

    @property
    def key(self) -> str:
        """Return the key of the series."""
        return self.id.series(self.metric.name)
