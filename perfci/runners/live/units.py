"""In which units the Python API takes and shows values; inside perfci they are in base units."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit as people write it."""

    name: str
    """`ms`, `1/s`, `MB`, `%`; empty for a score."""
    factor: float
    """Base units in one of it."""
    most: float | None = None
    """No value is larger; None where there is no such bound."""


_MILLISECONDS = Unit(name="ms", factor=1e-3)
UNITS = {
    "latency": _MILLISECONDS,
    "ai_response_time": _MILLISECONDS,
    "ha_integration": _MILLISECONDS,
    "throughput": Unit(name="1/s", factor=1.0),
    "memory_usage": Unit(name="MB", factor=1e6),
    "cpu_usage": Unit(name="%", factor=0.01),
    "error_rate": Unit(name="%", factor=0.01, most=100.0),
    "resource_utilization": Unit(name="%", factor=0.01),
    "system_health": Unit(name="", factor=1.0, most=100.0),
}
"""By metric."""
