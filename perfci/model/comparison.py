"""What came out of comparing one series; statistical only, no policy."""

from dataclasses import dataclass
from enum import StrEnum

from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Clock
from perfci.model.metric import Metric


class Outcome(StrEnum):
    """What one comparison came to."""

    REGRESSED = "regressed"
    IMPROVED = "improved"
    UNCHANGED = "unchanged"
    INCONCLUSIVE = "inconclusive"
    NEW = "new"
    MISSING = "missing"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Bounds and their coverage in (0, 1)."""

    low: float
    high: float
    level: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A point value with its sample size (in launches)."""

    point: float
    """In the metric's base unit."""
    interval: Interval | None = None
    n: int
    method: str = "median of launch medians"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Head against base for one series."""

    id: BenchmarkId
    metric: Metric
    outcome: Outcome
    base: Estimate | None = None
    head: Estimate | None = None
    change: float | None = None
    """Signed: a ratio minus 1 (0.612 = +61.2 %), or a difference for absolute metrics."""
    interval: Interval | None = None
    """Of the change, in its own terms."""
    p_value: float | None = None
    """One-sided, for "worse by more than the margin"."""
    detectable: float | None = None
    """The smallest worsening that this data would have shown; same terms as `change`."""
    sensitivity: float = 0.05
    """What the measuring worked to see."""
    clock: Clock | None = None
    clock_reason: str = ""
    """Why that clock decided, in a few words."""
    launches: int = 0
    """Launches a side behind this answer, both stages together."""
    paired: bool = True
    beside: str = ""
    """What stands in for a base that could not be run, in words; empty where nothing has to."""
    weak: bool = False
    """True where the spread between launches or runs is supposed rather than measured."""
    needed: int | None = None
    """For `inconclusive`: launches a side that would probably decide; None where unknown."""
    by_rounds: bool = False
    """True where the rule takes no more of itself: `needed` is a number for `--rounds`."""
    pace: float | None = None
    """Seconds that a launch of all sides took on average; None where it is not known."""
    explanation: str = ""
    """For `failed`, `inconclusive` and weak evidence: the cause in plain words."""
    warnings: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Return the key of the series."""
        return self.id.series(self.metric.name)

    @property
    def worsening(self) -> float | None:
        """Return the change turned so that + is bad whichever way is better."""
        return None if self.change is None else self.change * self.metric.sign

    @property
    def time_needed(self) -> float | None:
        """Return the seconds of measuring that would probably decide; None where unknown."""
        if self.needed is None or self.pace is None:
            return None
        more = self.needed if self.by_rounds else max(self.needed - self.launches, 1)
        return more * self.pace
