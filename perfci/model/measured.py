"""Which metrics each kind of work yields, and which of them gate where none is named."""

from dataclasses import dataclass

from perfci.model.metric import PERCENTILES
from perfci.model.work import (
    Ai,
    Command,
    Function,
    HomeAssistant,
    Http,
    Results,
    System,
    Tool,
    Work,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Yield:
    """The metrics of one kind of work, by name."""

    usual: tuple[str, ...]
    """What gates where the benchmark names none."""
    all: tuple[str, ...]


def _with_percentiles(*names: str) -> tuple[str, ...]:
    return tuple(each for name in names for each in (name, *(f"{name}_{p}" for p in PERCENTILES)))


_PROCESS = ("latency", "cpu_time", "cpu_usage", "memory_usage", "instructions")
_SERVER = ("cpu_time", "memory_usage")
"""Of a server that perfci itself has started."""

YIELDS: dict[type[Work], Yield] = {
    Command: Yield(usual=("latency",), all=_PROCESS),
    Function: Yield(usual=("latency",), all=_PROCESS),
    Http: Yield(
        usual=("latency", "error_rate"),
        all=(*_with_percentiles("latency"), "throughput", "error_rate", *_SERVER),
    ),
    Ai: Yield(
        usual=("ai_response_time", "error_rate"),
        all=(
            *_with_percentiles("ai_response_time", "time_to_first_token"),
            "tokens_per_second",
            "error_rate",
            *_SERVER,
        ),
    ),
    HomeAssistant: Yield(
        usual=("ha_integration", "error_rate"),
        all=(
            *_with_percentiles("ha_integration"),
            *("ha_api", "ha_states", "ha_ping", "ha_call", "ha_event"),
            "error_rate",
            *_SERVER,
        ),
    ),
    System: Yield(usual=("system_health",), all=("system_health", "resource_utilization")),
    # whatever their files hold
    Tool: Yield(usual=(), all=()),
    Results: Yield(usual=(), all=()),
}

MEASURED = tuple(dict.fromkeys(name for each in YIELDS.values() for name in each.all))
"""Names of all metrics that perfci's own runners measure."""
SERVER_METRICS = frozenset(_SERVER)
"""Those that need a `service`, where the work asks a server."""
