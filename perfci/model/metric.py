"""What is measured: name, unit, direction, and what may be supposed of its distribution."""

from dataclasses import dataclass, replace
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


_LOWER, _HIGHER = Better.LOWER, Better.HIGHER
_BUILT_IN = {
    metric.name: metric
    for metric in (
        Metric(name="latency", unit="s", better=_LOWER),
        Metric(name="cpu_time", unit="s", better=_LOWER),
        Metric(name="cpu_usage", unit="ratio", better=_LOWER, absolute=True),
        Metric(name="memory_usage", unit="B", better=_LOWER),
        Metric(name="instructions", unit="count", better=_LOWER, assumption=Assumption.EXACT),
        Metric(
            name="startup_instructions", unit="count", better=_LOWER, assumption=Assumption.EXACT
        ),
        Metric(name="throughput", unit="1/s", better=_HIGHER),
        Metric(name="error_rate", unit="ratio", better=_LOWER, absolute=True),
        Metric(name="generator_usage", unit="ratio", better=_LOWER, absolute=True),
        Metric(name="ai_response_time", unit="s", better=_LOWER),
        Metric(name="time_to_first_token", unit="s", better=_LOWER),
        Metric(name="tokens_per_second", unit="1/s", better=_HIGHER),
        Metric(name="ha_integration", unit="s", better=_LOWER),
        Metric(name="ha_api", unit="s", better=_LOWER),
        Metric(name="ha_states", unit="s", better=_LOWER),
        Metric(name="ha_ping", unit="s", better=_LOWER),
        Metric(name="ha_call", unit="s", better=_LOWER),
        Metric(name="ha_event", unit="s", better=_LOWER),
        Metric(name="system_health", unit="score", better=_HIGHER),
        Metric(name="resource_utilization", unit="ratio", better=_LOWER, absolute=True),
    )
}

PERCENTILES = {"p50": 50.0, "p75": 75.0, "p90": 90.0, "p95": 95.0, "p99": 99.0, "p999": 99.9}
"""Endings of the metrics that are percentiles of another: `latency_p99`."""


def built_in(name: str) -> Metric | None:
    """Look a metric or one of its percentiles up by name; None where perfci does not know it."""
    found = _BUILT_IN.get(stem(name))
    return replace(found, name=name) if found else None


def stem(name: str) -> str:
    """Return what a metric is a percentile of: `latency` for `latency_p99`; else its own name."""
    whole, _, ending = name.rpartition("_")
    return whole if whole and ending in PERCENTILES else name
