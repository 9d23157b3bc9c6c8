"""One series over many commits, and what became of it: level changes, episodes, drift."""

from dataclasses import dataclass
from datetime import datetime

from perfci.model.comparison import Interval
from perfci.model.metric import Better


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One value of a series."""

    commit: str
    """As the source names it: hostile text, may be empty or abbreviated."""
    time: datetime | None
    """Aware; None where the source does not say."""
    value: float
    """In the series' unit; finite."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """A series in the order of its commits, the oldest first."""

    name: str
    """Key of the series, or the source's own name: hostile text."""
    unit: str
    better: Better
    spots: tuple[Spot, ...]

    @property
    def sign(self) -> int:
        """Return +1 where a larger value is worse, -1 where it is better."""
        return 1 if self.better is Better.LOWER else -1


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelChange:
    """A step from one level to another that stayed."""

    index: int
    """Of the first spot on the new level."""
    commit: str
    """Of that spot: the change came with it, or after the spot before it."""
    before: float
    """Median of the level before, in the series' unit."""
    after: float
    """Median of the level after; or the one before as it moved, where the median misleads."""
    change: float
    """after / before - 1; a difference where values may be 0."""
    p_value: float

    def worse(self, timeline: Timeline) -> bool:
        """Return whether it is for the worse."""
        return self.change * timeline.sign > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """A while on another level, after which the old one came back."""

    first: int
    """Index of its first spot."""
    last: int
    """Index of its last spot."""
    change: float
    """Of its median against the level around it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """A drift without a step, over the last stretch that has no level change."""

    first: int
    """Index of the first spot of that stretch; it ends with the series."""
    slope: float
    """Relative change per spot: 0.001 = 0.1 %."""
    interval: Interval
    """Of the slope."""
    change: float
    """Over the whole stretch."""
    p_value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What became of one series."""

    timeline: Timeline
    changes: tuple[LevelChange, ...] = ()
    """In the order of time."""
    episodes: tuple[Episode, ...] = ()
    trend: Trend | None = None
    """None where none is shown, or the stretch is too short to tell."""
    noise: float = 0.0
    """Standard deviation around its levels, relative: 0.02 = 2 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one commit did to one series."""

    name: str
    change: LevelChange
    worse: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Culprit:
    """A commit and all that changed with it."""

    commit: str
    time: datetime | None
    shares: tuple[Share, ...]
    """The largest worsening first."""
    damage: float
    """Sum of the logarithms of all worsenings: 0.0 where everything got better."""
