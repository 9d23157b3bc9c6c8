"""What is measured: name, unit, direction, and what may be supposed of its distribution."""

from dataclasses import dataclass
from enum import StrEnum


class Better(StrEnum):
    """The direction in which a metric improves."""

    LOWER = "lower"
    HIGHER = "higher"


class Assumption(StrEnum):
    """What may be supposed of a metric's distribution."""

    NOTHING = "nothing"
    NORMAL = "normal"
    EXACT = "exact"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A quantity with its unit and direction."""

    name: str
    """As in series keys: `latency`, `latency_p99`."""
    unit: str
    """Base unit of stored values: `s`, `B`, `1/s`, `ratio`, `count`, `score`."""
    better: Better
    """Which way is an improvement."""
    assumption: Assumption = Assumption.NOTHING
    """`exact` metrics are compared without statistics."""
    absolute: bool = False
    """True where a value may be 0: a change is then a difference, not a ratio."""

    @property
    def sign(self) -> int:
        """Return +1 where a larger value is worse, -1 where it is better."""
        return 1 if self.better is Better.LOWER else -1

    @property
    def timed(self) -> bool:
        """Return whether values are durations of work, read from one of several clocks."""
        return self.unit == "s" and self.name != "cpu_time"


_BUILT_IN = {
    metric.name: metric
    for metric in (
        Metric(name="latency", unit="s", better=Better.LOWER),
        Metric(name="cpu_time", unit="s", better=Better.LOWER),
        Metric(name="memory_usage", unit="B", better=Better.LOWER),
    )
}

MEASURED = tuple(_BUILT_IN)
"""Names of the metrics that perfci's own runners measure."""


def built_in(name: str) -> Metric | None:
    """Look a metric up by name; None where perfci does not know it."""
    return _BUILT_IN.get(name)
